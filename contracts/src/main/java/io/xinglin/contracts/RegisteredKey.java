package io.xinglin.contracts;

/// A public key on the ledger.
///
/// @param jwk the key itself
/// @param member the organisation that vouches for it
/// @param kind whose it is
/// @param subject the first key of the owner, a pseudonym that stays when keys are rotated
/// @param status whether it may still sign
public record RegisteredKey(
        PublicJwk jwk, MemberId member, KeyKind kind, KeyId subject, KeyStatus status) {
    /// The first key of an owner.
    static RegisteredKey first(PublicJwk jwk, MemberId member, KeyKind kind) {
        return new RegisteredKey(jwk, member, kind, jwk.keyId(), KeyStatus.ACTIVE);
    }

    /// Reads the value stored on the ledger.
    public static RegisteredKey parse(String json) {
        var key = JsonReader.object(json);
        key.only("jwk", "member", "kind", "subject", "status");
        return new RegisteredKey(
                PublicJwks.read(key.object("jwk")),
                Forms.member(key, "member"),
                KeyKind.read(key, "kind"),
                Forms.key(key, "subject"),
                KeyStatus.read(key, "status"));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return JsonObject.with("jwk", PublicJwks.write(jwk))
                .with("member", member.value())
                .with("kind", kind.word())
                .with("subject", subject.value())
                .with("status", status.word())
                .text();
    }

    /// Its id.
    public KeyId id() {
        return jwk.keyId();
    }

    /// Whether it may sign.
    public boolean isActive() {
        return status == KeyStatus.ACTIVE;
    }

    /// Whether it is a key of the organisation itself.
    public boolean isOf(MemberId organisation) {
        return kind == KeyKind.ORGANISATION && member.equals(organisation);
    }

    RegisteredKey with(KeyStatus changed) {
        return new RegisteredKey(jwk, member, kind, subject, changed);
    }

    /// The same owner's next key.
    RegisteredKey succeededBy(PublicJwk next) {
        return new RegisteredKey(next, member, kind, subject, KeyStatus.ACTIVE);
    }
}
