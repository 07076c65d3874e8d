package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/// What the kinds of keys have in common, whatever the algorithm.
///
/// @spec https://c2sp.org/signed-note signed-note, Verifier keys and Signature types
final class KeyForms {
    private KeyForms() {}

    /// The first four bytes of SHA-256 of name, line end, type and key.
    static int id(String name, byte type, byte[] raw) {
        var sha256 = Hash.sha256();
        sha256.update(name.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
        sha256.update(type);
        return ByteBuffer.wrap(sha256.digest(raw)).getInt();
    }

    /// The key of these bytes.
    ///
    /// @param prefix what stands before them in a SubjectPublicKeyInfo
    static PublicKey publicKey(String algorithm, byte[] prefix, byte[] raw) {
        var spki = ByteBuffer.allocate(prefix.length + raw.length).put(prefix).put(raw);
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePublic(new X509EncodedKeySpec(spki.array()));
        } catch (GeneralSecurityException _) {
            throw new MalformedLogData("not an " + algorithm + " public key");
        }
    }

    /// A signature with a private key.
    static byte[] sign(String algorithm, PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a private " + algorithm + " key", e);
        }
    }
}
