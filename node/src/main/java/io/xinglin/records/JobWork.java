package io.xinglin.records;

import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.Ticker;
import io.xinglin.records.Job.State;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Does the jobs, one part of each in turn, on one thread that rests as long as it works: whoever waits for an answer comes first.
@Component
class JobWork {
    private static final Logger LOG = LoggerFactory.getLogger(JobWork.class);
    private static final int FAILURES_MAX = 5;
    private static final Duration REST_MAX = Duration.ofSeconds(2);

    private final JobTable table;
    private final Jobs jobs;
    private final Exports exports;
    private final Imports imports;
    private final NodeProperties node;
    private final InstantSource time;
    private final AtomicBoolean isAtWork = new AtomicBoolean();
    private final Map<UUID, Integer> failures = new HashMap<>();
    private volatile boolean isOver;

    JobWork(
            JobTable table,
            Jobs jobs,
            Exports exports,
            Imports imports,
            NodeProperties node,
            InstantSource time) {
        this.table = table;
        this.jobs = jobs;
        this.exports = exports;
        this.imports = imports;
        this.node = node;
        this.time = time;
    }

    /// Looks for something to do; after a restart that is what was not finished.
    @Scheduled(initialDelay = 500, fixedDelay = 500)
    void look() {
        if (!node.readOnly() && !isOver && isAtWork.compareAndSet(false, true)) {
            Thread.ofVirtual().name("jobs").start(this::work);
        }
    }

    private void work() {
        try {
            for (var active = table.active(); !active.isEmpty(); active = table.active()) {
                for (var job : active) {
                    if (isOver) {
                        return;
                    }
                    var begin = Ticker.SYSTEM.nanos();
                    step(job);
                    var rest = Duration.ofNanos(Ticker.SYSTEM.nanos() - begin);
                    Ticker.SYSTEM.pause(rest.compareTo(REST_MAX) > 0 ? REST_MAX : rest);
                }
            }
        } catch (RuntimeException e) {
            if (!isOver) {
                LOG.warn("jobs wait: {}", Failure.of(e));
            }
        } finally {
            isAtWork.set(false);
        }
    }

    private void step(Job job) {
        try {
            var opened = jobs.open(job);
            var goesOn =
                    switch (job.kind()) {
                        case EXPORT -> exports.step(opened);
                        case IMPORT -> imports.step(opened);
                    };
            if (!goesOn) {
                table.end(job.id(), State.DONE, time.instant());
            }
            failures.remove(job.id());
        } catch (Exports.Deleted _) {
            failures.remove(job.id());
        } catch (RuntimeException e) {
            if (isOver) {
                return;
            }
            LOG.warn("job {} does not go on: {}", job.id(), Failure.of(e));
            var count = failures.merge(job.id(), 1, Integer::sum);
            if (count >= FAILURES_MAX) {
                table.end(job.id(), State.FAILED, time.instant());
                failures.remove(job.id());
            } else {
                Ticker.SYSTEM.pause(Duration.ofSeconds(count));
            }
        }
    }

    /// Nothing more is begun; what is being done is finished.
    @PreDestroy
    void end() {
        isOver = true;
        while (isAtWork.get()) {
            Ticker.SYSTEM.pause(Duration.ofMillis(5));
        }
    }
}
