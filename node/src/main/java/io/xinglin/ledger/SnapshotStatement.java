package io.xinglin.ledger;

import io.xinglin.contracts.Versioned;
import io.xinglin.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What the ledger's key signs about a whole state: after this block, all keys with their values hash to this.
///
/// @param ledger the name of the ledger
/// @param number the number of the block
/// @param blockHash the hash of its header
/// @param states how many keys there are
/// @param stateHash SHA-256 of the lines of all keys, see [#line]
record SnapshotStatement(String ledger, long number, Hash blockHash, long states, Hash stateHash) {
    private static final String FORMAT = "xinglin-ledger-snapshot/1";

    /// The canonical JSON, which is signed.
    String text() {
        return "{\"blockHash\":\"%s\",\"format\":\"%s\",\"ledger\":\"%s\",\"number\":%s,\"stateHash\":\"%s\",\"states\":%s}"
                .formatted(
                        BlockHeader.hex(blockHash),
                        FORMAT,
                        ledger,
                        number,
                        BlockHeader.hex(stateHash),
                        states);
    }

    /// Reads [#text], and nothing else.
    static SnapshotStatement parse(String text) {
        try {
            var json = JsonMapper.shared().readTree(text);
            var statement =
                    new SnapshotStatement(
                            json.path("ledger").asString(""),
                            json.path("number").asLong(-1),
                            hash(json.path("blockHash").asString("")),
                            json.path("states").asLong(-1),
                            hash(json.path("stateHash").asString("")));
            if (!statement.text().equals(text)) {
                throw new BadSnapshot("the statement is not in its form");
            }
            return statement;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new BadSnapshot("the statement is not in its form");
        }
    }

    String sign(BlockSigner signer) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(signer.sign(text().getBytes(StandardCharsets.UTF_8)));
    }

    /// The line of one key. Neither keys nor canonical JSON contain a tab or a line end.
    static String line(String key, Versioned value) {
        return "state\t"
                + key
                + "\t"
                + value.version().block()
                + "\t"
                + value.version().index()
                + "\t"
                + value.value()
                + "\n";
    }

    static Hash hash(String hex) {
        return Hash.of(HexFormat.of().parseHex(hex));
    }
}
