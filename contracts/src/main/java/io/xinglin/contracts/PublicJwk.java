package io.xinglin.contracts;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// A public key as it stands on the ledger: P-256 or Ed25519, nothing else, in its one JSON form.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7517 RFC 7517
/// @spec https://www.rfc-editor.org/rfc/rfc8037 RFC 8037
public sealed interface PublicJwk {
    /// A key for ES256.
    ///
    /// @param x 32 bytes, base64url
    /// @param y 32 bytes, base64url
    record P256(String x, String y) implements PublicJwk {
        public P256 {
            P256Curve.requirePoint(coordinate(x), coordinate(y));
        }

        @Override
        public JwsAlgorithm algorithm() {
            return JwsAlgorithm.ES256;
        }

        @Override
        public String json() {
            return "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
        }

        @Override
        public JWK toJwk() {
            return new ECKey.Builder(Curve.P_256, new Base64URL(x), new Base64URL(y)).build();
        }

        private static BigInteger coordinate(String text) {
            return new BigInteger(1, PublicJwk.bytes32(text));
        }
    }

    /// A key for EdDSA.
    ///
    /// @param x 32 bytes, base64url
    record Ed25519(String x) implements PublicJwk {
        public Ed25519 {
            PublicJwk.bytes32(x);
        }

        @Override
        public JwsAlgorithm algorithm() {
            return JwsAlgorithm.EDDSA;
        }

        @Override
        public String json() {
            return "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
        }

        @Override
        public JWK toJwk() {
            return new OctetKeyPair.Builder(Curve.Ed25519, new Base64URL(x)).build();
        }
    }

    /// The one algorithm this key signs with.
    JwsAlgorithm algorithm();

    /// The required members in RFC 7638 order, which is also their canonical JSON.
    String json();

    /// The same key for Nimbus JOSE.
    JWK toJwk();

    /// The thumbprint.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc7638 RFC 7638
    default KeyId keyId() {
        return new KeyId(Base64Url.encode(Sha256.of(json().getBytes(StandardCharsets.US_ASCII))));
    }

    /// The public half of a Nimbus key.
    static PublicJwk of(JWK jwk) {
        return switch (jwk) {
            case ECKey key when key.getCurve().equals(Curve.P_256) ->
                    new P256(key.getX().toString(), key.getY().toString());
            case OctetKeyPair key when key.getCurve().equals(Curve.Ed25519) ->
                    new Ed25519(key.getX().toString());
            default -> throw new IllegalArgumentException("only P-256 and Ed25519 keys");
        };
    }

    /// Reads the JSON of a public key.
    static PublicJwk parse(String json) {
        return PublicJwks.read(JsonReader.object(json));
    }

    private static byte[] bytes32(String text) {
        return Base64Url.decode(text)
                .filter(bytes -> bytes.length == 32)
                .orElseThrow(() -> new IllegalArgumentException("32 bytes in base64url"));
    }
}
