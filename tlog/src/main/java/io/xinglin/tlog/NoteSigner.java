package io.xinglin.tlog;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// A named Ed25519 key that signs notes. Where the private key is, and who computes with it, is the implementation's affair.
public interface NoteSigner {
    /// What others check its signatures with.
    NoteVerifier verifier();

    /// The 64 bytes of an Ed25519 signature over exactly these bytes.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc8032 RFC 8032
    byte[] sign(byte[] message);

    /// Whose key it is; for a log, the origin of its checkpoints.
    default String name() {
        return verifier().name();
    }

    /// See [NoteVerifier#keyId].
    default int keyId() {
        return verifier().keyId();
    }

    /// A signer that computes with the given function.
    static NoteSigner of(NoteVerifier verifier, UnaryOperator<byte[]> signature) {
        return new NoteSigner() {
            @Override
            public NoteVerifier verifier() {
                return verifier;
            }

            @Override
            public byte[] sign(byte[] message) {
                return signature.apply(message);
            }
        };
    }

    /// A signer that computes with the JDK's Ed25519.
    static NoteSigner ed25519(String name, KeyPair keys) {
        var spki = keys.getPublic().getEncoded();
        var raw = Arrays.copyOfRange(spki, spki.length - NoteVerifier.KEY_LENGTH, spki.length);
        return of(NoteVerifier.ed25519(name, raw), message -> sign(keys.getPrivate(), message));
    }

    private static byte[] sign(PrivateKey key, byte[] message) {
        try {
            var ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a private Ed25519 key", e);
        }
    }
}
