package io.xinglin.ledger;

import io.xinglin.contracts.PublicJwk;

/// Signs blocks.
interface BlockSigner {
    /// The key that checks what this signs.
    PublicJwk publicKey();

    /// The signature over a header's bytes, 64 bytes as in a JWS.
    byte[] sign(byte[] message);
}
