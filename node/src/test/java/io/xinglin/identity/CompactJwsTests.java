package io.xinglin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.xinglin.contracts.PublicJwk;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactJwsTests {
    private final KeyPair pair = pair();
    private final ECKey jwk =
            new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).build();
    private final SigningKey key = new SigningKey(PublicJwk.of(jwk), pair.getPrivate());

    @Test
    void what_we_sign_others_verify() throws Exception {
        for (var i = 0; i < 50; i++) {
            var token = SignedJWT.parse(CompactJws.sign(Map.of("sub", "a" + i), "JWT", key));

            assertThat(token.verify(new ECDSAVerifier(jwk))).isTrue();
            assertThat(token.getHeader().getKeyID()).isEqualTo(jwk.computeThumbprint().toString());
        }
    }

    @Test
    void what_we_sign_we_verify() {
        var jws = CompactJws.parse(CompactJws.sign(Map.of("sub", "a"), "JWT", key), "JWT");

        assertThat(jws.isBy(pair.getPublic())).isTrue();
        assertThat(jws.isBy(pair().getPublic())).isFalse();
        assertThat(jws.string("sub")).isEqualTo("a");
    }

    @Test
    void what_others_sign_we_verify() throws Exception {
        for (var i = 0; i < 50; i++) {
            var header =
                    new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).keyID("k");
            var token =
                    new SignedJWT(
                            header.build(), new JWTClaimsSet.Builder().subject("a" + i).build());
            token.sign(new ECDSASigner(pair.getPrivate(), Curve.P_256));

            assertThat(CompactJws.parse(token.serialize(), "JWT").isBy(pair.getPublic())).isTrue();
        }
    }

    @Test
    void no_character_can_be_changed() {
        var text = CompactJws.sign(Map.of("sub", "a"), "JWT", key);

        for (var i = 0; i < text.length(); i++) {
            for (var character : new char[] {'A', 'B', '_', '.', '=', ' '}) {
                if (text.charAt(i) == character) {
                    continue;
                }
                var changed = text.substring(0, i) + character + text.substring(i + 1);
                assertThat(isAccepted(changed)).as(changed).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\",\"typ\":\"JWT\"}",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
                "{\"alg\":\"es256\",\"typ\":\"JWT\"}",
                "{\"alg\":\"ES256\"}",
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"b64\":true}",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"jku\":\"https://evil.example/jwks\"}",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"jwk\":{}}",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"x5c\":[]}",
                "{\"alg\":\"ES256\",\"alg\":\"none\",\"typ\":\"JWT\"}",
                "{\"alg\":[\"ES256\"],\"typ\":\"JWT\"}",
                "[]",
                "{\"alg\":\"ES256\",\"typ\":\"JWT\"} {}",
                "not json"
            })
    void a_header_that_is_not_exactly_ours_is_refused(String header) {
        var text = CompactJws.sign(Map.of("sub", "a"), "JWT", key);
        var forged =
                Base64URL.encode(header.getBytes(StandardCharsets.UTF_8))
                        + text.substring(text.indexOf('.'));

        assertThatThrownBy(() -> CompactJws.parse(forged, "JWT"))
                .isInstanceOf(CompactJws.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b", "a.b.c.d", "e30.e30.", "e30.e30.AAAA"})
    void what_is_not_a_compact_jws_is_refused(String text) {
        assertThat(isAccepted(text)).isFalse();
    }

    @Test
    void an_oversized_one_is_refused_before_it_is_read() {
        var text = CompactJws.sign(Map.of("sub", "a".repeat(20_000)), "JWT", key);

        assertThatThrownBy(() -> CompactJws.parse(text, "JWT"))
                .isInstanceOf(CompactJws.Refused.class)
                .hasMessageContaining("larger than");
    }

    private boolean isAccepted(String text) {
        try {
            return CompactJws.parse(text, "JWT").isBy(pair.getPublic());
        } catch (CompactJws.Refused _) {
            return false;
        }
    }

    private static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC", Es256.CONSCRYPT);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
