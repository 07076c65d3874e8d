package io.xinglin.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL server in the node's data directory, started and stopped with the node.
///
/// The library that brings it is made for tests: it comes with `fsync=off`, `synchronous_commit=off` and password-less
/// access. All three are turned round here. The server listens on loopback only, has no Unix socket and asks for a password
/// (SCRAM) that is made at first start and kept in `postgres.pass`, readable by the owner alone.
final class EmbeddedDatabase implements AutoCloseable {
    static final String ROLE = "xinglin";

    /// Where the server's programs are unpacked: not in a directory that other users of the machine can write to.
    private static final Path BINARIES =
            Path.of(System.getProperty("user.home"), ".cache", "xinglin", "postgres");

    private static final Duration STARTUP_LIMIT = Duration.ofSeconds(60);

    private final String url;
    private final String password;
    private final @Nullable EmbeddedPostgres server;
    private final @Nullable FileLock lock;

    private EmbeddedDatabase(
            int port, String password, @Nullable EmbeddedPostgres server, @Nullable FileLock lock) {
        this.url = jdbcUrl(port, ROLE);
        this.password = password;
        this.server = server;
        this.lock = lock;
    }

    /// Starts the server of this data directory, or joins the running one.
    ///
    /// @param join whether a node that already runs on the directory is joined instead of refused
    static EmbeddedDatabase start(Path data, SecureRandom random, boolean join) {
        try {
            var home = Files.createDirectories(data.toAbsolutePath());
            var lock = lock(home);
            var passwordFile = home.resolve("postgres.pass");
            if (lock.isEmpty()) {
                if (!join) {
                    throw new DataInUse(home);
                }
                return new EmbeddedDatabase(
                        runningPort(home), Files.readString(passwordFile), null, null);
            }
            stopOrphan(home);
            var password = password(passwordFile, random);
            var server = launch(home, passwordFile, password);
            createDatabase(server.getPort(), password);
            return new EmbeddedDatabase(server.getPort(), password, server, lock.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded database could not be prepared", e);
        }
    }

    String url() {
        return url;
    }

    String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        if (lock != null) {
            lock.acquiredBy().close();
        }
    }

    private static EmbeddedPostgres launch(Path home, Path passwordFile, String password)
            throws IOException {
        var log = ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
        var builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(home.resolve("postgres"))
                        .setCleanDataDirectory(false)
                        .setRegisterShutdownHook(false)
                        .setPGStartupWait(STARTUP_LIMIT)
                        .setOutputRedirector(log)
                        .setErrorRedirector(log)
                        .setConnectConfig("password", password)
                        .setLocaleConfig("auth", "scram-sha-256")
                        .setLocaleConfig("pwfile", passwordFile.toString())
                        .setLocaleConfig("locale", "C")
                        .setOverrideWorkingDirectory(BINARIES.toFile());
        SETTINGS.forEach(builder::setServerConfig);
        return builder.start();
    }

    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("fsync", "on"),
                    Map.entry("synchronous_commit", "on"),
                    Map.entry("full_page_writes", "on"),
                    Map.entry("listen_addresses", "127.0.0.1"),
                    Map.entry("unix_socket_directories", "''"),
                    Map.entry("max_connections", "64"),
                    Map.entry("shared_buffers", "128MB"),
                    Map.entry("max_wal_size", "2GB"),
                    Map.entry("wal_compression", "on"),
                    // A failed statement may hold personal data in its values or its detail: log
                    // neither.
                    Map.entry("log_min_error_statement", "panic"),
                    Map.entry("log_error_verbosity", "terse"));

    private static void createDatabase(int port, String password) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                jdbcUrl(port, "postgres"), "postgres", password);
                var statement = connection.createStatement()) {
            try (var found =
                    statement.executeQuery(
                            "select 1 from pg_database where datname = '" + ROLE + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("drop role if exists " + ROLE);
            statement.execute("create role " + ROLE + " login password '" + password + "'");
            statement.execute("create database " + ROLE + " owner " + ROLE);
        }
    }

    private static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:"
                + port
                + "/"
                + database
                + "?reWriteBatchedInserts=true";
    }

    private static Optional<FileLock> lock(Path home) throws IOException {
        var channel =
                FileChannel.open(
                        home.resolve("node.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        var lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return Optional.ofNullable(lock);
    }

    private static String password(Path file, SecureRandom random) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        var bytes = new byte[24];
        random.nextBytes(bytes);
        var password = HexFormat.of().formatHex(bytes);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password);
        return password;
    }

    /// A node that was killed leaves its server behind; we hold the lock, so nobody else can be using it.
    private static void stopOrphan(Path home) throws IOException {
        var pidFile = home.resolve("postgres/postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var orphan =
                ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst().strip()))
                        .filter(EmbeddedDatabase::isPostgres);
        if (orphan.isPresent()) {
            orphan.get().destroy();
            try {
                orphan.get().onExit().get(30, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                throw new IOException("the database server of a killed node does not stop", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        } else {
            Files.deleteIfExists(pidFile);
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().filter(c -> c.contains("postgres")).isPresent();
    }

    private static int runningPort(Path home) throws IOException {
        List<String> lines = Files.readAllLines(home.resolve("postgres/postmaster.pid"));
        return Integer.parseInt(lines.get(3).strip());
    }

    /// Another node already runs on the data directory.
    static final class DataInUse extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        DataInUse(Path home) {
            super("another node is running on " + home + "; stop it, or choose another DATA");
        }
    }
}
