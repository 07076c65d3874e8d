package io.xinglin.identity;

/// What a private key is for. No key serves two purposes.
enum KeyPurpose {
    /// Ledger transactions, vouchers and client assertions: ES256, public on the ledger.
    SIGN,
    /// Checkpoints of the organisation's log: Ed25519.
    LOG,
    /// Cosignatures of other organisations' checkpoints: Ed25519.
    WITNESS,
    /// Unwrapping of keys: ECDH on P-256.
    WRAP,
    /// Access tokens of the organisation: ES256, never on the ledger.
    TOKEN
}
