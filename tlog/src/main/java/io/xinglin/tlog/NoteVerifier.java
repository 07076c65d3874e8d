package io.xinglin.tlog;

/// A named Ed25519 public key that checks notes; its `toString` is the verifier key, or vkey, that people pass round.
///
/// @spec https://c2sp.org/signed-note#verifier-keys signed-note, Verifier keys
public final class NoteVerifier {
    private final Ed25519Key key;

    NoteVerifier(Ed25519Key key) {
        this.key = key;
    }

    /// The verifier of this name with these 32 bytes of an Ed25519 public key.
    public static NoteVerifier ed25519(String name, byte[] publicKey) {
        return new NoteVerifier(new Ed25519Key(name, Ed25519Key.NOTE, publicKey));
    }

    /// Reads a vkey.
    public static NoteVerifier of(String vkey) {
        return new NoteVerifier(Ed25519Key.parse(vkey, Ed25519Key.NOTE));
    }

    /// Whose key it is; for a log, the origin of its checkpoints.
    public String name() {
        return key.name();
    }

    /// The first bytes of a hash over name and key: tells keys of one name apart, and proves nothing.
    public int keyId() {
        return key.id();
    }

    /// A copy of the 32 bytes of the key.
    public byte[] publicKey() {
        return key.raw();
    }

    /// Whether this key made this signature over these bytes.
    boolean accepts(byte[] message, byte[] signature) {
        return key.accepts(message, signature);
    }

    /// The vkey.
    @Override
    public String toString() {
        return key.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteVerifier that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return key.id();
    }
}
