package io.xinglin.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.Xinglin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.PortInUseException;

class StartFailuresTests {
    @TempDir Path data;

    @Test
    void a_second_node_on_the_same_data_says_so_in_a_sentence() throws Exception {
        try (var lock = DataDirectory.open(data).lock().orElseThrow().acquiredBy()) {
            assertThat(lock.isOpen()).isTrue();

            assertThat(errorsOfStarting())
                    .isEqualTo(
                            "the node does not start: a node is running on "
                                    + data
                                    + "; stop it, or choose another DATA\n");
        }
    }

    @Test
    void a_database_without_its_password_says_what_to_do() throws Exception {
        Files.createFile(data.resolve("postgres.pass"));
        Files.createDirectory(data.resolve("postgres"));
        Files.writeString(data.resolve("postgres/PG_VERSION"), "18");

        try (var lock = NodeLock.take(data)) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(lock, new SecureRandom(), false))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("postgres.pass is empty")
                    .hasMessageContaining("make reset");
        }
    }

    @Test
    void data_that_cannot_be_a_directory_says_so() throws Exception {
        var file = Files.createFile(data.resolve("file"));

        for (var wrong : List.of(file, file.resolve("below"))) {
            assertThatThrownBy(() -> DataDirectory.open(wrong))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining(wrong.toString())
                    .hasMessageContaining("choose a directory");
        }
    }

    @Test
    void a_port_in_use_is_named() {
        var failure = new IllegalStateException(new PortInUseException(8080));

        var analysis = Objects.requireNonNull(new StartFailures().analyze(failure));

        assertThat(analysis.getDescription()).contains("port 8080 is in use", "another PORT");
    }

    @Test
    void what_nobody_foresaw_is_left_to_others() {
        assertThat(new StartFailures().analyze(new IllegalStateException("oops"))).isNull();
    }

    /// What a node that does not start says on standard error.
    private String errorsOfStarting() throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Xinglin.class.getName());
        builder.environment().put("DATA", data.toString());
        var output = Files.createTempFile(data, "output", "");
        var node = builder.redirectOutput(output.toFile()).start();
        try (var errors = node.errorReader()) {
            var text = new StringBuilder();
            errors.lines().forEach(line -> text.append(line).append('\n'));
            assertThat(node.waitFor()).isEqualTo(1);
            assertThat(Files.readString(output)).doesNotContain("Exception", "\tat ");
            return text.toString();
        }
    }
}
