package io.xinglin.tlog;

import java.util.Optional;

/// Gives parts of a log: from disk, over HTTP, from memory.
@FunctionalInterface
public interface TileReader {
    /// The content of a part; empty if it is not there. Whether the content is right is the caller's question.
    Optional<byte[]> read(TilePath path);

    /// The content of a part that must be there.
    default byte[] require(TilePath path) {
        return read(path).orElseThrow(() -> new MissingTile(path));
    }
}
