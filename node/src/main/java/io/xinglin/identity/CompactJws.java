package io.xinglin.identity;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A compact JWS by ES256, read strictly: known header members only, one byte form, bounded size.
///
/// Whatever would let the sender choose the key or the algorithm (`jwk`, `jku`, `x5c`, `none`, HMAC) or change what is signed (`b64`,
/// `crit`) is refused before any key is looked up. [#claims] are not to be believed before [#isBy] has said yes.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7515 RFC 7515
final class CompactJws {
    private static final int LENGTH_MAX = 16 * 1024;
    private static final Set<String> HEADERS = Set.of("alg", "kid", "typ");
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final String kid;
    private final ObjectNode claims;
    private final byte[] signingInput;
    private final byte[] signature;

    private CompactJws(String kid, ObjectNode claims, byte[] signingInput, byte[] signature) {
        this.kid = kid;
        this.claims = claims;
        this.signingInput = signingInput;
        this.signature = signature;
    }

    /// Signs claims.
    static String sign(Map<String, ?> claims, String typ, SigningKey key) {
        var header = Map.of("alg", "ES256", "kid", key.kid().value(), "typ", typ);
        var input =
                ENCODER.encodeToString(JSON.writeValueAsBytes(header))
                        + "."
                        + ENCODER.encodeToString(JSON.writeValueAsBytes(claims));
        var signature = key.sign(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + ENCODER.encodeToString(signature);
    }

    /// Reads without verifying.
    ///
    /// @param typ what its header must say it is
    /// @throws Refused with what is wrong with it
    static CompactJws parse(String text, String typ) {
        if (text.length() > LENGTH_MAX) {
            throw new Refused("is larger than " + LENGTH_MAX + " characters");
        }
        var parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new Refused("is not a compact JWS");
        }
        var header = object(parts[0], "header");
        for (var name : header.propertyNames()) {
            if (!HEADERS.contains(name)) {
                throw new Refused("has a header member that is not accepted: only alg, kid, typ");
            }
        }
        if (!header.path("alg").asString("").equals("ES256")) {
            throw new Refused("is not signed with ES256");
        }
        if (!header.path("typ").asString("").equals(typ)) {
            throw new Refused("is not of type " + typ);
        }
        return new CompactJws(
                header.path("kid").asString(""),
                object(parts[1], "payload"),
                (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                bytes(parts[2], "signature"));
    }

    private static ObjectNode object(String part, String name) {
        try {
            if (JSON.readTree(bytes(part, name)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException _) {
            // The message would quote what was sent.
        }
        throw new Refused("has a " + name + " that is not a JSON object");
    }

    private static byte[] bytes(String part, String name) {
        try {
            var bytes = DECODER.decode(part);
            if (ENCODER.encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw new Refused("has a " + name + " that is not canonical base64url");
    }

    /// Which key it says it is by; empty if it does not say.
    String kid() {
        return kid;
    }

    /// What it says.
    ObjectNode claims() {
        return claims;
    }

    /// A claim that must be a string.
    String string(String name) {
        return string(claims, name);
    }

    static String string(JsonNode object, String name) {
        var value = object.path(name);
        if (!value.isString() || value.asString().isEmpty()) {
            throw new Refused("lacks " + name);
        }
        return value.asString();
    }

    /// A claim that must be a time in whole seconds.
    long seconds(String name) {
        var value = claims.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Refused("lacks " + name);
        }
        return value.asLong();
    }

    /// Whether this key signed it.
    boolean isBy(PublicKey key) {
        return Es256.verify(key, signingInput, signature);
    }

    @Override
    public String toString() {
        return "CompactJws[redacted]";
    }

    /// Why a token or assertion is not accepted, to be read after "the assertion" or "the token".
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }

        String why() {
            var message = getMessage();
            return message == null ? "is refused" : message;
        }
    }
}
