package io.xinglin.sandbox;

import io.xinglin.platform.ThrowAwayDatabases.ThrowAwayDatabase;
import io.xinglin.sandbox.Trial.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/// One visitor's copy, until it expires. One thing is done with it at a time.
final class Sandbox implements AutoCloseable {
    private final String id;
    private final Instant expires;
    private final ThrowAwayDatabase database;
    private final Path directory;
    private final Copy copy;
    private final Storage storage;
    private final List<Target> targets;
    private Trial trial;
    private boolean closed;

    Sandbox(String id, Instant expires, ThrowAwayDatabase database, Path directory, Copy copy) {
        this.id = id;
        this.expires = expires;
        this.database = database;
        this.directory = directory;
        this.copy = copy;
        this.storage = new Storage(database.dataSource(), copy::files);
        this.targets = List.copyOf(storage.targets());
        this.trial = Trial.run(Optional.empty(), copy.checks());
    }

    String id() {
        return id;
    }

    Instant expires() {
        return expires;
    }

    List<Target> targets() {
        return targets;
    }

    Copy copy() {
        return copy;
    }

    /// What the checks said last.
    synchronized Trial trial() {
        return trial;
    }

    synchronized byte[] read(Target target) {
        requireOpen();
        return storage.read(target);
    }

    /// Puts another byte in the place of one and lets everyone look. What was changed before is put right first.
    ///
    /// @param to the other byte; empty for the one with the last bit turned over
    /// @throws IllegalArgumentException if there is no such byte, or it is this one already, or it cannot be stored there
    synchronized void change(Target target, int at, Optional<Byte> to) {
        undo();
        var content = storage.read(target);
        if (at < 0 || at >= content.length) {
            throw new IllegalArgumentException("no such byte");
        }
        var before = content[at];
        content[at] = to.orElse((byte) (before ^ 1));
        if (content[at] == before) {
            throw new IllegalArgumentException("it is this byte already");
        }
        storage.write(target, content);
        trial = Trial.run(Optional.of(new Change(target, at, before, content[at])), copy.checks());
    }

    /// Puts the changed byte right and lets everyone look again.
    synchronized void undo() {
        requireOpen();
        trial.change()
                .ifPresent(
                        change -> {
                            var content = storage.read(change.target());
                            content[change.at()] = change.before();
                            storage.write(change.target(), content);
                            trial = Trial.run(Optional.empty(), copy.checks());
                        });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the sandbox is gone");
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        database.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
