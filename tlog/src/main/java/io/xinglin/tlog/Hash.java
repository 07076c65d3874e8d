package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// A SHA-256 hash of a leaf, of a node or of a whole tree.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6962#section-2.1 RFC 6962, section 2.1
public final class Hash {
    /// How many bytes a hash has.
    public static final int LENGTH = 32;

    /// The root of the tree without leaves.
    public static final Hash OF_EMPTY_TREE = new Hash(sha256().digest());

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The hash with these 32 bytes.
    public static Hash of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /// The hash in this part of an array, which must be 32 bytes long.
    static Hash of(byte[] bytes, int from, int to) {
        if (to - from != LENGTH) {
            throw new MalformedLogData("a hash is 32 bytes, not " + (to - from));
        }
        return new Hash(Arrays.copyOfRange(bytes, from, to));
    }

    /// The hash that this base64 text, in its one canonical form, stands for.
    public static Hash parse(String base64) {
        return of(StrictBase64.decode(base64));
    }

    /// The hash of an entry as a leaf of a tree.
    public static Hash leaf(byte[] entry) {
        var sha256 = sha256();
        sha256.update(LEAF);
        return new Hash(sha256.digest(entry));
    }

    /// The hash of a node with these two children.
    public static Hash node(Hash left, Hash right) {
        var sha256 = sha256();
        sha256.update(NODE);
        sha256.update(left.bytes);
        return new Hash(sha256.digest(right.bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /// A copy of the 32 bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    void putInto(ByteBuffer buffer) {
        buffer.put(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// The hash in base64, as checkpoints and proofs write it.
    @Override
    public String toString() {
        return StrictBase64.encode(bytes);
    }
}
