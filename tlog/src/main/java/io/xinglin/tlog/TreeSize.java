package io.xinglin.tlog;

/// How many leaves a tree has.
public record TreeSize(long value) implements Comparable<TreeSize> {
    /// Of the tree without leaves.
    public static final TreeSize ZERO = new TreeSize(0);

    public TreeSize {
        if (value < 0) {
            throw new MalformedLogData("a tree size is not negative");
        }
    }

    /// Reads a decimal number without leading zeroes.
    public static TreeSize parse(String decimal) {
        return new TreeSize(Decimal.parse(decimal));
    }

    @Override
    public int compareTo(TreeSize other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
