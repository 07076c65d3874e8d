package io.xinglin.platform;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EmbeddedDatabaseTests {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir Path data;

    @Test
    void it_is_durable_and_asks_for_a_password_and_keeps_data_over_a_restart() throws Exception {
        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            assertThat(query(database, "show fsync")).isEqualTo("on");
            assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "show full_page_writes")).isEqualTo("on");
            assertThat(query(database, "show data_checksums")).isEqualTo("on");
            assertThat(query(database, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(database, "show server_version")).startsWith("18");
            assertThat(
                            query(
                                    database,
                                    "select rolsuper::text from pg_roles where rolname = 'xinglin'"))
                    .isEqualTo("false");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(database.url(), "postgres", "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            execute(database, "create table kept as select 42 as answer");
        }

        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            assertThat(query(database, "select answer::text from kept")).isEqualTo("42");
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.resolve("postgres.pass"))))
                .isEqualTo("rw-------");
    }

    @Test
    void the_server_of_a_killed_node_is_stopped_before_a_new_one_starts() throws Exception {
        var killed = startAnotherNode();
        try (var output = killed.inputReader()) {
            assertThat(output.lines().anyMatch("started"::equals)).isTrue();
        }
        assertThatThrownBy(() -> NodeLock.take(data))
                .isInstanceOf(DataDirectory.DataInUse.class)
                .hasMessageContaining("a node is running");
        assertThatThrownBy(() -> DataDirectory.erase(data))
                .isInstanceOf(DataDirectory.DataInUse.class);
        try (var lock = NodeLock.takeIfFree(data);
                var reader = EmbeddedDatabase.start(lock, RANDOM, true)) {
            assertThat(query(reader, "select answer::text from kept")).isEqualTo("7");
        }

        killed.destroyForcibly().waitFor();

        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            assertThat(query(database, "select answer::text from kept")).isEqualTo("7");
        }
        assertThat(DataDirectory.erase(data)).hasValue(List.of());
        assertThat(data).doesNotExist();
        assertThat(DataDirectory.erase(data)).isEmpty();
    }

    @Test
    void a_server_that_dies_is_started_again_at_the_same_address() throws Exception {
        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            execute(database, "create table kept as select 42 as answer");
            for (var time = 0; time < 2; time++) {
                var server = lock.home().server().orElseThrow();
                server.destroyForcibly();
                server.onExit().join();

                await().atMost(60, SECONDS)
                        .ignoreExceptions()
                        .until(
                                () -> query(database, "select answer::text from kept"),
                                "42"::equals);
            }
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void a_process_id_of_before_takes_down_no_other_nodes_database(@TempDir Path copy)
            throws Exception {
        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            Files.createDirectories(copy.resolve("postgres"));
            Files.copy(
                    data.resolve("postgres/postmaster.pid"),
                    copy.resolve("postgres/postmaster.pid"));

            DataDirectory.open(copy).stopOrphan();

            assertThat(query(database, "select 'it still answers'")).isEqualTo("it still answers");
            assertThat(copy.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void a_kill_while_the_database_is_made_leaves_a_node_that_starts() throws Exception {
        var killed = startAnotherNode();
        var begun = data.resolve("postgres/postgresql.conf");
        while (killed.isAlive() && !Files.exists(begun)) {
            Thread.sleep(1);
        }
        killed.descendants().forEach(ProcessHandle::destroyForcibly);
        killed.destroyForcibly().waitFor();
        assertThat(data.resolve("postgres/global/pg_control")).doesNotExist();

        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            assertThat(query(database, "select 'it starts'")).isEqualTo("it starts");
        }
    }

    @Test
    void two_nodes_on_one_directory_do_not_run_whatever_their_databases_are() throws Exception {
        var other = startAnotherNode();
        try (var output = other.inputReader()) {
            assertThat(output.lines().anyMatch("started"::equals)).isTrue();
        }
        var second =
                new ApplicationContextRunner()
                        .withUserConfiguration(PlatformConfiguration.class)
                        .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
                        .withPropertyValues(
                                "xinglin.url=http://localhost",
                                "xinglin.data=" + data,
                                "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/elsewhere");
        try {
            second.run(
                    node ->
                            assertThat(node)
                                    .getFailure()
                                    .rootCause()
                                    .isInstanceOf(DataDirectory.DataInUse.class));
        } finally {
            other.destroyForcibly().waitFor();
            DataDirectory.open(data).stopOrphan();
        }
        second.run(node -> assertThat(node).hasNotFailed());
    }

    @Test
    void looking_makes_nothing() {
        var mistyped = data.resolve("mistyped");

        assertThatThrownBy(() -> NodeLock.takeIfFree(mistyped))
                .isInstanceOf(DataDirectory.NoData.class)
                .hasMessageContaining("mistyped");

        assertThat(mistyped).doesNotExist();
    }

    @Test
    void a_directory_that_is_not_a_nodes_is_never_erased() throws Exception {
        Files.writeString(data.resolve("thesis.txt"), "years of work");

        assertThatThrownBy(() -> DataDirectory.erase(data))
                .hasMessageContaining("not a node's data directory");

        assertThat(data.resolve("thesis.txt")).exists();
    }

    @Test
    void what_no_node_made_is_left_where_it_is() throws Exception {
        for (var name :
                List.of("node.lock", "postgres.pass", "ledger-block.key123.new", "thesis.txt")) {
            Files.writeString(data.resolve(name), "");
        }
        Files.createDirectories(data.resolve("log/city/tile"));
        Files.createDirectories(data.resolve("photos/2026"));

        assertThat(DataDirectory.erase(data)).hasValue(List.of("photos", "thesis.txt"));

        try (var left = Files.list(data)) {
            assertThat(left)
                    .containsExactlyInAnyOrder(data.resolve("photos"), data.resolve("thesis.txt"));
        }
        assertThatThrownBy(() -> DataDirectory.erase(data))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_password_that_a_crash_left_empty_before_there_was_a_database_is_made_anew()
            throws Exception {
        Files.writeString(data.resolve("postgres.pass"), "");

        try (var lock = NodeLock.take(data);
                var database = EmbeddedDatabase.start(lock, RANDOM, false)) {
            assertThat(database.password()).hasSize(48);
        }
    }

    private Process startAnotherNode() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .start();
    }

    /// A node in another process, which keeps running until it is killed.
    static final class Holder {
        public static void main(String[] args) throws Exception {
            var lock = NodeLock.take(Path.of(args[0]));
            var database = EmbeddedDatabase.start(lock, RANDOM, false);
            execute(database, "create table kept as select 7 as answer");
            try (var console = new PrintStream(new FileOutputStream(FileDescriptor.out), true)) {
                console.println("started");
            }
            new CountDownLatch(1).await();
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                database.url(), EmbeddedDatabase.ROLE, database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                database.url(), EmbeddedDatabase.ROLE, database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
