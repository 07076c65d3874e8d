package io.xinglin.tlog;

import java.util.HashMap;
import java.util.Map;

/// The hashes of any part of a tree of one size, from its tiles; each tile is read once.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6962#section-2.1 RFC 6962, section 2.1
final class Subtrees {
    private static final int BITS_A_LEVEL = 8;

    private final TileReader reader;
    private final long size;
    private final Map<TilePath, Tile> tiles = new HashMap<>();

    Subtrees(TileReader reader, TreeSize size) {
        this.reader = reader;
        this.size = size.value();
    }

    /// The hash of the leaves from `from` until before `to`, where `from` is a multiple of the greatest power of two below.
    Hash hash(long from, long to) {
        var count = to - from;
        if (Long.bitCount(count) == 1) {
            return perfect(Long.numberOfTrailingZeros(count), from);
        }
        var middle = from + split(count);
        return Hash.node(hash(from, middle), hash(middle, to));
    }

    /// The greatest power of two below `count`.
    static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    private Hash perfect(int height, long from) {
        var level = height / BITS_A_LEVEL;
        var place = from >> (level * BITS_A_LEVEL);
        var index = place / TilePath.FULL;
        var width = GrowingTree.countAt(level, size) - index * TilePath.FULL;
        var path = new TilePath.Hashes(level, index, (int) Math.min(width, TilePath.FULL));
        return tiles.computeIfAbsent(path, this::read)
                .subtree(height % BITS_A_LEVEL, (int) (place % TilePath.FULL));
    }

    private Tile read(TilePath path) {
        return Tile.of(reader.require(path), path.width());
    }
}
