package io.xinglin.bench;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.transaction.support.TransactionTemplate;

/// An organisation's log: entries made durable by concurrent writers, and the moment they are all in a signed tree.
final class LogBench {
    private static final MemberId MEMBER = new MemberId("city-first-hospital");
    private static final Duration TIME = Duration.ofSeconds(5);

    private final SecureRandom random = new SecureRandom();
    private final Logs logs;
    private final TransactionTemplate transaction;

    private LogBench(Logs logs, TransactionTemplate transaction) {
        this.logs = logs;
        this.transaction = transaction;
    }

    static void run() throws Exception {
        var figures = new Figures("log");
        try (var node = new EmptyNode(true)) {
            new LogBench(node.get(Logs.class), node.get(TransactionTemplate.class))
                    .measure(figures);
        }
        figures.write();
    }

    private void measure(Figures figures) throws Exception {
        Load.run(8, Duration.ofSeconds(3), () -> append(100));
        awaitIntegrated();

        measure(figures, "entries, one a transaction, 16 writers", 16, 1);
        measure(figures, "entries, 200 a transaction, 4 writers", 4, 200);
        figures.note(
                "counted until every entry is in a tree whose checkpoint is signed and published; writers share commits, so that one writer's fsyncs are no bound");
    }

    private void measure(Figures figures, String name, int writers, int entries) throws Exception {
        var rates = new double[Load.RUNS];
        var medians = new double[Load.RUNS];
        var p99s = new double[Load.RUNS];
        for (var run = 0; run < Load.RUNS; run++) {
            var before = size();
            var begun = System.nanoTime();
            var appended = Load.run(writers, TIME, () -> append(entries));
            awaitIntegrated();
            rates[run] = (size() - before) / ((System.nanoTime() - begun) / 1e9);
            medians[run] = appended.millisMedian();
            p99s[run] = appended.millis99();
        }
        figures.add(Figure.of(name, "entries/s", rates));
        figures.add(Figure.of(name + ", median until durable", "ms", medians));
        figures.add(Figure.of(name + ", p99 until durable", "ms", p99s));
    }

    private long size() {
        return logs.status(MEMBER).orElseThrow().size().value();
    }

    private List<?> append(int entries) {
        var openings =
                IntStream.range(0, entries).mapToObj(i -> Opening.of(salt(), STATEMENT)).toList();
        return Objects.requireNonNull(
                transaction.execute(status -> logs.append(MEMBER, EntryKind.WRITE, openings)));
    }

    private static final byte[] STATEMENT = "{\"kind\":\"write\"}".getBytes(StandardCharsets.UTF_8);

    private byte[] salt() {
        var salt = new byte[32];
        random.nextBytes(salt);
        return salt;
    }

    /// Waits until a further entry, the last of all, has a receipt.
    private void awaitIntegrated() throws InterruptedException {
        var opening = Opening.of(salt(), STATEMENT);
        var last =
                Objects.requireNonNull(
                        transaction.execute(
                                status -> logs.append(MEMBER, EntryKind.WRITE, opening)));
        while (logs.receipt(MEMBER, last, opening).isEmpty()) {
            Thread.sleep(Duration.ofMillis(5));
        }
    }
}
