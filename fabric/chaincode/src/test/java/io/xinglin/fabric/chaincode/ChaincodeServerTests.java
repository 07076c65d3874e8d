package io.xinglin.fabric.chaincode;

import static io.xinglin.fabric.chaincode.Consortium.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program: who may connect, what it says, how it ends.
class ChaincodeServerTests {
    @TempDir static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void make_certificates() throws Exception {
        certificates = new Certificates(directory);
    }

    @Test
    void a_peer_with_the_right_certificate_is_served() throws Exception {
        var address = TestServer.freeAddress();
        try (var _ = TestServer.start(address, () -> NOW, certificates.options());
                var peer = dial(address, certificates.dialling(Optional.of("peer"), "ca"))) {
            assertThat(peer.evaluate(NOW, "version").status()).isEqualTo(200);
        }
    }

    @Test
    void nobody_else_is() throws Exception {
        var address = TestServer.freeAddress();
        try (var _ = TestServer.start(address, () -> NOW, certificates.options())) {
            assertRefused(address, certificates.dialling(Optional.of("stranger"), "ca"));
            assertRefused(address, certificates.dialling(Optional.empty(), "ca"));
            assertRefused(address, InsecureChannelCredentials.create());
        }
    }

    @Test
    void a_peer_does_not_believe_a_chaincode_of_another_authority() throws Exception {
        var address = TestServer.freeAddress();
        try (var _ = TestServer.start(address, () -> NOW, certificates.options())) {
            assertRefused(address, certificates.dialling(Optional.of("peer"), "stranger"));
        }
    }

    @Test
    void nothing_of_what_it_is_asked_is_in_what_it_prints() throws Exception {
        var now = Instant.now();
        var consortium = new Consortium(now);
        var address = TestServer.freeAddress();
        var secret = "zhang-wei-diabetes";
        var output = directory.resolve("output");
        var program = program(output, TestServer.PACKAGE_ID, "127.0.0.1:" + address.getPort());
        var asked = new ArrayList<>(List.of(secret, consortium.founding(), consortium.joining()));
        try {
            waitFor(output, "listens at");
            try (var peer = dial(address, InsecureChannelCredentials.create())) {
                for (var argument : List.copyOf(asked)) {
                    peer.submit(now, "apply", argument);
                    peer.submit(now, argument, argument);
                }
                peer.evaluate(
                        peer.proposal(now),
                        List.of(ByteString.copyFromUtf8("apply"), ByteString.copyFromUtf8(secret)));
                peer.breakDown();
                assertThat(peer.evaluate(now, "apply", consortium.founding()).status())
                        .isEqualTo(500);
            }
            waitFor(output, "A call failed");
        } finally {
            program.destroy();
            assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        asked.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        var parts = asked.stream().flatMap(text -> Stream.of(text.split("\\.")));
        assertThat(Files.readString(output))
                .contains("The chaincode " + TestServer.PACKAGE_ID + " listens at 127.0.0.1:")
                .doesNotContain(parts.map(part -> part.substring(0, 16)).toList())
                .doesNotContain("disk full");
    }

    @Test
    void a_port_that_is_taken_is_said_in_one_sentence() throws Exception {
        var address = TestServer.freeAddress();
        var output = directory.resolve("taken");
        try (var _ = TestServer.start(address, () -> NOW)) {
            var program = program(output, TestServer.PACKAGE_ID, "127.0.0.1:" + address.getPort());

            assertThat(program.onExit().get(20, TimeUnit.SECONDS).exitValue()).isEqualTo(1);
        }
        assertThat(Files.readString(output))
                .matches("It cannot listen at 127.0.0.1:[0-9]+: .*Address already in use\\.\n");
    }

    @Test
    void a_file_that_is_missing_is_said_in_one_sentence() throws Exception {
        var output = directory.resolve("missing");
        var options = certificates.options();
        options[3] = directory.resolve("nowhere.crt").toString();
        var arguments = Stream.concat(Stream.of("id:0", "127.0.0.1:0"), Arrays.stream(options));

        var program = program(output, arguments.toArray(String[]::new));

        assertThat(program.onExit().get(20, TimeUnit.SECONDS).exitValue()).isEqualTo(2);
        assertThat(Files.readString(output))
                .isEqualTo("The file of --tls-cert, " + options[3] + ", cannot be read.\n");
    }

    @Test
    void files_that_are_no_certificates_are_refused_in_one_sentence() throws Exception {
        var options = certificates.options();
        options[1] = options[3];

        assertThatThrownBy(() -> TestServer.start(TestServer.freeAddress(), () -> NOW, options))
                .isInstanceOf(ServerOptions.BadOptions.class)
                .hasMessageStartingWith("The TLS files cannot be used: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_command_line_that_is_not_understood_is_explained() {
        assertBad("Usage: ");
        assertBad("Usage: ", "id:0");
        assertBad("Usage: ", "", "127.0.0.1:1");
        assertBad("Usage: ", "id:0", "127.0.0.1:1", "--tls-key", "x");
        assertBad(
                "Usage: ", "id:0", "127.0.0.1:1", "--tls-key", "x", "--tls-cert", "y", "--z", "z");
        assertBad("'127.0.0.1' is not HOST:PORT.", "id:0", "127.0.0.1");
        assertBad("'127.0.0.1:70000' is not HOST:PORT.", "id:0", "127.0.0.1:70000");
        assertBad("There is no host 'no.such.host.invalid'.", "id:0", "no.such.host.invalid:1");
    }

    @Test
    void an_address_may_be_of_either_kind() throws Exception {
        assertThat(ServerOptions.parse("id:0", "[::1]:7019").address().getAddress())
                .isInstanceOf(Inet6Address.class);
        assertThat(ServerOptions.parse("id:0", "localhost:7019").address().getPort())
                .isEqualTo(7019);
    }

    private static void assertBad(String beginning, String... arguments) {
        assertThatThrownBy(() -> ServerOptions.parse(arguments))
                .isInstanceOf(ServerOptions.BadOptions.class)
                .hasMessageStartingWith(beginning);
    }

    private static FakePeer dial(InetSocketAddress address, ChannelCredentials credentials) {
        return FakePeer.dial(Consortium.LEDGER, address, credentials);
    }

    private static void assertRefused(InetSocketAddress address, ChannelCredentials credentials) {
        assertThatThrownBy(() -> dial(address, credentials).close())
                .hasCauseInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAVAILABLE");
    }

    private static Process program(Path output, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(ChaincodeServer.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static void waitFor(Path output, String text) throws Exception {
        for (var i = 0; i < 200 && !Files.readString(output).contains(text); i++) {
            Thread.sleep(100);
        }
        assertThat(Files.readString(output)).contains(text);
    }
}
