package io.xinglin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.xinglin.contracts.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import org.junit.jupiter.api.Test;

class KeyWrapTests {
    private final ECKey recipient = key();
    private final KeyId kid = kid(recipient);
    private final byte[] secret = new SecureRandom().generateSeed(32);

    @Test
    void the_holder_unwraps_what_was_wrapped_for_them() throws Exception {
        var jwe = KeyWrap.wrap(kid, recipient, secret);

        assertThat(KeyWrap.unwrap(privateKey(recipient), jwe)).isEqualTo(secret);
        assertThat(KeyWrap.recipient(jwe)).isEqualTo(kid);
    }

    @Test
    void others_unwrap_what_we_wrap() throws Exception {
        var jwe = JWEObject.parse(KeyWrap.wrap(kid, recipient, secret));

        jwe.decrypt(new ECDHDecrypter(recipient));

        assertThat(jwe.getPayload().toBytes()).isEqualTo(secret);
        assertThat(jwe.getHeader().getAlgorithm()).isEqualTo(JWEAlgorithm.ECDH_ES_A256KW);
    }

    @Test
    void we_unwrap_what_others_wrap() throws Exception {
        var header =
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
                        .keyID(kid.value())
                        .build();
        var jwe = new JWEObject(header, new Payload(secret));
        jwe.encrypt(new ECDHEncrypter(recipient));

        assertThat(KeyWrap.unwrap(privateKey(recipient), jwe.serialize())).isEqualTo(secret);
    }

    @Test
    void nobody_else_unwraps_it() throws Exception {
        var jwe = KeyWrap.wrap(kid, recipient, secret);
        var other = privateKey(key());

        assertThatThrownBy(() -> KeyWrap.unwrap(other, jwe)).isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void no_byte_of_it_can_be_changed() throws Exception {
        var parts = KeyWrap.wrap(kid, recipient, secret).split("\\.");
        var privateKey = privateKey(recipient);

        for (var part = 0; part < parts.length; part++) {
            var bytes = Base64URL.from(parts[part]).decode();
            for (var i = 0; i < bytes.length; i++) {
                var changed = bytes.clone();
                changed[i] ^= 1;
                var forged = parts.clone();
                forged[part] = Base64URL.encode(changed).toString();
                assertThatThrownBy(() -> KeyWrap.unwrap(privateKey, String.join(".", forged)))
                        .isInstanceOf(Aead.Tampered.class);
            }
        }
    }

    @Test
    void an_ephemeral_key_off_the_curve_is_refused() throws Exception {
        var parts = KeyWrap.wrap(kid, recipient, secret).split("\\.");
        var header =
                Base64URL.from(parts[0])
                        .decodeToString()
                        .replaceFirst("\"y\":\"[^\"]+\"", "\"y\":\"" + "A".repeat(43) + "\"");
        parts[0] = Base64URL.encode(header.getBytes(StandardCharsets.UTF_8)).toString();
        var privateKey = privateKey(recipient);

        assertThatThrownBy(() -> KeyWrap.unwrap(privateKey, String.join(".", parts)))
                .isInstanceOf(Aead.Tampered.class);
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyId kid(ECKey key) {
        try {
            return new KeyId(key.computeThumbprint().toString());
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKey privateKey(ECKey key) throws Exception {
        return KeyFactory.getInstance("EC", Es256.CONSCRYPT)
                .generatePrivate(new PKCS8EncodedKeySpec(key.toECPrivateKey().getEncoded()));
    }
}
