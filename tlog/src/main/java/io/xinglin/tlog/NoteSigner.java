package io.xinglin.tlog;

import java.security.KeyPair;
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
        var key = Ed25519Key.of(name, Ed25519Key.NOTE, keys.getPublic());
        return of(new NoteVerifier(key), message -> Ed25519Key.sign(keys.getPrivate(), message));
    }
}
