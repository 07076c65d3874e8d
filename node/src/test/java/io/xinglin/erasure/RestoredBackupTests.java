package io.xinglin.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Application;
import io.xinglin.Consortium;
import io.xinglin.Outside;
import io.xinglin.fsck.Fsck;
import io.xinglin.identity.TestUsers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A node that is started on a backup of before an erasure, three times the whole program.
@Tag("node")
class RestoredBackupTests {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path directory;

    @Test
    void a_backup_of_before_does_not_bring_back_what_was_erased() throws Exception {
        var data = directory.resolve("data");
        var backup = directory.resolve("backup");
        var patient = "";
        try (var node = start(data)) {
            patient = counter(node).patientSeenIn(1985, "AMB");
            settled(node);
        }
        copy(data, backup);
        try (var node = start(data)) {
            var counter = counter(node);
            counter.agree(counter.ask(patient));
            settled(node);
        }

        copy(data.resolve("erasures"), backup.resolve("erasures"));
        var erased = patient;
        try (var node = start(backup)) {
            var read = counter(node).read(Counter.DOCTOR, Counter.observation(erased));
            assertThat(read.status()).as(read.toString()).isIn(403, 404);
            await().atMost(PATIENCE).until(() -> keys(node, erased) == 0);
            assertThat(counter(node).read(Counter.DOCTOR, Counter.observation(erased)).status())
                    .isEqualTo(404);
            settled(node);
            assertThat(fsck(node)).contains("everything stored is what was proved");
        }
    }

    private static long keys(ConfigurableApplicationContext node, String patient) {
        return node.getBean(JdbcClient.class)
                .sql("select count(*) from records.compartment where owner = ?")
                .param(patient)
                .query(Long.class)
                .single();
    }

    private static String fsck(ConfigurableApplicationContext node) {
        var out = new ByteArrayOutputStream();
        node.getBean(Fsck.class).run(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void settled(ConfigurableApplicationContext node) {
        var jdbc = node.getBean(JdbcClient.class);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                jdbc.sql("select count(*) from log.pending")
                                                .query(Long.class)
                                                .single()
                                        == 0);
    }

    private static Counter counter(ConfigurableApplicationContext node) {
        return new Counter(node.getBean(Outside.class));
    }

    private static ConfigurableApplicationContext start(Path data) throws Exception {
        var port = 0;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        return new SpringApplicationBuilder(
                        Application.class, Consortium.class, Outside.class, TestUsers.class)
                .run(
                        "--xinglin.data=" + data,
                        "--server.port=" + port,
                        "--xinglin.url=http://localhost:" + port);
    }

    private static void copy(Path from, Path to) throws Exception {
        var copying =
                new ProcessBuilder("cp", "-a", from.toString(), to.toString()).inheritIO().start();
        assertThat(copying.waitFor()).isZero();
    }
}
