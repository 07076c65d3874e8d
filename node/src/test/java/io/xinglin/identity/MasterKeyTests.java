package io.xinglin.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTests {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

    @TempDir Path directory;

    @Test
    void the_key_is_the_same_after_a_restart() {
        var sealed = open().aead().seal(SECRET);

        assertThat(open().aead().open(sealed)).isEqualTo(SECRET);
    }

    @Test
    void only_the_owner_can_read_the_keystore_and_its_password() throws Exception {
        open();

        for (var file : new String[] {"keystore.p12", "keystore.pass"}) {
            var permissions = Files.getPosixFilePermissions(directory.resolve(file));
            assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
        }
    }

    @Test
    void guessing_a_password_takes_600_000_rounds() throws Exception {
        open();

        // 600,000 as a DER integer: 02 03 09 27 c0; once for the key, once for the keystore's MAC.
        var der =
                new String(
                        Files.readAllBytes(directory.resolve("keystore.p12")),
                        StandardCharsets.ISO_8859_1);
        assertThat(der.split("\u0002\u0003\t'\u00c0", -1)).hasSizeGreaterThan(2);
    }

    @Test
    void a_password_from_outside_is_not_written_down() {
        MasterKey.open(directory, Optional.of("from the operator"), RANDOM);

        assertThat(directory.resolve("keystore.pass")).doesNotExist();
    }

    @Test
    void a_wrong_password_is_refused() {
        MasterKey.open(directory, Optional.of("from the operator"), RANDOM);

        assertThatThrownBy(() -> MasterKey.open(directory, Optional.of("another"), RANDOM))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("damaged, or another password");
    }

    @Test
    void a_lost_password_is_said_in_one_sentence_and_nothing_is_overwritten() throws Exception {
        open();
        var before = Files.readAllBytes(directory.resolve("keystore.p12"));
        Files.delete(directory.resolve("keystore.pass"));

        assertThatThrownBy(this::open)
                .isInstanceOf(MasterKey.NoPassword.class)
                .hasMessageContaining("XINGLIN_KEYSTORE_PASSWORD");
        assertThat(directory.resolve("keystore.p12")).hasBinaryContent(before);
    }

    @Test
    void a_crash_between_password_and_keystore_is_survived() throws Exception {
        Files.writeString(directory.resolve("keystore.pass"), "of a keystore never written");

        assertThat(open()).hasToString("MasterKey[redacted]");
    }

    private MasterKey open() {
        return MasterKey.open(directory, Optional.empty(), RANDOM);
    }
}
