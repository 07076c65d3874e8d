package io.xinglin.ledger;

import io.xinglin.contracts.Contracts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/// Writes a ledger as it stands after its last block.
///
/// First come the blocks whose transactions might still be submitted again, so that they are known when they are; then every
/// key in its order; then the signed statement.
final class SnapshotWriter {
    static final String FIRST_LINE = "xinglin-ledger-snapshot/1";
    private static final int PAGE = 100;

    private final long nowMillis;
    private final LedgerTables tables;
    private final BlockSigner signer;
    private final Writer out;

    SnapshotWriter(LedgerTables tables, BlockSigner signer, long nowMillis, Writer out) {
        this.nowMillis = nowMillis;
        this.tables = tables;
        this.signer = signer;
        this.out = out;
    }

    SnapshotStatement write() throws IOException {
        var head =
                tables.head()
                        .map(Block::header)
                        .orElseThrow(() -> new BadSnapshot("the ledger has no blocks"));
        out.write(FIRST_LINE + "\n");
        writeBlocks(tables.lastBlockBefore(over(head, nowMillis)), head.number());
        var hash = new StateHash();
        tables.forEachState(
                (key, value) -> {
                    hash.add(key, value);
                    print(SnapshotStatement.line(key, value));
                });
        var statement =
                new SnapshotStatement(
                        head.ledger(), head.number(), head.hash(), hash.count(), hash.value());
        print("snapshot\t" + statement.text() + "\t" + statement.sign(signer) + "\n");
        return statement;
    }

    /// Transactions in blocks before this time can no longer be submitted. A block's time is ahead if a clock once was.
    static long over(BlockHeader head, long nowMillis) {
        return Math.min(head.timeMillis(), nowMillis) - Contracts.LIFETIME_MAX.toMillis();
    }

    private void writeBlocks(long first, long last) {
        for (var from = first; from <= last; from += PAGE) {
            for (var block : tables.blocks(from, PAGE)) {
                print("block\t" + block.header().text() + "\t" + block.signature() + "\n");
                for (var transaction : tables.transactionsOf(block.header().number())) {
                    print(
                            "transaction\t"
                                    + transaction.timeMillis()
                                    + "\t"
                                    + transaction.validity().word()
                                    + "\t"
                                    + transaction.jws()
                                    + "\n");
                }
            }
        }
    }

    private void print(String line) {
        try {
            out.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
