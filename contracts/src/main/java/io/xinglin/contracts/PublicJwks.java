package io.xinglin.contracts;

import java.util.regex.Pattern;

/// Reads a [PublicJwk] that must have no members beyond the required ones.
final class PublicJwks {
    private static final Pattern CURVE = Pattern.compile("P-256|Ed25519");
    private static final Pattern EC = Pattern.compile("EC");
    private static final Pattern OKP = Pattern.compile("OKP");

    private PublicJwks() {}

    static PublicJwk read(JsonObject jwk) {
        try {
            return jwk.string("crv", CURVE).equals("P-256") ? p256(jwk) : ed25519(jwk);
        } catch (IllegalArgumentException e) {
            throw new ContractViolation(
                    ViolationCode.BAD_ARGUMENTS,
                    "Not a public key of its curve: " + e.getMessage() + ".");
        }
    }

    /// The same as a member of an object.
    static Json write(PublicJwk key) {
        return JsonReader.object(key.json());
    }

    private static PublicJwk p256(JsonObject jwk) {
        jwk.only("crv", "kty", "x", "y").string("kty", EC);
        return new PublicJwk.P256(jwk.string("x"), jwk.string("y"));
    }

    private static PublicJwk ed25519(JsonObject jwk) {
        jwk.only("crv", "kty", "x").string("kty", OKP);
        return new PublicJwk.Ed25519(jwk.string("x"));
    }
}
