package io.xinglin.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files by which a node shows who it is; no peer is needed for that.
class GatewayChannelTests {
    private static final String PASSWORD = "not-secret";

    @TempDir Path home;

    @BeforeEach
    void a_node_has_a_key_and_a_certificate_for_two_days() throws Exception {
        keytool(
                "-genkeypair",
                "node",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=node",
                "-validity",
                "2");
        keytool(
                "-genkeypair",
                "other",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=other",
                "-validity",
                "2");
        write("key.pem", "PRIVATE KEY", keys().getKey("node", PASSWORD.toCharArray()).getEncoded());
        certificateOf("node");
    }

    @Test
    void a_renewed_certificate_is_taken_once_and_without_a_restart() throws Exception {
        try (var channel = GatewayChannel.connect(settings())) {
            assertThat(channel.renew()).isFalse();

            keytool("-selfcert", "node", "-validity", "30");
            certificateOf("node");

            assertThat(channel.renew()).isTrue();
            assertThat(channel.certificateEnds()).isAfter(Instant.now().plus(Duration.ofDays(29)));
            assertThat(channel.renew()).isFalse();
        }
    }

    @Test
    void a_certificate_of_another_key_is_refused_once_and_the_one_before_stays() throws Exception {
        try (var channel = GatewayChannel.connect(settings())) {
            var ends = channel.certificateEnds();
            certificateOf("other");

            assertThatThrownBy(channel::renew)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certificate.pem is not for the key in");
            assertThat(channel.renew()).isFalse();
            assertThat(channel.certificateEnds()).isEqualTo(ends);
        }
    }

    @Test
    void half_a_certificate_is_refused_and_the_whole_one_is_taken_after_it() throws Exception {
        try (var channel = GatewayChannel.connect(settings())) {
            keytool("-selfcert", "node", "-validity", "30");
            certificateOf("node");
            var whole = Files.readString(home.resolve("certificate.pem"));
            Files.writeString(
                    home.resolve("certificate.pem"), whole.substring(0, whole.length() / 2));
            assertThatThrownBy(channel::renew)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("holds no certificate in PEM form");

            Files.writeString(home.resolve("certificate.pem"), whole);

            assertThat(channel.renew()).isTrue();
        }
    }

    private FabricSettings settings() {
        return new FabricSettings(
                "health",
                "xinglin",
                List.of("127.0.0.1:1"),
                home.resolve("certificate.pem"),
                "HospitalMSP",
                home.resolve("certificate.pem"),
                home.resolve("key.pem"));
    }

    private void certificateOf(String alias) throws GeneralSecurityException, IOException {
        write("certificate.pem", "CERTIFICATE", keys().getCertificate(alias).getEncoded());
    }

    private KeyStore keys() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(home.resolve("store.p12").toFile(), PASSWORD.toCharArray());
    }

    private void keytool(String command, String alias, String... more) throws IOException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        words.addAll(List.of(command, "-alias", alias));
        words.addAll(List.of("-keystore", home.resolve("store.p12").toString()));
        words.addAll(List.of("-storepass", PASSWORD));
        words.addAll(List.of(more));
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as(output).isZero();
    }

    private void write(String name, String type, byte[] der) throws IOException {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                home.resolve(name),
                "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
