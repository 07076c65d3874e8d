package io.xinglin.ledger;

import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.TransactionId;
import io.xinglin.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// A transaction in its place.
///
/// @param block the number of its block
/// @param index its place there
/// @param id its id
/// @param timeMillis the time it was simulated at
/// @param validity what ordering made of it
/// @param jws the signed text
record OrderedTransaction(
        long block, int index, TransactionId id, long timeMillis, Validity validity, String jws) {
    /// The transaction itself.
    SignedTransaction signed() {
        return SignedTransaction.parse(jws);
    }

    /// What those who follow are told of it.
    LedgerEvent event() {
        return new LedgerEvent(
                new Position(block, index), Instant.ofEpochMilli(timeMillis), signed());
    }

    /// The bytes that are a leaf of the block's tree: canonical JSON of what was signed, its time, its validity.
    byte[] leaf() {
        var json =
                "{\"jws\":\""
                        + jws
                        + "\",\"time\":"
                        + timeMillis
                        + ",\"validity\":\""
                        + validity.word()
                        + "\"}";
        return json.getBytes(StandardCharsets.US_ASCII);
    }

    /// The root over the transactions of a block.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc6962#section-2.1 RFC 6962, section 2.1
    static Hash root(List<OrderedTransaction> transactions) {
        return rootOf(transactions.stream().map(t -> Hash.leaf(t.leaf())).toList());
    }

    private static Hash rootOf(List<Hash> leaves) {
        if (leaves.size() < 2) {
            return leaves.isEmpty() ? Hash.OF_EMPTY_TREE : leaves.getFirst();
        }
        var split = Integer.highestOneBit(leaves.size() - 1);
        return Hash.node(
                rootOf(leaves.subList(0, split)), rootOf(leaves.subList(split, leaves.size())));
    }
}
