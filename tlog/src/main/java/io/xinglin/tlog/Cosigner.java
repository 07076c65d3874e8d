package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.util.function.UnaryOperator;

/// A witness's named key. It computes; whether to sign is for [WitnessRules] to say, and the key signs nothing else.
///
/// @spec https://c2sp.org/tlog-cosignature tlog-cosignature
public interface Cosigner {
    /// What others check its cosignatures with.
    CosignatureVerifier verifier();

    /// The bytes of a signature over exactly these bytes, of the kind that the verifier checks.
    byte[] sign(byte[] message);

    /// Cosigns the text of a checkpoint.
    ///
    /// @param time now, in seconds since 1970
    default NoteSignature cosign(String text, long time) {
        if (time <= 0) {
            throw new IllegalArgumentException("a cosignature has a time after 1970");
        }
        var payload = ByteBuffer.allocate(Long.BYTES + verifier().signatureLength());
        payload.putLong(time).put(sign(verifier().cosigned(text, time)));
        return NoteSignature.of(verifier().name(), verifier().keyId(), payload.array());
    }

    /// A cosigner that computes with the given function.
    static Cosigner of(CosignatureVerifier verifier, UnaryOperator<byte[]> signature) {
        return new Cosigner() {
            @Override
            public CosignatureVerifier verifier() {
                return verifier;
            }

            @Override
            public byte[] sign(byte[] message) {
                return signature.apply(message);
            }
        };
    }

    /// A cosigner that computes with the JDK's Ed25519.
    static Cosigner ed25519(String name, KeyPair keys) {
        var key = Ed25519Key.of(name, Ed25519Key.COSIGNATURE, keys.getPublic());
        return of(
                new CosignatureVerifier(key),
                message -> Ed25519Key.sign(keys.getPrivate(), message));
    }

    /// A cosigner that computes with the JDK's ML-DSA-44.
    static Cosigner mlDsa44(String name, KeyPair keys) {
        return of(
                new CosignatureVerifier(MlDsaKey.of(name, keys.getPublic())),
                message -> MlDsaKey.sign(keys.getPrivate(), message));
    }
}
