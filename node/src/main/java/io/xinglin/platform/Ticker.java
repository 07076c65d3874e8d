package io.xinglin.platform;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Time that only passes, whatever the clock on the wall is set to.
public interface Ticker {
    /// Nanoseconds since some moment; only differences mean something.
    long nanos();

    /// Waits for about this long.
    void pause(Duration time);

    /// The time of this machine.
    Ticker SYSTEM =
            new Ticker() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void pause(Duration time) {
                    LockSupport.parkNanos(time.toNanos());
                }
            };
}
