package io.xinglin.ledger;

/// A place in the order of all transactions.
///
/// @param block the number of the block
/// @param index the place in the block, -1 for before the first
public record Position(long block, int index) {
    /// Before everything.
    public static final Position START = new Position(0, -1);
}
