package io.xinglin.ledger;

import java.util.Base64;

/// A signed header.
///
/// @param header what is signed
/// @param signature 64 bytes over [BlockHeader#bytes], base64url
record Block(BlockHeader header, String signature) {
    static Block sign(BlockHeader header, BlockSigner signer) {
        var signature = signer.sign(header.bytes());
        return new Block(header, Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }
}
