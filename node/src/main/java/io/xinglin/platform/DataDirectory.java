package io.xinglin.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The directory that holds everything a node keeps. One node at a time works on it, which a lock on `node.lock` sees to.
public final class DataDirectory {
    private static final String LOCK = "node.lock";

    private final Path home;

    private DataDirectory(Path home) {
        this.home = home;
    }

    /// This directory, made if it is not there, readable by its owner alone.
    static DataDirectory open(Path home) throws IOException {
        var absolute = home.toAbsolutePath().normalize();
        if (!Files.exists(absolute)) {
            Files.createDirectories(
                    absolute,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        return new DataDirectory(absolute);
    }

    /// Deletes everything a node has stored in this directory.
    ///
    /// @return false if there was nothing to delete
    /// @throws DataInUse if a node is running on it
    /// @throws IllegalArgumentException if it is not a node's directory
    public static boolean erase(Path home) {
        if (!Files.exists(home)) {
            return false;
        }
        if (!Files.exists(home.resolve(LOCK))) {
            throw new IllegalArgumentException(
                    home + " is not a node's data directory; nothing was deleted");
        }
        try {
            var directory = open(home);
            var lock = directory.lock().orElseThrow(() -> new DataInUse(home));
            directory.stopOrphan();
            directory.deleteAll();
            lock.acquiredBy().close();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path resolve(String name) {
        return home.resolve(name);
    }

    DataInUse inUse() {
        return new DataInUse(home);
    }

    /// The right to work on the directory until it is closed; empty while another process has it.
    Optional<FileLock> lock() throws IOException {
        var channel =
                FileChannel.open(
                        home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return Optional.ofNullable(lock);
    }

    /// Stops the database server that a killed node left behind. For the holder of the lock only.
    void stopOrphan() throws IOException {
        var pidFile = home.resolve("postgres/postmaster.pid");
        var orphan = firstLine(pidFile).map(Long::valueOf).flatMap(ProcessHandle::of);
        if (orphan.filter(DataDirectory::isPostgres).isEmpty()) {
            Files.deleteIfExists(pidFile);
            return;
        }
        orphan.get().destroy();
        try {
            orphan.get().onExit().get(30, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the database server of a killed node does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// The port of the running database server.
    int databasePort() throws IOException {
        List<String> lines = Files.readAllLines(home.resolve("postgres/postmaster.pid"));
        return Integer.parseInt(lines.get(3).strip());
    }

    private void deleteAll() throws IOException {
        try (var files = Files.walk(home)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Optional<String> firstLine(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream().findFirst().map(String::strip);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().filter(c -> c.contains("postgres")).isPresent();
    }

    /// Another node already runs on the data directory.
    public static final class DataInUse extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        DataInUse(Path home) {
            super("a node is running on " + home + "; stop it, or choose another DATA");
        }
    }
}
