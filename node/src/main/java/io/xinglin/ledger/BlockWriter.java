package io.xinglin.ledger;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that orders: all transactions that wait become the next block.
///
/// While one block is on its way to disk the next ones gather, so the more is asked for the larger the blocks get. That what
/// contracts take for new is new, the unique indexes tell for nothing; only when one objects, the writer looks which
/// transactions are to blame.
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
    private final WaitingLine waiting = new WaitingLine();
    private final Thread thread = new Thread(this::run, "ledger-writer");

    private BlockHeader head;
    private RecentWrites recent;
    private BlockLimits limits;
    private boolean headIsCertain = true;
    private int cautiousBlocks;
    private volatile boolean closed;

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

    void start() {
        thread.start();
    }

    /// Whether no more transactions are let in for now.
    boolean isFull() {
        return waiting.isFull();
    }

    /// Lets a transaction wait for the next block, unless as many wait as may.
    boolean order(Pending pending) {
        var waits = waiting.offer(pending);
        if (closed) {
            abandonAll();
        }
        return waits;
    }

    /// Stops after the block that is being written.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private void run() {
        try {
            while (!closed) {
                write(waiting.take(limits));
            }
        } catch (InterruptedException e) {
            LOG.debug("the ledger stops");
        } finally {
            // Whatever ends this thread, nobody waits for it in vain.
            closed = true;
            abandonAll();
        }
    }

    private void write(List<Pending> batch) {
        try {
            makeHeadCertain();
            commit(cautiousBlocks > 0 ? withoutBrokenTrust(batch) : batch);
            cautiousBlocks = Math.max(0, cautiousBlocks - 1);
        } catch (LedgerCorrupted e) {
            LOG.error("the ledger stops: {}", e.getMessage());
            closed = true;
            abandon(batch, e);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("a block could not be written: {}", e.getMessage());
            headIsCertain = false;
            abandon(batch, e);
        }
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
        draft.judged().forEach(it -> it.pending().verdict().complete(it.verdict()));
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

    private void abandonAll() {
        abandon(waiting.empty(), new IllegalStateException("the ledger is closed"));
    }

    private static void abandon(List<Pending> batch, Exception cause) {
        batch.forEach(pending -> pending.verdict().complete(new Verdict.Unclear(cause)));
    }
}
