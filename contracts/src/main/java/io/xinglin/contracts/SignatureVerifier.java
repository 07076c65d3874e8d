package io.xinglin.contracts;

/// Checks signatures. The rules need nothing else of cryptography, so that each ledger may bring its fastest.
public interface SignatureVerifier {
    /// Whether `signature`, 64 bytes as in a JWS, is over `message` by `key`.
    boolean verify(PublicJwk key, byte[] message, byte[] signature);
}
