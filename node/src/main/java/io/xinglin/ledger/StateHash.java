package io.xinglin.ledger;

import io.xinglin.contracts.Versioned;
import io.xinglin.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Adds up a whole state, key after key in their order.
final class StateHash {
    private final MessageDigest digest = Sha256.digest();
    private long count;

    void add(String key, Versioned value) {
        digest.update(SnapshotStatement.line(key, value).getBytes(StandardCharsets.UTF_8));
        count++;
    }

    long count() {
        return count;
    }

    Hash value() {
        return Hash.of(digest.digest());
    }
}
