package io.xinglin.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Runs an operation from several clients for a bounded time and keeps how long each call took.
final class Load {
    /// How often what can be repeated is measured.
    static final int RUNS = 3;

    /// How it went.
    ///
    /// @param perSecond operations finished in a second
    record Result(double perSecond, double millisMedian, double millis99) {}

    private Load() {}

    /// Runs `operation` [#RUNS] times from this many clients for this long each.
    static List<Result> repeat(int clients, Duration time, Callable<?> operation)
            throws InterruptedException, ExecutionException {
        var results = new ArrayList<Result>();
        for (var run = 0; run < RUNS; run++) {
            results.add(run(clients, time, operation));
        }
        return results;
    }

    /// Calls what measures a rate [#RUNS] times.
    static double[] repeat(Callable<Double> measurement) throws Exception {
        var rates = new double[RUNS];
        for (var run = 0; run < RUNS; run++) {
            rates[run] = measurement.call();
        }
        return rates;
    }

    /// Operations finished in a second, of each run.
    static double[] rates(List<Result> results) {
        return results.stream().mapToDouble(Result::perSecond).toArray();
    }

    /// Runs `operation` from this many clients for this long.
    static Result run(int clients, Duration time, Callable<?> operation)
            throws InterruptedException, ExecutionException {
        var end = System.nanoTime() + time.toNanos();
        return together(clients, () -> System.nanoTime() < end, operation);
    }

    /// Runs `operation` so many times, from this many clients together.
    static Result all(int clients, int times, Callable<?> operation)
            throws InterruptedException, ExecutionException {
        var left = new AtomicInteger(times);
        return together(clients, () -> left.getAndDecrement() > 0, operation);
    }

    private static Result together(int clients, BooleanSupplier more, Callable<?> operation)
            throws InterruptedException, ExecutionException {
        var nanos = new ConcurrentLinkedQueue<Long>();
        var start = System.nanoTime();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    IntStream.range(0, clients)
                            .mapToObj(
                                    _ ->
                                            executor.submit(
                                                    () -> {
                                                        while (more.getAsBoolean()) {
                                                            var begun = System.nanoTime();
                                                            operation.call();
                                                            nanos.add(System.nanoTime() - begun);
                                                        }
                                                        return true;
                                                    }))
                            .toList();
            for (var client : running) {
                client.get();
            }
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        return result(nanos.size() / seconds, nanos.stream().mapToLong(Long::longValue).toArray());
    }

    /// @param nanos how long each operation took
    static Result result(double perSecond, long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Result(perSecond, percentile(sorted, 50), percentile(sorted, 99));
    }

    static double median(double... values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double percentile(long[] sortedNanos, int percent) {
        return sortedNanos.length == 0
                ? 0
                : sortedNanos[Math.min(sortedNanos.length - 1, sortedNanos.length * percent / 100)]
                        / 1e6;
    }
}
