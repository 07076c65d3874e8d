package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// The hashes of one tile, filling from the left, and the subtrees over them.
final class Tile {
    private static final int HEIGHT = 8;

    private final byte[] hashes = new byte[TilePath.FULL * Hash.LENGTH];
    private int width;

    static Tile of(byte[] content, int width) {
        if (content.length != width * Hash.LENGTH) {
            throw new MalformedLogData(
                    "a tile of width " + width + " has " + content.length + " bytes");
        }
        var tile = new Tile();
        System.arraycopy(content, 0, tile.hashes, 0, content.length);
        tile.width = width;
        return tile;
    }

    void add(Hash hash) {
        hash.putInto(ByteBuffer.wrap(hashes, width * Hash.LENGTH, Hash.LENGTH));
        width++;
    }

    void clear() {
        width = 0;
    }

    int width() {
        return width;
    }

    byte[] content() {
        return Arrays.copyOf(hashes, width * Hash.LENGTH);
    }

    /// The root of 2^`height` hashes, from the `from`-th on.
    Hash subtree(int height, int from) {
        if (height == 0) {
            return Hash.of(hashes, from * Hash.LENGTH, (from + 1) * Hash.LENGTH);
        }
        var half = 1 << (height - 1);
        return Hash.node(subtree(height - 1, from), subtree(height - 1, from + half));
    }

    Hash root() {
        return subtree(HEIGHT, 0);
    }

    /// The root of all hashes here followed by `right`, the root of what lies to the right of them and below.
    Optional<Hash> rootWith(Optional<Hash> right) {
        var root = right;
        var from = width;
        for (var height = 0; height < HEIGHT; height++) {
            if ((width >> height & 1) == 1) {
                from -= 1 << height;
                var subtree = subtree(height, from);
                root = Optional.of(root.map(below -> Hash.node(subtree, below)).orElse(subtree));
            }
        }
        return root;
    }
}
