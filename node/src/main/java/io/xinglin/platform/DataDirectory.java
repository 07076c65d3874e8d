package io.xinglin.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// The directory that holds everything a node keeps. One node at a time works on it, which a lock on `node.lock` sees to.
public final class DataDirectory {
    private static final String LOCK = "node.lock";
    private static final String DATABASE = "postgres";

    /// Is there while the database is being made for the first time.
    private static final String UNFINISHED = "postgres.unfinished";

    /// Everything that a node makes here; what its modules add to the directory must be added to these.
    private static final Set<String> NAMES =
            Set.of(
                    "erasures",
                    "introduction.json",
                    "jobs",
                    "keystore.p12",
                    "keystore.pass",
                    "ledger-block.key",
                    "log",
                    "postgres",
                    "postgres.log",
                    "postgres.pass",
                    UNFINISHED,
                    "ledger-head",
                    "sample-users.json",
                    "sandbox",
                    LOCK);

    /// What a crash may leave of a file that was about to appear.
    private static final Pattern DRAFT =
            Pattern.compile(
                    "(introduction\\.json|keystore\\.p12|keystore\\.pass|ledger-block\\.key|ledger-head|postgres\\.pass|sample-users\\.json).*\\.new");

    private final Path home;

    private DataDirectory(Path home) {
        this.home = home;
    }

    /// This directory, made if it is not there, readable by its owner alone.
    static DataDirectory open(Path home) throws IOException {
        var absolute = home.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(
                        absolute,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (FileSystemException e) {
            throw new CannotStart(
                    "DATA "
                            + absolute
                            + " cannot be made ("
                            + e.getClass().getSimpleName()
                            + "): choose a directory that this user may write to");
        }
        if (!Files.isWritable(absolute)) {
            throw new CannotStart(
                    "this user may not write to DATA " + absolute + ": choose another directory");
        }
        return new DataDirectory(absolute);
    }

    /// Makes sure that a node has worked on this directory.
    ///
    /// @throws NoData if none has
    public static void requireNodes(Path home) {
        if (!isNodes(home)) {
            throw new NoData(home);
        }
    }

    private static boolean isNodes(Path home) {
        return Files.exists(home.resolve(LOCK));
    }

    /// Deletes everything a node has stored in this directory, and nothing else; the directory too if it is empty then.
    ///
    /// @return what was left because no node made it, in order; nothing if there is no such directory
    /// @throws DataInUse if a node is running on it
    /// @throws IllegalArgumentException if it is not a node's directory
    public static Optional<List<String>> erase(Path home) {
        if (!Files.exists(home)) {
            return Optional.empty();
        }
        if (!isNodes(home)) {
            throw new IllegalArgumentException(
                    home + " is not a node's data directory; nothing was deleted");
        }
        try {
            var directory = open(home);
            var lock = directory.lock().orElseThrow(() -> new DataInUse(home));
            directory.stopOrphan();
            var left = directory.deleteAll();
            lock.acquiredBy().close();
            return Optional.of(left);
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

    NoData noData() {
        return new NoData(home);
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

    /// Where the database server keeps its files.
    Path database() {
        return home.resolve(DATABASE);
    }

    /// Whether the database was made, and not only begun.
    boolean hasDatabase() {
        return Files.exists(database()) && !Files.exists(home.resolve(UNFINISHED));
    }

    /// Clears the place for a new database, unless there is one. What a kill left of an unfinished one holds nothing yet.
    void prepareDatabase() throws IOException {
        if (hasDatabase()) {
            return;
        }
        if (Files.exists(database())) {
            delete(database());
        }
        Files.writeString(home.resolve(UNFINISHED), "");
    }

    /// Notes that the database is made.
    void finishDatabase() {
        try {
            Files.deleteIfExists(home.resolve(UNFINISHED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops the database server that a killed node left behind. For the holder of the lock only.
    void stopOrphan() throws IOException {
        var orphan = server();
        if (orphan.isEmpty()) {
            Files.deleteIfExists(pidFile());
            return;
        }
        try {
            // A fast shutdown: SIGTERM would wait for everyone who is connected.
            new ProcessBuilder("sh", "-c", "kill -INT " + orphan.get().pid()).start().waitFor();
            orphan.get().onExit().get(30, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the database server of a killed node does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// The database server that runs here.
    Optional<ProcessHandle> server() throws IOException {
        return firstLine(pidFile())
                .map(Long::valueOf)
                .flatMap(ProcessHandle::of)
                .filter(this::isServerHere);
    }

    /// The port of the running database server.
    int databasePort() throws IOException {
        List<String> lines = Files.readAllLines(pidFile());
        return Integer.parseInt(lines.get(3).strip());
    }

    private Path pidFile() {
        return database().resolve("postmaster.pid");
    }

    /// Whether the node made what bears this name.
    static boolean isOurs(String name) {
        return NAMES.contains(name) || DRAFT.matcher(name).matches();
    }

    /// Writes a file that its owner alone can read; it appears whole or not at all.
    void write(String name, String text) throws IOException {
        OwnerFile.write(resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> deleteAll() throws IOException {
        var left = new ArrayList<String>();
        for (var name : names()) {
            if (!isOurs(name)) {
                left.add(name);
            } else if (!name.equals(LOCK)) {
                delete(home.resolve(name));
            }
        }
        // The last, so that what is left of an interrupted reset can be reset.
        Files.delete(home.resolve(LOCK));
        if (left.isEmpty()) {
            Files.delete(home);
        }
        return left;
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
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

    /// The process id may be another program's by now, or the server of the node that this directory is a copy of.
    private boolean isServerHere(ProcessHandle process) {
        var arguments = List.of(process.info().arguments().orElse(new String[0]));
        var directory = arguments.indexOf("-D") + 1;
        return process.info().command().filter(it -> it.contains("postgres")).isPresent()
                && directory > 0
                && directory < arguments.size()
                && isDatabase(Path.of(arguments.get(directory)));
    }

    /// Whether it is our database's directory, under whatever name.
    private boolean isDatabase(Path directory) {
        try {
            return Files.isSameFile(directory, database());
        } catch (IOException _) {
            return false;
        }
    }

    /// Another node already runs on the data directory.
    public static final class DataInUse extends CannotStart {
        private static final long serialVersionUID = 1L;

        DataInUse(Path home) {
            super("a node is running on " + home + "; stop it, or choose another DATA");
        }
    }

    /// There is nothing to look at.
    public static final class NoData extends CannotStart {
        private static final long serialVersionUID = 1L;

        NoData(Path home) {
            super("no node has stored anything in " + home + "; say where it is with DATA");
        }
    }
}
