package io.xinglin.ledger;

/// Where simulated transactions wait for their place.
interface Ordering extends AutoCloseable {
    /// Whether no more transactions are let in for now.
    boolean isFull();

    /// Lets a transaction wait for the next block, unless as many wait as may.
    boolean order(Pending pending);

    /// Stops after the block that is being written.
    @Override
    void close();
}
