package io.xinglin.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Runs worlds, several at a time, each in one thread of its own making.
final class Simulation {
    private final Edges edges;
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final AtomicLong next;
    private final long end;
    private final long deadline;
    private long happenings;
    private int worlds;
    private @Nullable Failed failed;

    private Simulation(Edges edges, long first, int count, Duration limit) {
        this.edges = edges;
        this.next = new AtomicLong(first);
        this.end = first + count;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /// What went wrong in a world, if anything did.
    record Failed(long seed, AssertionError why) {}

    /// What came of one world.
    record Told(
            long digest, long happenings, Optional<Failed> failed, Map<Fault, Integer> faults) {}

    /// Runs the world of one seed and tells its story.
    static Told run(long seed, Edges edges, Optional<PrintStream> out) {
        try (var world = new World(seed, edges, out)) {
            Optional<Failed> failed = Optional.empty();
            try {
                world.run();
            } catch (AssertionError e) {
                world.tell("world", String.valueOf(e.getMessage()));
                failed = Optional.of(new Failed(seed, e));
            }
            return new Told(
                    world.story().digest(), world.scheduler().count(), failed, world.counts());
        }
    }

    /// Runs the worlds of so many seeds, up to the first in which something goes wrong, for so long at most.
    static Simulation run(Edges edges, long first, int count, Duration limit) {
        var simulation = new Simulation(edges, first, count, limit);
        var threads = Runtime.getRuntime().availableProcessors();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (var i = 0; i < threads; i++) {
                pool.execute(simulation::work);
            }
        }
        return simulation;
    }

    private void work() {
        for (var seed = next.getAndIncrement();
                seed < end && failed().isEmpty() && System.nanoTime() - deadline < 0;
                seed = next.getAndIncrement()) {
            take(told(seed));
        }
    }

    /// A world that breaks in another way than it should be able to has failed as well: else its thread would end, and nobody would know.
    private Told told(long seed) {
        try {
            return run(seed, edges, Optional.empty());
        } catch (RuntimeException | Error e) {
            var broken = new AssertionError("the world breaks: " + e, e);
            return new Told(0, 0, Optional.of(new Failed(seed, broken)), Map.of());
        }
    }

    private synchronized void take(Told told) {
        worlds++;
        happenings += told.happenings();
        told.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
        told.failed()
                .filter(it -> failed == null || it.seed() < failed.seed())
                .ifPresent(it -> failed = it);
    }

    synchronized Optional<Failed> failed() {
        return Optional.ofNullable(failed);
    }

    /// How many worlds there were, what happened in them, and what went wrong on purpose.
    synchronized String summary() {
        return "%,d worlds, %,d happenings, faults %s".formatted(worlds, happenings, faults);
    }

    synchronized int worlds() {
        return worlds;
    }

    /// What went wrong on purpose in one world at least.
    synchronized Set<Fault> faults() {
        return Set.copyOf(faults.keySet());
    }
}
