package io.xinglin.ledger;

import java.time.Instant;
import java.util.Optional;

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

    /// What puts transactions in order.
    default LedgerStatus.Engine engine() {
        return LedgerStatus.Engine.EMBEDDED;
    }

    /// Why nothing is ordered any more; empty while all is well.
    default Optional<String> stopped() {
        return Optional.empty();
    }

    /// What is known of the channel, if the members order.
    default Optional<LedgerStatus.Channel> channel() {
        return Optional.empty();
    }

    /// Stops after the block that is being written.
    @Override
    void close();
}
