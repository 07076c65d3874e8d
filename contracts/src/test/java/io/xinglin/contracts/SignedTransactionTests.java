package io.xinglin.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTransactionTests {
    private final MemoryLedger ledger = MemoryLedger.empty();
    private final TestKey key = TestKey.es256();
    private final SignedTransaction transaction = ledger.sign(key, ledger.grant(UUID.randomUUID()));
    private final String[] parts = transaction.jws().split("\\.", -1);

    @Test
    void what_is_signed_is_what_is_read() {
        var read = SignedTransaction.parse(transaction.jws());

        assertThat(read.id()).isEqualTo(transaction.id());
        assertThat(read.signer()).isEqualTo(key.id());
        assertThat(read.command()).isEqualTo(transaction.command());
        assertThat(read.notAfter()).isEqualTo(transaction.notAfter());
    }

    @Test
    void the_id_leaves_the_signature_out() {
        var again = JwsAlgorithm.ES256.inOneForm(sign(transaction));

        var same = SignedTransaction.parse(parts[0] + "." + parts[1] + "." + encode(again));

        assertThat(same.jws()).isNotEqualTo(transaction.jws());
        assertThat(same.id()).isEqualTo(transaction.id());
    }

    @Test
    void the_high_s_form_of_a_signature_is_refused() {
        var signature = Base64Url.decode(parts[2]).orElseThrow();
        var s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        var high = P256Curve.ORDER.subtract(s).toByteArray();
        System.arraycopy(high, high.length - 32, signature, 32, 32);

        assertRefused(
                parts[0] + "." + parts[1] + "." + encode(signature), ViolationCode.BAD_SIGNATURE);
    }

    @Test
    void what_we_sign_always_has_the_low_s_form() {
        for (var i = 0; i < 50; i++) {
            var signed = ledger.sign(key, transaction.command());

            assertThat(SignedTransaction.parse(signed.jws()).id()).isEqualTo(signed.id());
        }
    }

    @Test
    void stray_last_bits_of_base64url_are_refused() {
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var jws = transaction.jws();
        var last = alphabet.indexOf(jws.charAt(jws.length() - 1));

        for (var stray = 1; stray < 16; stray++) {
            var changed = jws.substring(0, jws.length() - 1) + alphabet.charAt(last ^ stray);
            assertRefused(changed, ViolationCode.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"b64\"],\"b64\":\"x\"",
                "\"jku\":\"https://evil.example/keys\"",
                "\"x5u\":\"https://evil.example/cert\"",
                "\"x5c\":[\"AA\"]",
                "\"jwk\":{\"kty\":\"EC\"}",
                "\"cty\":\"json\"",
                "\"nonce\":\"1\""
            })
    void a_header_with_anything_more_is_refused(String more) {
        var header =
                "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"xinglin-tx+jws\",%s}"
                        .formatted(key.id(), more);

        assertRefused(withHeader(header), ViolationCode.BAD_HEADER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\",\"kid\":\"%s\",\"typ\":\"xinglin-tx+jws\"}",
                "{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"xinglin-tx+jws\"}",
                "{\"alg\":\"es256\",\"kid\":\"%s\",\"typ\":\"xinglin-tx+jws\"}",
                "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"JWT\"}",
                "{\"alg\":\"ES256\",\"kid\":\"%s/../x\",\"typ\":\"xinglin-tx+jws\"}",
                "{\"alg\":\"ES256\",\"typ\":\"xinglin-tx+jws\"}",
                "{\"alg\":\"ES256\",\"kid\":\"%s\"}"
            })
    void a_header_that_says_something_else_is_refused(String header) {
        assertRefused(withHeader(header.formatted(key.id())), ViolationCode.BAD_HEADER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b",
                "a.b.c.d",
                "\u0000.\u0000.\u0000",
                "ë.ë.ë",
                "e30=.e30=.AAAA",
                "e30.e30 .AAAA"
            })
    void what_is_no_compact_jws_is_refused(String text) {
        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(() -> SignedTransaction.parse(text));
    }

    @Test
    void a_transaction_over_the_limit_is_refused_before_it_is_read() {
        assertRefused("A".repeat(SignedTransaction.LENGTH_MAX + 1), ViolationCode.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"contract", "function", "version", "arguments", "nonce", "notAfter"})
    void a_payload_without_one_of_its_members_is_refused(String name) {
        var payload = payload().without(name);

        assertRefused(withPayload(payload.text()), ViolationCode.BAD_ARGUMENTS);
    }

    @Test
    void a_payload_with_an_unknown_member_is_refused() {
        var more = payload().text().replaceFirst("\\{", "{\"admin\":1,");

        assertRefused(withPayload(more), ViolationCode.BAD_ARGUMENTS);
    }

    @Test
    void a_member_that_appears_twice_is_refused() {
        var twice = payload().text().replaceFirst("\\{", "{\"ledger\":\"other\",");

        assertRefused(withPayload(twice), ViolationCode.MALFORMED);
    }

    /// Of all texts that differ in one bit, none is accepted as signed by the key, except none.
    @Test
    void no_single_flipped_bit_passes() {
        var verifier = new JcaSignatureVerifier(Security.getProvider("SunEC"));
        var bytes = transaction.jws().getBytes(StandardCharsets.US_ASCII);
        for (var bit = 0; bit < bytes.length * 8; bit++) {
            var changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(passes(new String(changed, StandardCharsets.ISO_8859_1), verifier))
                    .as("bit " + bit)
                    .isFalse();
        }
    }

    private boolean passes(String jws, SignatureVerifier verifier) {
        try {
            return SignedTransaction.parse(jws).isSignedBy(key.jwk(), verifier);
        } catch (ContractViolation e) {
            return false;
        }
    }

    private byte[] sign(SignedTransaction signed) {
        var again = ledger.sign(key, signed.command());
        return Base64Url.decode(again.jws().split("\\.", -1)[2]).orElseThrow();
    }

    private JsonObject payload() {
        return JsonReader.object(Base64Url.decode(parts[1]).orElseThrow());
    }

    private String withHeader(String header) {
        return encode(header) + "." + parts[1] + "." + parts[2];
    }

    private String withPayload(String payload) {
        return parts[0] + "." + encode(payload) + "." + parts[2];
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64Url.encode(bytes);
    }

    private static void assertRefused(String jws, ViolationCode code) {
        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(() -> SignedTransaction.parse(jws))
                .satisfies(violation -> assertThat(violation.code()).isEqualTo(code));
    }
}
