package io.xinglin.contracts;

import com.nimbusds.jose.JWSSigner;

/// Proof, signed by a new key, that its holder wants it in the place of an old one.
///
/// @param ledger where it counts
/// @param predecessor the old key
public record RotationProof(String ledger, KeyId predecessor) {
    static final String TYPE = "xinglin-proof+jws";
    static final int LENGTH_MAX = 2048;

    /// The proof signed by the new key.
    public String sign(KeyId signer, JWSSigner jwsSigner) {
        var payload =
                JsonObject.with("ledger", ledger).with("predecessor", predecessor.value()).build();
        return CompactJws.sign(payload, TYPE, signer, jwsSigner).text();
    }

    static RotationProof of(CompactJws jws) {
        var payload = jws.payload().only("ledger", "predecessor");
        return new RotationProof(payload.string("ledger"), Forms.key(payload, "predecessor"));
    }
}
