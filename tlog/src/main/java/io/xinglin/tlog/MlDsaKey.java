package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A named ML-DSA-44 public key for cosignatures: no quantum computer forges them.
///
/// They speak of origin, size and root of a checkpoint and of nothing else in it, and of the witness's name, so that one key under two names
/// is two witnesses.
///
/// @spec https://c2sp.org/tlog-cosignature tlog-cosignature
final class MlDsaKey implements CosignatureKey {
    private static final byte COSIGNATURE = 6;
    private static final String ALGORITHM = "ML-DSA-44";
    private static final int KEY_LENGTH = 1312;
    private static final int SIGNATURE_LENGTH = 2420;
    private static final int NAME_BYTES_MAX = 255;
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SPKI_PREFIX =
            HEX.parseHex("30820532300b06096086480165030403110382052100");
    private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern VKEY =
            Pattern.compile(
                    "(?<name>[^+]{1,256})[+](?<id>[0-9a-f]{8})[+](?<key>[A-Za-z0-9+/=]{1752})");

    private final String name;
    private final byte[] raw;
    private final int id;
    private final PublicKey key;

    MlDsaKey(String name, byte[] publicKey) {
        if (publicKey.length != KEY_LENGTH) {
            throw new MalformedLogData("an ML-DSA-44 public key is 1312 bytes");
        }
        if (utf8(NoteName.checked(name)).length > NAME_BYTES_MAX) {
            throw new MalformedLogData("the name of an ML-DSA-44 key is 1 to 255 bytes");
        }
        this.name = name;
        this.raw = publicKey.clone();
        this.id = KeyForms.id(name, COSIGNATURE, raw);
        this.key = KeyForms.publicKey(ALGORITHM, SPKI_PREFIX, raw);
    }

    static MlDsaKey of(String name, PublicKey key) {
        var spki = key.getEncoded();
        if (spki.length != SPKI_PREFIX.length + KEY_LENGTH) {
            throw new MalformedLogData("not an ML-DSA-44 public key");
        }
        return new MlDsaKey(name, Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length));
    }

    /// Whether it is as long as a vkey with such a key.
    static boolean isOne(String vkey) {
        return VKEY.matcher(vkey).matches();
    }

    static MlDsaKey parse(String vkey) {
        var parts = VKEY.matcher(vkey);
        if (!parts.matches()) {
            throw new MalformedLogData("a vkey is name+id+key");
        }
        var typed = StrictBase64.decode(parts.group("key"));
        if (typed.length != 1 + KEY_LENGTH || typed[0] != COSIGNATURE) {
            throw new MalformedLogData("the key of the vkey is not one for ML-DSA-44 cosignatures");
        }
        var read = new MlDsaKey(parts.group("name"), Arrays.copyOfRange(typed, 1, typed.length));
        if (!read.toString().equals(vkey)) {
            throw new MalformedLogData("the id in the vkey is not that of its key");
        }
        return read;
    }

    /// The 2,420 bytes of a signature with a private key.
    static byte[] sign(PrivateKey key, byte[] message) {
        return KeyForms.sign(ALGORITHM, key, message);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public byte[] raw() {
        return raw.clone();
    }

    @Override
    public int signatureLength() {
        return SIGNATURE_LENGTH;
    }

    /// @throws MalformedLogData if the text is no checkpoint, or of a log whose origin is longer than 255 bytes
    @Override
    public byte[] cosigned(String text, long time) {
        var checkpoint = Checkpoint.parse(text);
        var witness = utf8(name);
        var origin = utf8(checkpoint.origin());
        if (origin.length > NAME_BYTES_MAX) {
            throw new MalformedLogData("an origin in such a cosignature is 1 to 255 bytes");
        }
        return ByteBuffer.allocate(
                        LABEL.length
                                + 1
                                + witness.length
                                + Long.BYTES
                                + 1
                                + origin.length
                                + 2 * Long.BYTES
                                + Hash.LENGTH)
                .put(LABEL)
                .put((byte) witness.length)
                .put(witness)
                .putLong(time)
                .put((byte) origin.length)
                .put(origin)
                .putLong(0)
                .putLong(checkpoint.size().value())
                .put(checkpoint.root().bytes())
                .array();
    }

    @Override
    public boolean accepts(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        try {
            var mlDsa = Signature.getInstance(ALGORITHM);
            mlDsa.initVerify(key);
            mlDsa.update(message);
            return mlDsa.verify(signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The vkey.
    @Override
    public String toString() {
        var typed = ByteBuffer.allocate(1 + KEY_LENGTH).put(COSIGNATURE).put(raw).array();
        return name + "+" + HEX.toHexDigits(id) + "+" + StrictBase64.encode(typed);
    }
}
