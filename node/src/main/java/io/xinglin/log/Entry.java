package io.xinglin.log;

import io.xinglin.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An entry: what it is evidence of, and a commitment that says nothing without its opening.
///
/// `xinglin-entry/v1 <kind> <base64 of HMAC-SHA-256(salt, statement)>`, ASCII, no line end.
final class Entry {
    private static final String VERSION = "xinglin-entry/v1";

    private final byte[] bytes;

    private Entry(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The entry that commits to this.
    static Entry of(EntryKind kind, Opening opening) {
        var commitment = Base64.getEncoder().encodeToString(commit(opening));
        var text = VERSION + " " + word(kind) + " " + commitment;
        return new Entry(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// What an opening's statement says it is evidence of.
    ///
    /// @throws IllegalArgumentException if it says nothing of the sort
    static EntryKind kindOf(Opening opening) {
        var word = OpeningJson.statement(opening).getOrDefault("kind", "");
        return Arrays.stream(EntryKind.values())
                .filter(kind -> word(kind).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("its statement has no kind"));
    }

    private static String word(EntryKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /// The entry with these bytes, whatever they say.
    static Entry stored(byte[] bytes) {
        return new Entry(bytes.clone());
    }

    private static byte[] commit(Opening opening) {
        try {
            var hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(opening.salt(), "HmacSHA256"));
            return hmac.doFinal(opening.statement());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has HMAC-SHA-256", e);
        }
    }

    /// Whether it says to be of this kind.
    boolean is(EntryKind kind) {
        return toString().startsWith(VERSION + " " + kind.name().toLowerCase(Locale.ROOT) + " ");
    }

    byte[] bytes() {
        return bytes.clone();
    }

    Hash leafHash() {
        return Hash.leaf(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry && Arrays.equals(bytes, entry.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
