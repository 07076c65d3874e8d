package io.xinglin.ledger;

import java.util.Comparator;

/// A place in the order of all transactions.
///
/// @param block the number of the block
/// @param index the place in the block, -1 for before the first
public record Position(long block, int index) implements Comparable<Position> {
    /// Before everything.
    public static final Position START = new Position(0, -1);

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::block).thenComparingInt(Position::index);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
