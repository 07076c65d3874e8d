package io.xinglin.sandbox;

import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.ThrowAwayDatabases;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/// The copies that visitors have now: a few at a time, each for a few minutes.
@Component
class Sandboxes {
    static final int MAX = 4;
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);
    private static final int ID_LENGTH = 16;

    private final Optional<ThrowAwayDatabases> databases;
    private final Path directory;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Semaphore free = new Semaphore(MAX);
    private final Map<String, Sandbox> open = new ConcurrentHashMap<>();

    Sandboxes(
            ObjectProvider<ThrowAwayDatabases> databases,
            NodeProperties node,
            InstantSource clock,
            SecureRandom random)
            throws IOException {
        this.databases = Optional.ofNullable(databases.getIfAvailable());
        this.directory = node.data().resolve("sandbox");
        this.clock = clock;
        this.random = random;
        if (!node.readOnly()) {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    /// Whether this node can have any: it needs the embedded database.
    boolean isPossible() {
        return databases.isPresent();
    }

    /// How many there are now.
    int count() {
        return MAX - free.availablePermits();
    }

    /// Makes one; empty if there are too many.
    Optional<Sandbox> make() {
        if (databases.isEmpty() || !free.tryAcquire()) {
            return Optional.empty();
        }
        try {
            var made = make(databases.get());
            open.put(made.id(), made);
            return Optional.of(made);
        } catch (RuntimeException e) {
            free.release();
            throw e;
        }
    }

    private Sandbox make(ThrowAwayDatabases server) {
        var id = newId();
        var files = directory.resolve(id);
        var database = server.create();
        try {
            Files.createDirectories(files);
            var copy = Copy.make(database.dataSource(), files, clock, random);
            return new Sandbox(id, clock.instant().plus(LIFETIME), database, files, copy);
        } catch (IOException e) {
            database.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // Its files are few; the next start deletes them.
            database.close();
            throw e;
        }
    }

    Optional<Sandbox> find(String id) {
        return Optional.ofNullable(open.get(id))
                .filter(found -> clock.instant().isBefore(found.expires()));
    }

    /// Ends one before its time.
    void end(String id) {
        Optional.ofNullable(open.remove(id)).ifPresent(this::close);
    }

    @Scheduled(fixedDelay = 5_000)
    void sweep() {
        var now = clock.instant();
        List.copyOf(open.values()).stream()
                .filter(sandbox -> !now.isBefore(sandbox.expires()))
                .forEach(sandbox -> end(sandbox.id()));
    }

    @PreDestroy
    void endAll() {
        List.copyOf(open.keySet()).forEach(this::end);
    }

    private void close(Sandbox sandbox) {
        try {
            sandbox.close();
        } catch (RuntimeException e) {
            // The next start deletes what is left.
            LOG.warn("a sandbox was not thrown away whole: {}", e.getClass().getName());
        } finally {
            free.release();
        }
    }

    private String newId() {
        var bytes = new byte[ID_LENGTH];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
