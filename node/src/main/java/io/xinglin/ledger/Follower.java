package io.xinglin.ledger;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds one listener, on a thread of its own.
final class Follower implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int BATCH_MAX = 500;
    private static final long PAUSE_MILLIS = 1_000;

    private final WorldState state;
    private final Consumer<LedgerEvent> listener;
    private final Thread thread = Thread.ofVirtual().name("ledger-follower").unstarted(this::run);
    private Position position;
    private volatile boolean closed;

    private Follower(WorldState state, Position position, Consumer<LedgerEvent> listener) {
        this.state = state;
        this.position = position;
        this.listener = listener;
    }

    static Follower start(WorldState state, Position position, Consumer<LedgerEvent> listener) {
        var follower = new Follower(state, position, listener);
        follower.thread.start();
        return follower;
    }

    @Override
    public void close() {
        // No interrupt: it would break the database connection in use.
        closed = true;
        state.wake();
    }

    private void run() {
        while (!closed) {
            var height = state.height();
            try {
                if (!deliver()) {
                    state.awaitMoreThan(height, () -> closed);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                pauseAfter(e);
            }
        }
    }

    /// Whether there was anything to deliver.
    private boolean deliver() {
        var batch = state.after(position, BATCH_MAX);
        for (var event : batch) {
            if (closed) {
                return true;
            }
            listener.accept(event);
            position = event.position();
        }
        return !batch.isEmpty();
    }

    private void pauseAfter(RuntimeException e) {
        if (closed) {
            return;
        }
        LOG.warn("a follower of the ledger failed at {}: {}", position, e.getClass().getName());
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            closed = true;
        }
    }
}
