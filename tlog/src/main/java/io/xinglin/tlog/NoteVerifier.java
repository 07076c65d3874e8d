package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A named Ed25519 public key that checks notes; its `toString` is the verifier key, or vkey, that people pass round.
///
/// @spec https://c2sp.org/signed-note#verifier-keys signed-note, Verifier keys
public final class NoteVerifier {
    static final int KEY_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;
    private static final byte ED25519 = 1;
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SPKI_PREFIX = HEX.parseHex("302a300506032b6570032100");
    private static final Pattern VKEY =
            Pattern.compile(
                    "(?<name>[^+]{1,256})[+](?<id>[0-9a-f]{8})[+](?<key>[A-Za-z0-9+/=]{44})");

    private final String name;
    private final int keyId;
    private final byte[] raw;
    private final PublicKey key;

    private NoteVerifier(String name, byte[] raw) {
        this.name = NoteName.checked(name);
        this.raw = raw;
        this.keyId = keyId(name, raw);
        this.key = publicKey(raw);
    }

    /// The verifier of this name with these 32 bytes of an Ed25519 public key.
    public static NoteVerifier ed25519(String name, byte[] publicKey) {
        if (publicKey.length != KEY_LENGTH) {
            throw new MalformedLogData("an Ed25519 public key is 32 bytes");
        }
        return new NoteVerifier(name, publicKey.clone());
    }

    /// Reads a vkey.
    public static NoteVerifier of(String vkey) {
        var parts = VKEY.matcher(vkey);
        if (!parts.matches()) {
            throw new MalformedLogData("a vkey is name+id+key");
        }
        var typed = StrictBase64.decode(parts.group("key"));
        if (typed.length != 1 + KEY_LENGTH || typed[0] != ED25519) {
            throw new MalformedLogData("the key of the vkey is not Ed25519");
        }
        var verifier = ed25519(parts.group("name"), Arrays.copyOfRange(typed, 1, typed.length));
        if (!verifier.toString().equals(vkey)) {
            throw new MalformedLogData("the id in the vkey is not that of its key");
        }
        return verifier;
    }

    private static PublicKey publicKey(byte[] raw) {
        var spki = ByteBuffer.allocate(SPKI_PREFIX.length + KEY_LENGTH).put(SPKI_PREFIX).put(raw);
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(spki.array()));
        } catch (GeneralSecurityException _) {
            throw new MalformedLogData("not an Ed25519 public key");
        }
    }

    private static int keyId(String name, byte[] raw) {
        var sha256 = Hash.sha256();
        sha256.update(name.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
        sha256.update(ED25519);
        return ByteBuffer.wrap(sha256.digest(raw)).getInt();
    }

    /// Whose key it is; for a log, the origin of its checkpoints.
    public String name() {
        return name;
    }

    /// The first bytes of a hash over name and key: tells keys of one name apart, and proves nothing.
    public int keyId() {
        return keyId;
    }

    /// A copy of the 32 bytes of the key.
    public byte[] publicKey() {
        return raw.clone();
    }

    /// Whether this key made this signature over these bytes.
    boolean accepts(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        try {
            var ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /// The vkey.
    @Override
    public String toString() {
        var typed = ByteBuffer.allocate(1 + KEY_LENGTH).put(ED25519).put(raw).array();
        return name + "+" + HEX.toHexDigits(keyId) + "+" + StrictBase64.encode(typed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteVerifier that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return keyId;
    }
}
