package io.xinglin.contracts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import java.nio.charset.StandardCharsets;

/// A compact JWS of which every byte is accounted for.
///
/// The header is exactly `alg`, `kid` and `typ`; each part is base64url in its one form; the signature is in its one form.
/// So nobody but the signer can make a second text of the same statement, and no header can bring in a foreign key.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7515#section-7.1 RFC 7515, section 7.1
final class CompactJws {
    private final String text;
    private final JwsAlgorithm algorithm;
    private final KeyId signer;
    private final JsonObject payload;
    private final byte[] signingInput;
    private final byte[] signature;

    private CompactJws(
            String text,
            JwsAlgorithm algorithm,
            KeyId signer,
            JsonObject payload,
            byte[] signingInput,
            byte[] signature) {
        this.text = text;
        this.algorithm = algorithm;
        this.signer = signer;
        this.payload = payload;
        this.signingInput = signingInput;
        this.signature = signature;
    }

    static CompactJws parse(String text, String type, int lengthMax) {
        if (text.length() > lengthMax) {
            throw new ContractViolation(
                    ViolationCode.TOO_LARGE, "Longer than " + lengthMax + " characters.");
        }
        var firstDot = text.indexOf('.');
        var lastDot = text.lastIndexOf('.');
        if (firstDot < 0 || text.indexOf('.', firstDot + 1) != lastDot) {
            throw new ContractViolation(
                    ViolationCode.MALFORMED, "A compact JWS has three parts with dots between.");
        }
        var header = header(text.substring(0, firstDot), type);
        var algorithm = JwsAlgorithm.named(header.string("alg"));
        var payload = JsonReader.object(decoded(text.substring(firstDot + 1, lastDot), "payload"));
        var signature = decoded(text.substring(lastDot + 1), "signature");
        if (signature.length != 64) {
            throw new ContractViolation(ViolationCode.MALFORMED, "A signature has 64 bytes.");
        }
        algorithm.requireOneForm(signature);
        var signingInput = text.substring(0, lastDot).getBytes(StandardCharsets.US_ASCII);
        return new CompactJws(text, algorithm, keyId(header), payload, signingInput, signature);
    }

    static CompactJws sign(JsonObject payload, String type, KeyId signer, JWSSigner jwsSigner) {
        var algorithm = algorithm(jwsSigner);
        var header =
                JsonObject.with("alg", algorithm.header())
                        .with("kid", signer.value())
                        .with("typ", type)
                        .build();
        var signed = encoded(header) + "." + encoded(payload);
        var signingInput = signed.getBytes(StandardCharsets.US_ASCII);
        var signature =
                algorithm.inOneForm(signature(algorithm, signer, type, jwsSigner, signingInput));
        return new CompactJws(
                signed + "." + Base64Url.encode(signature),
                algorithm,
                signer,
                payload,
                signingInput,
                signature);
    }

    String text() {
        return text;
    }

    KeyId signer() {
        return signer;
    }

    JsonObject payload() {
        return payload;
    }

    byte[] signingInput() {
        return signingInput;
    }

    /// Whether it is signed by `key`, with the algorithm of `key`, under the name of `key`.
    boolean isSignedBy(PublicJwk key, SignatureVerifier signatures) {
        return key.algorithm() == algorithm
                && key.keyId().equals(signer)
                && signatures.verify(key, signingInput, signature);
    }

    private static JsonObject header(String part, String type) {
        var header = JsonReader.object(decoded(part, "header"));
        if (header.members().size() != 3
                || !header.has("alg")
                || !header.has("kid")
                || !header.has("typ")) {
            throw new ContractViolation(
                    ViolationCode.BAD_HEADER, "The header must be exactly alg, kid and typ.");
        }
        if (!header.string("typ").equals(type)) {
            throw new ContractViolation(ViolationCode.BAD_HEADER, "The typ must be " + type + ".");
        }
        return header;
    }

    private static KeyId keyId(JsonObject header) {
        try {
            return new KeyId(header.string("kid"));
        } catch (IllegalArgumentException e) {
            throw new ContractViolation(
                    ViolationCode.BAD_HEADER, "The kid must be the thumbprint of a key.");
        }
    }

    private static byte[] decoded(String part, String name) {
        return Base64Url.decode(part)
                .orElseThrow(
                        () ->
                                new ContractViolation(
                                        ViolationCode.MALFORMED,
                                        "The " + name + " is not base64url in its one form."));
    }

    private static String encoded(JsonObject object) {
        return Base64Url.encode(object.text().getBytes(StandardCharsets.UTF_8));
    }

    private static JwsAlgorithm algorithm(JWSSigner signer) {
        for (var algorithm : JwsAlgorithm.values()) {
            if (signer.supportedJWSAlgorithms().contains(algorithm.nimbus())) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("the signer makes neither ES256 nor EdDSA");
    }

    private static byte[] signature(
            JwsAlgorithm algorithm, KeyId kid, String type, JWSSigner signer, byte[] signingInput) {
        try {
            var header =
                    new JWSHeader.Builder(algorithm.nimbus())
                            .keyID(kid.value())
                            .type(new JOSEObjectType(type))
                            .build();
            return signer.sign(header, signingInput).decode();
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }
}
