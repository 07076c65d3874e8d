package io.xinglin.ledger;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Runs what must neither run on the thread that asks for it nor hold it up.
interface Later extends Executor {
    /// The same, for what is to begin after a while.
    Executor after(Duration delay);

    /// A virtual thread for each command.
    Later ON_THREADS =
            new Later() {
                @Override
                public void execute(Runnable command) {
                    Thread.ofVirtual().start(command);
                }

                @Override
                public Executor after(Duration delay) {
                    return CompletableFuture.delayedExecutor(
                            delay.toMillis(), TimeUnit.MILLISECONDS, this);
                }
            };
}
