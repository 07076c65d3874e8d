package io.xinglin.tlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tree that grows at its right edge, in memory that does not grow with it.
///
/// Full tiles and bundles go to the writer as soon as they are full; [#writeEdge] writes the rest of what a checkpoint at
/// this size needs. Not for use by several threads at once.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6962#section-2.1 RFC 6962, section 2.1
public final class GrowingTree {
    private static final int BITS_A_LEVEL = 8;

    private final TileWriter writer;
    private final List<Tile> edge = new ArrayList<>();
    private final List<byte[]> entries = new ArrayList<>();
    private long size;

    private GrowingTree(TileWriter writer) {
        this.writer = writer;
    }

    /// A tree without leaves.
    public static GrowingTree empty(TileWriter writer) {
        return new GrowingTree(writer);
    }

    /// The tree of this size whose tiles are already written.
    ///
    /// It reads the right edge only and believes it: compare [#root] with what was signed. The entries there are those whose
    /// hashes the tiles have.
    ///
    /// @throws MalformedLogData if they are not
    public static GrowingTree resume(TileReader tiles, TreeSize size, TileWriter writer) {
        var tree = new GrowingTree(writer);
        tree.size = size.value();
        for (var level = 0; countAt(level, size.value()) > 0; level++) {
            tree.edge.add(readEdge(tiles, level, size.value()));
        }
        var width = (int) (size.value() % TilePath.FULL);
        if (width > 0) {
            var path = new TilePath.Entries(size.value() / TilePath.FULL, width);
            tree.entries.addAll(EntryBundle.parse(tiles.require(path)));
        }
        if (tree.entries.size() != width) {
            throw new MalformedLogData("the last entry bundle does not have " + width + " entries");
        }
        for (var i = 0; i < width; i++) {
            if (!Hash.leaf(tree.entries.get(i)).equals(tree.edge.getFirst().subtree(0, i))) {
                throw new MalformedLogData(
                        "entry " + i + " of the last bundle does not have the hash in its tile");
            }
        }
        return tree;
    }

    private static Tile readEdge(TileReader tiles, int level, long size) {
        var count = countAt(level, size);
        var width = (int) (count % TilePath.FULL);
        if (width == 0) {
            return new Tile();
        }
        var path = new TilePath.Hashes(level, count / TilePath.FULL, width);
        return Tile.of(tiles.require(path), width);
    }

    /// How many hashes a tree of this size has at a level of tiles.
    static long countAt(int level, long size) {
        return level * BITS_A_LEVEL >= Long.SIZE ? 0 : size >> (level * BITS_A_LEVEL);
    }

    /// Adds an entry at the end.
    public LeafIndex append(byte[] entry) {
        var index = new LeafIndex(size);
        entries.add(EntryBundle.checked(entry));
        if (entries.size() == TilePath.FULL) {
            var path = new TilePath.Entries(size / TilePath.FULL, TilePath.FULL);
            writer.write(path, EntryBundle.format(entries));
            entries.clear();
        }
        add(0, Hash.leaf(entry));
        size++;
        return index;
    }

    private void add(int level, Hash hash) {
        if (level == edge.size()) {
            edge.add(new Tile());
        }
        var tile = edge.get(level);
        tile.add(hash);
        if (tile.width() == TilePath.FULL) {
            var path = new TilePath.Hashes(level, countAt(level + 1, size), TilePath.FULL);
            writer.write(path, tile.content());
            var root = tile.root();
            tile.clear();
            add(level + 1, root);
        }
    }

    /// Writes the partial tiles and the partial bundle of this size.
    public void writeEdge() {
        if (!entries.isEmpty()) {
            var path = new TilePath.Entries(size / TilePath.FULL, entries.size());
            writer.write(path, EntryBundle.format(entries));
        }
        for (var level = 0; level < edge.size(); level++) {
            var tile = edge.get(level);
            if (tile.width() > 0) {
                var index = countAt(level + 1, size);
                writer.write(new TilePath.Hashes(level, index, tile.width()), tile.content());
            }
        }
    }

    /// How many entries there are.
    public TreeSize size() {
        return new TreeSize(size);
    }

    /// The root of the tree as it is.
    public Hash root() {
        var root = Optional.<Hash>empty();
        for (var tile : edge) {
            root = tile.rootWith(root);
        }
        return root.orElse(Hash.OF_EMPTY_TREE);
    }
}
