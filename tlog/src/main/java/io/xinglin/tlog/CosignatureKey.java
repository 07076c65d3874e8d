package io.xinglin.tlog;

/// A named public key of a witness, of one of the two kinds of cosignatures; its `toString` is the vkey.
///
/// @spec https://c2sp.org/tlog-cosignature tlog-cosignature
sealed interface CosignatureKey permits Ed25519Key, MlDsaKey {
    /// The witness's name.
    String name();

    /// The first bytes of a hash over name, kind and key.
    int id();

    /// A copy of the bytes of the key.
    byte[] raw();

    /// How many bytes a signature has.
    int signatureLength();

    /// What is signed for a checkpoint at this time: never its text alone, so that no cosignature can pass for a signature of another kind.
    ///
    /// @param time in seconds since 1970
    byte[] cosigned(String text, long time);

    /// Whether this key made this signature over these bytes.
    boolean accepts(byte[] message, byte[] signature);

    /// Reads a vkey of either kind.
    static CosignatureKey parse(String vkey) {
        return MlDsaKey.isOne(vkey)
                ? MlDsaKey.parse(vkey)
                : Ed25519Key.parse(vkey, Ed25519Key.COSIGNATURE);
    }
}
