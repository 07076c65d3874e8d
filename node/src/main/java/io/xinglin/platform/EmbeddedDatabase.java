package io.xinglin.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real PostgreSQL server in the node's data directory, started and stopped with the node.
///
/// The library that brings it is made for tests: it comes with `fsync=off`, `synchronous_commit=off` and password-less
/// access. All three are turned round here. The server listens on loopback only, has no Unix socket and asks for a password
/// (SCRAM) that is made at first start and kept in `postgres.pass`, readable by the owner alone.
///
/// Should the server end while the node runs, it is started again at the same address.
final class EmbeddedDatabase implements AutoCloseable {
    static final String ROLE = "xinglin";
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String PASSWORD = "postgres.pass";

    /// Where the server's programs are unpacked: not in a directory that other users of the machine can write to.
    private static final Path BINARIES =
            Path.of(System.getProperty("user.home"), ".cache", "xinglin", "postgres");

    private static final Duration STARTUP_LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final DataDirectory home;
    private final int port;
    private final String url;
    private final String password;
    private final @Nullable EmbeddedPostgres server;
    private boolean closed;

    private EmbeddedDatabase(
            DataDirectory home, int port, String password, @Nullable EmbeddedPostgres server) {
        this.home = home;
        this.port = port;
        this.url = jdbcUrl(port, ROLE);
        this.password = password;
        this.server = server;
    }

    /// Starts the server of a data directory, or joins the running one if another node has the lock.
    ///
    /// @param readOnly whether one must be there already
    /// @throws DataDirectory.NoData if it is not
    static EmbeddedDatabase start(NodeLock lock, SecureRandom random, boolean readOnly) {
        try {
            var home = lock.home();
            var passwordFile = home.resolve(PASSWORD);
            if (readOnly && !home.hasDatabase()) {
                throw home.noData();
            }
            if (!lock.isHeld()) {
                return new EmbeddedDatabase(
                        home, home.databasePort(), Files.readString(passwordFile), null);
            }
            home.stopOrphan();
            home.prepareDatabase();
            var password = password(home, random);
            var server = launched(home, password);
            createDatabase(server.getPort(), password);
            var database = new EmbeddedDatabase(home, server.getPort(), password, server);
            database.watch();
            return database;
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

    /// Makes another database of this server, for the same role.
    ///
    /// @return its address
    String create(String name) {
        administer("create database " + name + " owner " + ROLE);
        return jdbcUrl(port, name);
    }

    /// Deletes a database that [#create] made, whoever is connected to it.
    void drop(String name) {
        administer("drop database if exists " + name + " with (force)");
    }

    /// The databases whose names begin so.
    List<String> named(String prefix) {
        try (var connection = administrator();
                var query =
                        connection.prepareStatement(
                                "select datname from pg_database where starts_with(datname, ?)")) {
            query.setString(1, prefix);
            var names = new ArrayList<String>();
            try (var found = query.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded database does not answer", e);
        }
    }

    private void administer(String sql) {
        try (var connection = administrator();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded database does not do this: " + sql, e);
        }
    }

    private Connection administrator() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(port, "postgres"), "postgres", password);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        notifyAll();
        if (server != null) {
            server.close();
        }
    }

    private void watch() throws IOException {
        var running =
                home.server().orElseThrow(() -> new IOException("the database server is gone"));
        var command = command(running.info());
        var unused =
                running.onExit()
                        .thenRunAsync(
                                () -> startAgain(command),
                                task ->
                                        Thread.ofPlatform()
                                                .daemon()
                                                .name("database-again")
                                                .start(task));
    }

    /// What the server was started with. It does not run as root.
    private static List<String> command(ProcessHandle.Info server) throws IOException {
        var command = new ArrayList<String>();
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(server.command().orElseThrow(() -> new IOException("no command is known")));
        command.addAll(List.of(server.arguments().orElse(new String[0])));
        return List.copyOf(command);
    }

    /// What was committed is there again; who was connected connects anew.
    ///
    /// The file that names the dead server stays where it is: by it the new one sees whether somebody of the old one still writes, and
    /// ends at once as long as that is so.
    private synchronized void startAgain(List<String> command) {
        LOG.error("PostgreSQL has ended and is started again; why is in postgres.log");
        try {
            var runs = false;
            while (!closed && !runs) {
                wait(PAUSE.toMillis());
                runs = !closed && isStartedAgain(command);
            }
        } catch (IOException e) {
            LOG.error("PostgreSQL cannot be started again", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStartedAgain(List<String> command) throws IOException, InterruptedException {
        var log = ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
        var process = new ProcessBuilder(command).redirectOutput(log).redirectError(log).start();
        while (process.isAlive() && !closed) {
            if (answers()) {
                LOG.info("PostgreSQL runs again");
                watch();
                return true;
            }
            wait(PAUSE.toMillis());
        }
        return false;
    }

    private boolean answers() {
        try (var connection = administrator()) {
            return connection.isValid(1);
        } catch (SQLException _) {
            return false;
        }
    }

    private static EmbeddedPostgres launched(DataDirectory home, String password)
            throws IOException {
        try {
            return launch(home, password);
        } catch (IllegalStateException _) {
            throw new CannotStart(
                    "PostgreSQL does not start in "
                            + home.database()
                            + ": is the disk full? Its own words are in "
                            + home.resolve("postgres.log"));
        }
    }

    private static EmbeddedPostgres launch(DataDirectory home, String password) throws IOException {
        var log = ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
        var builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(home.database())
                        .setDataDirectoryCustomizer(_ -> home.finishDatabase())
                        .setCleanDataDirectory(false)
                        .setRegisterShutdownHook(false)
                        .setPGStartupWait(STARTUP_LIMIT)
                        .setOutputRedirector(log)
                        .setErrorRedirector(log)
                        .setConnectConfig("password", password)
                        .setLocaleConfig("auth", "scram-sha-256")
                        .setLocaleConfig("pwfile", home.resolve(PASSWORD).toString())
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

    private static String password(DataDirectory home, SecureRandom random) throws IOException {
        var file = home.resolve(PASSWORD);
        var known = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!known.isEmpty()) {
            return known;
        }
        if (Files.exists(home.resolve("postgres/PG_VERSION"))) {
            throw new CannotStart(
                    file
                            + " is empty or missing, and the database beside it does not open without it;"
                            + " put it back from a copy, or begin anew with make reset");
        }
        var bytes = new byte[24];
        random.nextBytes(bytes);
        var password = HexFormat.of().formatHex(bytes);
        home.write(PASSWORD, password);
        return password;
    }
}
