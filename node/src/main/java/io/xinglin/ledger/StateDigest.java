package io.xinglin.ledger;

import io.xinglin.tlog.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.SortedMap;

/// What all writes of a ledger add up to: SHA-256 of the previous digest and the block's writes.
///
/// The writes of each valid transaction follow in order, its keys sorted; each is the key's length and UTF-8 bytes, then the
/// value's, where a length is four bytes, big-endian, and -1 stands for a removed key. Two nodes that agree on the digest of
/// a block agree on every state before it.
final class StateDigest {
    private static final int REMOVED = -1;

    private final MessageDigest digest = Sha256.digest();

    StateDigest(Hash previous) {
        digest.update(previous.bytes());
    }

    void add(SortedMap<String, Optional<String>> writes) {
        writes.forEach(
                (key, value) -> {
                    addText(key);
                    value.ifPresentOrElse(this::addText, () -> addLength(REMOVED));
                });
    }

    Hash value() {
        return Hash.of(digest.digest());
    }

    private void addText(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        addLength(bytes.length);
        digest.update(bytes);
    }

    private void addLength(int length) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
    }
}
