package io.xinglin.ledger;

import io.xinglin.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// What a block says about itself, and what is signed.
///
/// @param ledger the name of the ledger
/// @param number the first block is 0
/// @param timeMillis milliseconds since 1970, never less than the previous block's
/// @param transactions how many
/// @param previousHash the hash of the previous header, zeros for the first
/// @param transactionsRoot the RFC 6962 root over the transactions with their validity, see [OrderedTransaction#leaf]
/// @param stateDigest what all writes so far add up to, see [StateDigest]
record BlockHeader(
        String ledger,
        long number,
        long timeMillis,
        int transactions,
        Hash previousHash,
        Hash transactionsRoot,
        Hash stateDigest) {
    private static final Hash ZEROS = Hash.of(new byte[Hash.LENGTH]);

    /// What comes before the first block of a ledger.
    static BlockHeader none(String ledger) {
        return new BlockHeader(ledger, -1, 0, 0, ZEROS, ZEROS, ZEROS);
    }

    /// The hash that the next block refers to.
    Hash hash() {
        return number < 0 ? ZEROS : Sha256.of(bytes());
    }

    /// How many blocks there are up to this one.
    long height() {
        return number + 1;
    }

    /// The canonical JSON, in UTF-8: this is hashed and signed.
    byte[] bytes() {
        var json =
                "{\"ledger\":\"%s\",\"number\":%d,\"previousHash\":\"%s\",\"stateDigest\":\"%s\",\"time\":%d,\"transactions\":%d,\"transactionsRoot\":\"%s\"}"
                        .formatted(
                                ledger,
                                number,
                                hex(previousHash),
                                hex(stateDigest),
                                timeMillis,
                                transactions,
                                hex(transactionsRoot));
        return json.getBytes(StandardCharsets.UTF_8);
    }

    static String hex(Hash hash) {
        return HexFormat.of().formatHex(hash.bytes());
    }
}
