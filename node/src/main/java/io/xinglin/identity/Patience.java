package io.xinglin.identity;

import io.xinglin.ledger.LedgerUnavailable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// At a start there is time: what the ledger cannot do now is tried again until it can.
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Patience() {}

    static void until(Runnable task) {
        var said = "";
        while (true) {
            try {
                task.run();
                return;
            } catch (LedgerUnavailable e) {
                var why = String.valueOf(e.getMessage());
                if (!why.equals(said)) {
                    LOG.info("{}", why);
                    said = why;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }
}
