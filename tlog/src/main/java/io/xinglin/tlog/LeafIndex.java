package io.xinglin.tlog;

/// The place of an entry in a log; the first is 0.
public record LeafIndex(long value) implements Comparable<LeafIndex> {
    public LeafIndex {
        if (value < 0) {
            throw new MalformedLogData("a leaf index is not negative");
        }
    }

    /// Reads a decimal number without leading zeroes.
    public static LeafIndex parse(String decimal) {
        return new LeafIndex(Decimal.parse(decimal));
    }

    /// Whether a tree of this size has this leaf.
    public boolean isIn(TreeSize size) {
        return value < size.value();
    }

    @Override
    public int compareTo(LeafIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
