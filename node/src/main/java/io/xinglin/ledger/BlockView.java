package io.xinglin.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// A block as `/ledger/blocks` shows it.
///
/// @param header the exact text that is hashed and signed
record BlockView(
        long number,
        String hash,
        Instant time,
        String previousHash,
        String transactionsRoot,
        String stateDigest,
        String header,
        String signature,
        List<Entry> transactions) {
    /// A transaction in the list of its block.
    record Entry(
            int index,
            String id,
            String validity,
            String contract,
            String function,
            String signer) {
        static Entry of(OrderedTransaction transaction) {
            var signed = transaction.signed();
            return new Entry(
                    transaction.index(),
                    transaction.id().value(),
                    transaction.validity().word(),
                    signed.command().contract(),
                    signed.command().function(),
                    signed.signer().value());
        }
    }

    static BlockView of(Block block, List<OrderedTransaction> transactions) {
        var header = block.header();
        return new BlockView(
                header.number(),
                BlockHeader.hex(header.hash()),
                Instant.ofEpochMilli(header.timeMillis()),
                BlockHeader.hex(header.previousHash()),
                BlockHeader.hex(header.transactionsRoot()),
                BlockHeader.hex(header.stateDigest()),
                new String(header.bytes(), StandardCharsets.UTF_8),
                block.signature(),
                transactions.stream().map(Entry::of).toList());
    }
}
