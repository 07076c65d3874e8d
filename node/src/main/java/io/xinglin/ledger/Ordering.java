package io.xinglin.ledger;

import java.time.Instant;

/// Where simulated transactions wait for their place.
interface Ordering extends AutoCloseable {
    /// Whether it looks, for all at once, at what each simulation took for new; then none needs to look itself.
    boolean looks();

    /// Whether no more transactions are let in for now.
    boolean isFull();

    /// Lets a transaction wait for the next block, unless as many wait as may.
    boolean order(Pending pending);

    /// Whether a transaction that was let in before this time still waits, in this run of the node or since an earlier one.
    default boolean waitsSince(Instant time) {
        return false;
    }

    /// Stops after the block that is being written.
    @Override
    void close();
}
