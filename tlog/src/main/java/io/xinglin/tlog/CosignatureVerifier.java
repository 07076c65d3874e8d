package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/// A witness's named public key, Ed25519 or ML-DSA-44, that checks cosignatures; its `toString` is the vkey.
///
/// A valid cosignature says that at its time the checkpoint was of the largest tree the witness knew of that log, and
/// that every smaller one it knew is the beginning of it. It says nothing of what is in the log.
///
/// @spec https://c2sp.org/tlog-cosignature tlog-cosignature
public final class CosignatureVerifier {
    private final CosignatureKey key;

    CosignatureVerifier(CosignatureKey key) {
        this.key = key;
    }

    /// The verifier of this name with these 32 bytes of an Ed25519 public key.
    public static CosignatureVerifier ed25519(String name, byte[] publicKey) {
        return new CosignatureVerifier(new Ed25519Key(name, Ed25519Key.COSIGNATURE, publicKey));
    }

    /// The verifier of this name with these 1,312 bytes of an ML-DSA-44 public key.
    public static CosignatureVerifier mlDsa44(String name, byte[] publicKey) {
        return new CosignatureVerifier(new MlDsaKey(name, publicKey));
    }

    /// Reads a vkey.
    public static CosignatureVerifier of(String vkey) {
        return new CosignatureVerifier(CosignatureKey.parse(vkey));
    }

    /// The witness's name.
    public String name() {
        return key.name();
    }

    /// The first bytes of a hash over name and key.
    public int keyId() {
        return key.id();
    }

    /// A copy of the bytes of the key.
    public byte[] publicKey() {
        return key.raw();
    }

    /// Whether this witness cosigned the checkpoint. Other signatures say nothing either way.
    public Verification verify(SignedNote checkpoint) {
        var claimed = checkpoint.claimedBy(name(), keyId());
        if (claimed.isEmpty()) {
            return Verification.invalid("no cosignature by " + name());
        }
        return claimed.stream().allMatch(it -> accepts(checkpoint.text(), it))
                ? Verification.valid()
                : Verification.invalid(
                        "the cosignature by " + name() + " is not of this checkpoint");
    }

    /// When this witness last cosigned the checkpoint, in seconds since 1970; empty unless [#verify] says `Valid`.
    public OptionalLong time(SignedNote checkpoint) {
        return cosignatures(checkpoint).stream()
                .mapToLong(line -> ByteBuffer.wrap(line.payload()).getLong())
                .max();
    }

    /// This witness's cosignatures of the checkpoint; none unless [#verify] says `Valid`.
    public List<NoteSignature> cosignatures(SignedNote checkpoint) {
        return verify(checkpoint) instanceof Verification.Valid
                ? checkpoint.claimedBy(name(), keyId())
                : List.of();
    }

    private boolean accepts(String text, NoteSignature line) {
        var payload = ByteBuffer.wrap(line.payload());
        if (payload.remaining() != Long.BYTES + key.signatureLength()) {
            return false;
        }
        var time = payload.getLong();
        var signature = new byte[key.signatureLength()];
        payload.get(signature);
        try {
            return time >= 0 && key.accepts(cosigned(text, time), signature);
        } catch (MalformedLogData _) {
            // Not a checkpoint, or not one that such a cosignature can be of.
            return false;
        }
    }

    /// What is signed for a checkpoint at this time, in seconds since 1970.
    byte[] cosigned(String text, long time) {
        return key.cosigned(text, time);
    }

    /// How many bytes a signature has.
    int signatureLength() {
        return key.signatureLength();
    }

    /// The vkey.
    @Override
    public String toString() {
        return key.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CosignatureVerifier that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return key.id();
    }
}
