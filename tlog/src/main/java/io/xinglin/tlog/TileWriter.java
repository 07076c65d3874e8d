package io.xinglin.tlog;

/// Takes parts of a log.
@FunctionalInterface
public interface TileWriter {
    /// Takes this part; what was at its place before is replaced.
    void write(TilePath path, byte[] content);
}
