package io.xinglin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class AeadTests {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] PLAINTEXT = bytes("a private key");

    private final byte[] key = RANDOM.generateSeed(32);
    private final Aead aead = Aead.of(key, RANDOM);

    @Test
    void what_was_sealed_opens_at_its_place() {
        var sealed = aead.seal(PLAINTEXT, bytes("table"), bytes("row 1"));

        assertThat(aead.open(sealed, bytes("table"), bytes("row 1"))).isEqualTo(PLAINTEXT);
    }

    @Test
    void no_bit_of_it_can_be_changed() {
        var sealed = aead.seal(PLAINTEXT);

        for (var bit = 0; bit < sealed.length * 8; bit++) {
            var changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> aead.open(changed)).isInstanceOf(Aead.Tampered.class);
        }
    }

    @Test
    void it_cannot_be_moved_to_another_place() {
        var sealed = aead.seal(PLAINTEXT, bytes("table"), bytes("row 1"));

        assertThatThrownBy(() -> aead.open(sealed, bytes("table"), bytes("row 2")))
                .isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void the_parts_of_a_place_do_not_run_together() {
        var sealed = aead.seal(PLAINTEXT, bytes("ab"), bytes("c"));

        assertThatThrownBy(() -> aead.open(sealed, bytes("a"), bytes("bc")))
                .isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void it_does_not_open_under_another_key() {
        var sealed = aead.seal(PLAINTEXT);

        var other = Aead.of(RANDOM.generateSeed(32), RANDOM);

        assertThatThrownBy(() -> other.open(sealed)).isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void something_too_short_to_be_sealed_is_tampered_with() {
        assertThatThrownBy(() -> aead.open(new byte[27])).isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void the_same_plaintext_is_sealed_differently_each_time() {
        assertThat(aead.seal(PLAINTEXT)).isNotEqualTo(aead.seal(PLAINTEXT));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
