package io.xinglin.ledger;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Versioned;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The ledger as it lies there, block by block: for those who look at it. Those who decide by it ask [Ledger].
@Component
public class Blocks {
    private final LedgerTables tables;
    private final Chain chain;

    Blocks(LedgerTables tables, Chain chain) {
        this.tables = tables;
        this.chain = chain;
    }

    /// How many transactions there are.
    public long transactions() {
        return tables.countTransactions();
    }

    /// What a block says of itself.
    ///
    /// @param number the first block is 0
    /// @param hash of its header; the next block names it
    /// @param time when it was made
    /// @param transactions how many
    /// @param previousHash the hash of the header before it
    /// @param transactionsRoot the RFC 6962 root over its transactions
    /// @param stateDigest what all writes so far add up to
    /// @param header the exact text that is hashed and signed
    /// @param signature over the header, base64url
    public record Head(
            long number,
            String hash,
            Instant time,
            int transactions,
            String previousHash,
            String transactionsRoot,
            String stateDigest,
            String header,
            String signature) {
        static Head of(Block block) {
            var header = block.header();
            return new Head(
                    header.number(),
                    BlockHeader.hex(header.hash()),
                    Instant.ofEpochMilli(header.timeMillis()),
                    header.transactions(),
                    BlockHeader.hex(header.previousHash()),
                    BlockHeader.hex(header.transactionsRoot()),
                    BlockHeader.hex(header.stateDigest()),
                    new String(header.bytes(), StandardCharsets.UTF_8),
                    block.signature());
        }
    }

    /// Some blocks, from this number on.
    public List<Head> heads(long from, int count) {
        return tables.blocks(from, count).stream().map(Head::of).toList();
    }

    /// One block.
    public Optional<Head> head(long number) {
        return tables.block(number).map(Head::of);
    }

    /// Some transactions of a block, from a place on.
    public List<TransactionView> transactions(long block, int from, int count) {
        return tables.transactionsOf(block, from, count).stream().map(TransactionView::of).toList();
    }

    /// The transaction of this id; of several, the one that counts.
    public Optional<TransactionView> transaction(TransactionId id) {
        return tables.transaction(id).map(TransactionView::of);
    }

    /// What can be checked of one block by itself and its neighbours.
    ///
    /// @param follows whether it names the hash of the block before it
    /// @param signed whether the ledger's block key signed it
    /// @param complete whether its transactions are those it was signed for
    /// @param confirmed whether the next block names its hash; empty for the last one
    public record Seal(
            boolean follows, boolean signed, boolean complete, Optional<Boolean> confirmed) {
        /// Whether nothing is wrong.
        public boolean holds() {
            return follows && signed && complete && confirmed.orElse(true);
        }
    }

    /// Checks one block.
    public Optional<Seal> seal(long number) {
        return tables.block(number).map(this::seal);
    }

    private Seal seal(Block block) {
        var header = block.header();
        var transactions = tables.transactionsOf(header.number());
        return new Seal(
                follows(header),
                chain.isSigned(block),
                OrderedTransaction.root(transactions).equals(header.transactionsRoot()),
                tables.block(header.height())
                        .map(next -> next.header().previousHash().equals(header.hash())));
    }

    /// A restored ledger may begin later; then the signature of its snapshot stands for what came before.
    private boolean follows(BlockHeader header) {
        var before = tables.block(header.number() - 1).map(Block::header);
        if (before.isEmpty() && header.number() > 0) {
            return tables.base().isPresent();
        }
        var expected = before.orElseGet(() -> BlockHeader.none(chain.ledger())).hash();
        return header.previousHash().equals(expected);
    }

    /// An anchor, and the block that has it.
    ///
    /// @param anchor what was anchored
    /// @param block the number of the block
    /// @param time of the block
    public record Anchored(Anchor anchor, long block, Instant time) {}

    /// The last anchors of a member's log, the newest first.
    public List<Anchored> anchors(MemberId member, int count) {
        return tables.lastStates(StateKeys.anchors(member), count).stream()
                .map(this::anchored)
                .toList();
    }

    /// The first anchor of a member's log that covers so many entries.
    public Optional<Anchored> anchorCovering(MemberId member, long size) {
        return tables.firstState(StateKeys.anchor(member, size), StateKeys.anchors(member))
                .map(this::anchored);
    }

    private Anchored anchored(Versioned row) {
        var block = row.version().block();
        return new Anchored(Anchor.parse(row.value()), block, time(block));
    }

    /// The block that last said something about a key.
    public Optional<Head> lastSaidOf(KeyId key) {
        return tables.state(StateKeys.key(key)).flatMap(row -> head(row.version().block()));
    }

    private Instant time(long block) {
        return tables.block(block)
                .map(found -> Instant.ofEpochMilli(found.header().timeMillis()))
                .orElse(Instant.EPOCH);
    }
}
