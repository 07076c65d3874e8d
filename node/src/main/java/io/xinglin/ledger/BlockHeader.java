package io.xinglin.ledger;

import io.xinglin.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

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
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /// Reads [#text], and nothing else.
    static BlockHeader parse(String text) {
        try {
            var json = JsonMapper.shared().readTree(text);
            var header =
                    new BlockHeader(
                            json.path("ledger").asString(""),
                            json.path("number").asLong(-1),
                            json.path("time").asLong(-1),
                            json.path("transactions").asInt(-1),
                            SnapshotStatement.hash(json.path("previousHash").asString("")),
                            SnapshotStatement.hash(json.path("transactionsRoot").asString("")),
                            SnapshotStatement.hash(json.path("stateDigest").asString("")));
            if (header.text().equals(text)) {
                return header;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a header", e);
        }
        throw new IllegalArgumentException("not a header in its one form");
    }

    /// Digits are ASCII whatever the language of the machine: `%d` would follow its locale.
    String text() {
        return "{\"ledger\":\"%s\",\"number\":%s,\"previousHash\":\"%s\",\"stateDigest\":\"%s\",\"time\":%s,\"transactions\":%s,\"transactionsRoot\":\"%s\"}"
                .formatted(
                        ledger,
                        Long.toString(number),
                        hex(previousHash),
                        hex(stateDigest),
                        Long.toString(timeMillis),
                        Integer.toString(transactions),
                        hex(transactionsRoot));
    }

    static String hex(Hash hash) {
        return HexFormat.of().formatHex(hash.bytes());
    }
}
