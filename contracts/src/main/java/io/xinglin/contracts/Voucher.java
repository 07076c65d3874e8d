package io.xinglin.contracts;

import com.nimbusds.jose.JWSSigner;

/// A member's word, signed, that a key belongs to one of its own people.
///
/// @param ledger where it counts
/// @param kid the key vouched for
/// @param member who vouches
/// @param kind whose key it is
public record Voucher(String ledger, KeyId kid, MemberId member, KeyKind kind) {
    static final String TYPE = "xinglin-voucher+jws";
    static final int LENGTH_MAX = 2048;

    /// The voucher signed by a key of the member.
    public String sign(KeyId signer, JWSSigner jwsSigner) {
        var payload =
                JsonObject.with("ledger", ledger)
                        .with("kid", kid.value())
                        .with("member", member.value())
                        .with("kind", kind.word())
                        .build();
        return CompactJws.sign(payload, TYPE, signer, jwsSigner).text();
    }

    static Voucher of(CompactJws jws) {
        var payload = jws.payload().only("ledger", "kid", "member", "kind");
        return new Voucher(
                payload.string("ledger"),
                Forms.key(payload, "kid"),
                Forms.member(payload, "member"),
                KeyKind.read(payload, "kind"));
    }
}
