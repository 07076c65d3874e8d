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

/// A named Ed25519 public key for one type of signature; its `toString` is the vkey.
///
/// @spec https://c2sp.org/signed-note signed-note, Verifier keys and Signature types
final class Ed25519Key implements CosignatureKey {
    /// Signs the text of a note as it is.
    static final byte NOTE = 1;

    /// Signs a time and the text of a checkpoint.
    static final byte COSIGNATURE = 4;

    static final int SIGNATURE_LENGTH = 64;
    private static final int KEY_LENGTH = 32;
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SPKI_PREFIX = HEX.parseHex("302a300506032b6570032100");
    private static final Pattern VKEY =
            Pattern.compile(
                    "(?<name>[^+]{1,256})[+](?<id>[0-9a-f]{8})[+](?<key>[A-Za-z0-9+/=]{44})");

    private final String name;
    private final byte type;
    private final byte[] raw;
    private final int id;
    private final PublicKey key;

    Ed25519Key(String name, byte type, byte[] publicKey) {
        if (publicKey.length != KEY_LENGTH) {
            throw new MalformedLogData("an Ed25519 public key is 32 bytes");
        }
        this.name = NoteName.checked(name);
        this.type = type;
        this.raw = publicKey.clone();
        this.id = KeyForms.id(name, type, raw);
        this.key = KeyForms.publicKey("Ed25519", SPKI_PREFIX, raw);
    }

    static Ed25519Key of(String name, byte type, PublicKey key) {
        var spki = key.getEncoded();
        var raw = Arrays.copyOfRange(spki, spki.length - KEY_LENGTH, spki.length);
        return new Ed25519Key(name, type, raw);
    }

    /// Reads a vkey of this type.
    static Ed25519Key parse(String vkey, byte type) {
        var parts = VKEY.matcher(vkey);
        if (!parts.matches()) {
            throw new MalformedLogData("a vkey is name+id+key");
        }
        var typed = StrictBase64.decode(parts.group("key"));
        if (typed.length != 1 + KEY_LENGTH || typed[0] != type) {
            throw new MalformedLogData(
                    type == NOTE
                            ? "the key of the vkey is not Ed25519"
                            : "the key of the vkey is not one for Ed25519 cosignatures");
        }
        var raw = Arrays.copyOfRange(typed, 1, typed.length);
        var read = new Ed25519Key(parts.group("name"), type, raw);
        if (!read.toString().equals(vkey)) {
            throw new MalformedLogData("the id in the vkey is not that of its key");
        }
        return read;
    }

    /// The 64 bytes of a signature with a private key.
    static byte[] sign(PrivateKey key, byte[] message) {
        return KeyForms.sign("Ed25519", key, message);
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

    @Override
    public byte[] cosigned(String text, long time) {
        return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }

    /// Whether this key made this signature over these bytes.
    @Override
    public boolean accepts(byte[] message, byte[] signature) {
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
        var typed = ByteBuffer.allocate(1 + KEY_LENGTH).put(type).put(raw).array();
        return name + "+" + HEX.toHexDigits(id) + "+" + StrictBase64.encode(typed);
    }
}
