package io.xinglin.tlog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The files of a log in memory.
final class MemoryTiles implements TileReader, TileWriter {
    final Map<TilePath, byte[]> files = new HashMap<>();

    @Override
    public Optional<byte[]> read(TilePath path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public void write(TilePath path, byte[] content) {
        files.put(path, content);
    }
}
