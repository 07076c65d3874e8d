package io.xinglin.ledger;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Orders: makes a block of transactions that waited. For one thread.
///
/// That what contracts take for new is new, the unique indexes tell for nothing; only when one objects, the writer looks
/// which transactions are to blame.
final class BlockWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockWriter.class);
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int CAUTIOUS_BLOCKS = 100;

    private final Chain chain;
    private final WorldState state;
    private final BlockStore store;
    private final BlockSigner signer;
    private final HeadFile headFile;
    private final InstantSource clock;

    private BlockHeader head;
    private RecentWrites recent;
    private BlockLimits limits;
    private boolean headIsCertain = true;
    private int cautiousBlocks;

    BlockWriter(
            Chain chain,
            BlockHeader head,
            WorldState state,
            BlockStore store,
            BlockSigner signer,
            HeadFile headFile,
            InstantSource clock) {
        this.chain = chain;
        this.state = state;
        this.store = store;
        this.signer = signer;
        this.headFile = headFile;
        this.clock = clock;
        this.head = head;
        this.recent = new RecentWrites(head.height());
        this.limits = BlockLimits.after(state);
    }

    /// When the next block is cut.
    BlockLimits limits() {
        return limits;
    }

    /// Writes what of a batch can be ordered, and tells everyone in it.
    ///
    /// @return whether the ledger may go on
    boolean write(List<Pending> batch) {
        try {
            makeHeadCertain();
            commit(cautiousBlocks > 0 ? withoutBrokenTrust(batch) : batch);
            cautiousBlocks = Math.max(0, cautiousBlocks - 1);
        } catch (LedgerCorrupted e) {
            LOG.error("the ledger stops: {}", e.getMessage());
            abandon(batch, e);
            return false;
        } catch (SQLException | RuntimeException e) {
            LOG.warn("a block could not be written: {}", e.getMessage());
            headIsCertain = false;
            abandon(batch, e);
        }
        return true;
    }

    private void commit(List<Pending> batch) throws SQLException {
        try {
            commitTrusting(batch);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            cautiousBlocks = CAUTIOUS_BLOCKS;
            var rest = withoutBrokenTrust(batch);
            if (rest.size() == batch.size()) {
                findOutWhoWasFaster(e);
            }
            commitTrusting(rest);
        }
    }

    /// A block that was thought lost may have been committed after all; anything else is not ours.
    private void findOutWhoWasFaster(SQLException violation) {
        var before = head;
        headIsCertain = false;
        makeHeadCertain();
        if (head.equals(before)) {
            throw new LedgerCorrupted("someone else writes to the tables of the ledger", violation);
        }
    }

    private void commitTrusting(List<Pending> batch) throws SQLException {
        var draft =
                new BlockDraft(head.height(), time(batch), clock.millis(), recent, state::range);
        batch.forEach(draft::add);
        if (!draft.transactions().isEmpty()) {
            save(draft);
        }
        draft.judged().forEach(it -> it.pending().verdict().complete(it.verdict()));
    }

    private void save(BlockDraft draft) throws SQLException {
        var header = draft.header(head);
        store.write(Block.sign(header, signer), draft);
        recent.add(header.number(), draft.written());
        headFile.keep(header);
        state.publish(header.height(), draft);
        head = header;
        if (draft.changesParameters()) {
            limits = BlockLimits.after(state);
        }
    }

    /// Writes the next block as it was agreed on elsewhere, even an empty one.
    ///
    /// @param timeMillis its time, unless the block before is of a later one
    /// @param content fills it
    /// @throws SQLException if it is not known whether it was written
    void append(long timeMillis, Consumer<BlockDraft> content) throws SQLException {
        makeHeadCertain();
        var time = Math.max(head.timeMillis(), timeMillis);
        // By what clock it could be too late was settled where it was agreed on.
        var draft = new BlockDraft(head.height(), time, 0, recent, state::range);
        content.accept(draft);
        try {
            save(draft);
        } catch (SQLException | RuntimeException e) {
            headIsCertain = false;
            throw e;
        }
    }

    /// Sends those away whose simulation took something for new that is not.
    private List<Pending> withoutBrokenTrust(List<Pending> batch) throws SQLException {
        var ids = batch.stream().map(pending -> pending.transaction().id()).toList();
        var committed = store.committed(ids);
        var keys = new HashSet<String>();
        batch.forEach(pending -> keys.addAll(pending.keysTakenForNew()));
        var existing = store.existing(keys);
        var rest = new ArrayList<Pending>();
        for (var pending : batch) {
            if (committed.contains(pending.transaction().id())
                    || pending.keysTakenForNew().stream().anyMatch(existing::contains)) {
                pending.verdict().complete(new Verdict.RunAgain());
            } else {
                rest.add(pending);
            }
        }
        return rest;
    }

    /// Never before the previous block, nor before a transaction in it.
    private long time(List<Pending> batch) {
        var latest = Math.max(head.timeMillis(), clock.millis());
        for (var pending : batch) {
            latest = Math.max(latest, pending.timeMillis());
        }
        return latest;
    }

    /// After a failure in between, what the database says counts.
    private void makeHeadCertain() {
        if (headIsCertain) {
            return;
        }
        store.close();
        head = chain.verifiedHead();
        recent = new RecentWrites(head.height());
        state.reload(head.height());
        limits = BlockLimits.after(state);
        headIsCertain = true;
    }

    @Override
    public void close() {
        store.close();
    }

    /// Tells everyone in a batch that it is not known what became of it.
    static void abandon(List<Pending> batch, Exception cause) {
        batch.forEach(pending -> pending.verdict().complete(new Verdict.Unclear(cause)));
    }
}
