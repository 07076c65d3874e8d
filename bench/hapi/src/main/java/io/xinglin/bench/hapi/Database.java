package io.xinglin.bench.hapi;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The same PostgreSQL with the same settings as a node's: as durable, as much memory, on loopback.
final class Database implements AutoCloseable {
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "fsync", "on",
                    "synchronous_commit", "on",
                    "full_page_writes", "on",
                    "listen_addresses", "127.0.0.1",
                    "unix_socket_directories", "''",
                    "max_connections", "64",
                    "shared_buffers", "128MB",
                    "max_wal_size", "2GB",
                    "wal_compression", "on");

    private final EmbeddedPostgres server;

    private Database(EmbeddedPostgres server) {
        this.server = server;
    }

    static Database start(Path home) throws IOException {
        var log =
                ProcessBuilder.Redirect.appendTo(
                        Files.createDirectories(home).resolve("postgres.log").toFile());
        var builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(home.resolve("postgres"))
                        .setOverrideWorkingDirectory(home.resolve("binaries").toFile())
                        .setRegisterShutdownHook(false)
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .setOutputRedirector(log)
                        .setErrorRedirector(log)
                        .setLocaleConfig("locale", "C");
        SETTINGS.forEach(builder::setServerConfig);
        return new Database(builder.start());
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:"
                + server.getPort()
                + "/postgres?user=postgres&reWriteBatchedInserts=true";
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
