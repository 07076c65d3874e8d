package io.xinglin.tlog;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Where a part of a log is found, on disk and over HTTP alike.
///
/// A part is 256 wide, or narrower at the right edge of the tree; a narrow one is the beginning of the full one.
///
/// @spec https://c2sp.org/tlog-tiles tlog-tiles
public sealed interface TilePath {
    /// How many hashes or entries a full part has.
    int FULL = 256;

    /// The highest level that the specification allows.
    int LEVEL_MAX = 63;

    /// Which of its row, from the left; the first is 0.
    long index();

    /// How many hashes or entries, 1 to 256.
    int width();

    /// The same part at another width.
    TilePath withWidth(int width);

    /// A row of hashes of the tree, each the root of 256^`level` leaves.
    record Hashes(int level, long index, int width) implements TilePath {
        public Hashes {
            if (level < 0 || level > LEVEL_MAX) {
                throw new MalformedLogData("a tile's level is 0 to 63");
            }
            checkPlace(index, width);
        }

        @Override
        public Hashes withWidth(int other) {
            return new Hashes(level, index, other);
        }

        @Override
        public String toString() {
            return "tile/" + level + "/" + place(index, width);
        }
    }

    /// A row of the entries themselves.
    record Entries(long index, int width) implements TilePath {
        public Entries {
            checkPlace(index, width);
        }

        @Override
        public Entries withWidth(int other) {
            return new Entries(index, other);
        }

        @Override
        public String toString() {
            return "tile/entries/" + place(index, width);
        }
    }

    /// Whether it lacks something on the right.
    default boolean isPartial() {
        return width() < FULL;
    }

    /// Reads a path as `toString` writes it; empty for anything else, however close.
    static Optional<TilePath> parse(String path) {
        return TilePathForm.parse(path);
    }

    /// Every part that a log of this size has, bundles first.
    static Stream<TilePath> ofLog(TreeSize size) {
        var bundles = row(size.value()).map(it -> (TilePath) new Entries(it.index(), it.width()));
        var levels =
                IntStream.rangeClosed(0, LEVEL_MAX)
                        .takeWhile(level -> GrowingTree.countAt(level, size.value()) > 0)
                        .boxed()
                        .flatMap(
                                level ->
                                        row(GrowingTree.countAt(level, size.value()))
                                                .map(
                                                        it ->
                                                                new Hashes(
                                                                        level,
                                                                        it.index(),
                                                                        it.width())));
        return Stream.concat(bundles, levels);
    }

    /// So many hashes or entries, cut into parts.
    private static Stream<Entries> row(long count) {
        return LongStream.iterate(0, from -> from < count, from -> from + FULL)
                .mapToObj(from -> new Entries(from / FULL, (int) Math.min(FULL, count - from)));
    }

    private static void checkPlace(long index, int width) {
        if (index < 0) {
            throw new MalformedLogData("a tile's index is not negative");
        }
        if (width < 1 || width > FULL) {
            throw new MalformedLogData("a tile's width is 1 to 256");
        }
    }

    private static String place(long index, int width) {
        var path = new StringBuilder(threeDigits(index));
        for (var rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x" + threeDigits(rest) + "/");
        }
        return width < FULL ? path + ".p/" + width : path.toString();
    }

    /// Not by a format: those write the digits of the locale.
    private static String threeDigits(long number) {
        return Long.toString(1000 + number % 1000).substring(1);
    }
}
