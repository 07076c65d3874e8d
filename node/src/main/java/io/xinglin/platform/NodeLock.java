package io.xinglin.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Optional;

/// The right to be the one node on a data directory, held for as long as the node runs.
///
/// It is taken before a database of either kind is opened: two nodes on one directory would sign with the same keys, wherever
/// their tables are.
final class NodeLock implements AutoCloseable {
    private final DataDirectory home;
    private final Optional<FileLock> lock;

    private NodeLock(DataDirectory home, Optional<FileLock> lock) {
        this.home = home;
        this.lock = lock;
    }

    /// Takes the lock of this directory, which is made if it is not there.
    ///
    /// @throws DataDirectory.DataInUse if a node is running on it
    static NodeLock take(Path data) {
        try {
            var home = DataDirectory.open(data);
            return new NodeLock(home, Optional.of(home.lock().orElseThrow(home::inUse)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// For looking only: takes the lock if it is free, goes without if a node is running, and makes no directory.
    ///
    /// @throws DataDirectory.NoData if it is not a node's directory
    static NodeLock takeIfFree(Path data) {
        DataDirectory.requireNodes(data);
        try {
            var home = DataDirectory.open(data);
            return new NodeLock(home, home.lock());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DataDirectory home() {
        return home;
    }

    /// Whether no other node runs on the directory.
    boolean isHeld() {
        return lock.isPresent();
    }

    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            lock.get().acquiredBy().close();
        }
    }
}
