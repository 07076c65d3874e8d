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

        figures.add(
                Figure.of(
                        "entries, one a transaction, 16 writers",
                        "entries/s",
                        Load.repeat(() -> measure(16, 1))));
        figures.add(
                Figure.of(
                        "entries, 200 a transaction, 4 writers",
                        "entries/s",
                        Load.repeat(() -> measure(4, 200))));
        figures.note(
                "counted until every entry is in a tree whose checkpoint is signed and published; writers share commits, so that one writer's fsyncs are no bound");
    }

    private double measure(int writers, int entries) throws Exception {
        var before = size();
        var begun = System.nanoTime();
        Load.run(writers, TIME, () -> append(entries));
        awaitIntegrated();
        return (size() - before) / ((System.nanoTime() - begun) / 1e9);
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
