package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Gives promised entries their places, grows the trees and signs checkpoints: one thread for all logs of the node.
///
/// It takes turns: one batch of each log, then the next of each. A log that fails rests and is opened anew, so that one
/// broken log stops no other.
@Component
class Sequencer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    private static final int BATCH = 5_000;

    /// Entries that come within this time are given their places together: a checkpoint covers them no sooner, and a round costs
    /// more than what caused it. Those who wait for a receipt do not notice, nobody else waits.
    private static final Duration GATHERING = Duration.ofMillis(50);

    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMillis(800);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration REST_AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration REST_WHILE_BROKEN = Duration.ofMinutes(1);

    private final LogTable table;
    private final LogKeys keys;
    private final LogFiles files;
    private final Anchorage anchorage;
    private final SignedHeads heads;
    private final InstantSource clock;
    private final Ticker ticker;
    private final TransactionTemplate transaction;
    private final boolean enabled;
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final Map<MemberId, Turn> turns = new HashMap<>();
    private volatile @Nullable Thread thread;

    Sequencer(
            LogTable table,
            LogKeys keys,
            LogFiles files,
            Anchorage anchorage,
            SignedHeads heads,
            InstantSource clock,
            Ticker ticker,
            TransactionTemplate transaction,
            NodeProperties node) {
        this.table = table;
        this.keys = keys;
        this.files = files;
        this.anchorage = anchorage;
        this.heads = heads;
        this.clock = clock;
        this.ticker = ticker;
        this.transaction = transaction;
        this.enabled = !node.readOnly();
    }

    /// Says that there are promised entries; without it they wait for up to half a second.
    void ring() {
        bell.offer(true);
    }

    private void run() {
        try {
            while (thread == Thread.currentThread()) {
                if (!round()) {
                    await();
                }
            }
        } catch (Error e) {
            LOG.error("the logs are not looked after any more: restart the node", e);
            thread = null;
            throw e;
        }
    }

    /// One turn of each log.
    ///
    /// @return whether more is waiting
    boolean round() {
        var more = false;
        try {
            var hosted = keys.hosted();
            var waiting = table.waiting(hosted);
            for (var organisation : hosted) {
                var turn = turns.computeIfAbsent(organisation, Turn::new);
                more |= turn.take(waiting.contains(organisation));
            }
        } catch (RuntimeException e) {
            LOG.error("the logs cannot be looked after now", e);
        }
        return more;
    }

    private void await() {
        try {
            var due = turns.values().stream().anyMatch(Turn::isBehind);
            if (bell.poll((due ? BETWEEN_CHECKPOINTS : IDLE).toMillis(), TimeUnit.MILLISECONDS)
                    != null) {
                Thread.sleep(GATHERING);
                bell.clear();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One log's part of the work.
    private final class Turn {
        private final MemberId organisation;
        private @Nullable OrganisationLog log;
        private long notBefore = ticker.nanos();
        private long nextCheckpoint = ticker.nanos();

        Turn(MemberId organisation) {
            this.organisation = organisation;
        }

        boolean isBehind() {
            return log != null && log.hasNews();
        }

        /// @return whether more is waiting than was taken
        boolean take(boolean waiting) {
            if (ticker.nanos() - notBefore < 0) {
                return false;
            }
            try {
                var open = log == null ? open() : log;
                log = open;
                var placed = waiting ? place() : List.<LogTable.Placed>of();
                open.append(placed);
                if (open.hasNews() && ticker.nanos() - nextCheckpoint >= 0) {
                    open.sign();
                    nextCheckpoint = ticker.nanos() + BETWEEN_CHECKPOINTS.toNanos();
                }
                open.head().ifPresent(head -> heads.put(organisation, head));
                return placed.size() == BATCH;
            } catch (BrokenLog e) {
                LOG.error("{}", e.getMessage());
                rest(REST_WHILE_BROKEN);
            } catch (RuntimeException e) {
                LOG.error("log {} rests for {}", organisation, REST_AFTER_FAILURE, e);
                rest(REST_AFTER_FAILURE);
            }
            return false;
        }

        /// What is in memory may be half done: it is made anew from the database.
        private void rest(Duration time) {
            log = null;
            notBefore = ticker.nanos() + time.toNanos();
        }

        private List<LogTable.Placed> place() {
            return transaction.execute(_ -> table.place(organisation, BATCH));
        }

        private OrganisationLog open() {
            return OrganisationLog.open(
                    organisation,
                    table,
                    files.of(organisation),
                    keys.signer(organisation),
                    clock,
                    anchorage.latest(organisation));
        }
    }

    @Override
    public void start() {
        if (enabled) {
            var started = Thread.ofPlatform().name("log-sequencer").daemon().unstarted(this::run);
            thread = started;
            started.start();
        }
    }

    @Override
    public void stop() {
        var stopped = thread;
        thread = null;
        ring();
        try {
            if (stopped != null) {
                stopped.join(Duration.ofSeconds(20));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /// Before the web server starts, and until after it has stopped.
    @Override
    public int getPhase() {
        return 0;
    }
}
