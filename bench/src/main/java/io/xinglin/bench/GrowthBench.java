package io.xinglin.bench;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.springframework.transaction.support.TransactionTemplate;

/// One organisation's log from empty to large: does it stay as fast as it was, and as small?
///
/// At each power of ten: how fast it grew since the last one, how long a receipt takes and how many bytes it has, the memory and
/// the disk in use; at a million entries and at the end, how long it takes to check the log.
final class GrowthBench {
    private static final long ENTRIES = Long.getLong("entries", 1_000_000L);
    private static final long CHECKED_FROM = 1_000_000;
    private static final int WRITERS = 4;
    private static final int AT_ONCE = 200;
    private static final int RECEIPTS = 500;
    private static final MemberId MEMBER = new MemberId("city-first-hospital");
    private static final byte[] STATEMENT = "{\"kind\":\"write\"}".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();
    private final EmptyNode node;
    private final Logs logs;
    private final TransactionTemplate transaction;
    private final List<Appended> kept = new ArrayList<>();

    private GrowthBench(EmptyNode node) {
        this.node = node;
        this.logs = node.get(Logs.class);
        this.transaction = node.get(TransactionTemplate.class);
    }

    private record Appended(EntryId id, Opening opening) {}

    static void run() throws Exception {
        var figures = new Figures("growth");
        try (var node = new EmptyNode(true)) {
            new GrowthBench(node).measure(figures);
        }
        figures.write();
    }

    private void measure(Figures figures) throws Exception {
        figures.note(
                String.format(
                        Locale.ROOT,
                        "heap at most %,d MB",
                        Runtime.getRuntime().maxMemory() / (1024 * 1024)));
        for (var size = 1_000L; size <= ENTRIES; size *= 10) {
            var at = "at %,d entries: ".formatted(size);
            figures.add(Figure.of(at + "appended", "entries/s", growTo(size)));
            receipts(figures, at);
            figures.add(Figure.of(at + "heap in use", "MB", heapMegabytes()));
            figures.add(Figure.of(at + "disk", "bytes/entry", bytes(node.data()) / (double) size));
            if (size >= CHECKED_FROM) {
                figures.add(Figure.of(at + "fsck of the log", "s", fsckSeconds()));
            }
        }
        figures.note(
                "appended %d a transaction by %d writers, until the last has a receipt"
                        .formatted(AT_ONCE, WRITERS));
    }

    /// @return entries a second
    private double growTo(long size) throws Exception {
        var before = size();
        var begun = System.nanoTime();
        var wanted = new AtomicLong(size - before);
        try (var executor = Executors.newFixedThreadPool(WRITERS)) {
            Callable<Boolean> writer =
                    () -> {
                        while (wanted.getAndAdd(-AT_ONCE) > 0) {
                            append();
                        }
                        return true;
                    };
            for (var done :
                    executor.invokeAll(
                            IntStream.range(0, WRITERS).mapToObj(_ -> writer).toList())) {
                done.get();
            }
        }
        var last = append();
        while (logs.receipt(MEMBER, last.id(), last.opening()).isEmpty()) {
            Thread.sleep(5);
        }
        return (size() - before) / ((System.nanoTime() - begun) / 1e9);
    }

    private long size() {
        return logs.status(MEMBER).map(status -> status.size().value()).orElse(0L);
    }

    private Appended append() {
        var openings =
                IntStream.range(0, AT_ONCE).mapToObj(_ -> Opening.of(salt(), STATEMENT)).toList();
        var ids =
                Objects.requireNonNull(
                        transaction.execute(_ -> logs.append(MEMBER, EntryKind.WRITE, openings)));
        var one = new Appended(ids.getLast(), openings.getLast());
        keep(one);
        return one;
    }

    /// A sample from the whole length of the log, so that proofs are made of all its parts.
    private synchronized void keep(Appended one) {
        if (kept.size() < RECEIPTS * 4) {
            kept.add(one);
        } else {
            kept.set(random.nextInt(kept.size()), one);
        }
    }

    private void receipts(Figures figures, String at) {
        var nanos = new long[RECEIPTS];
        var length = 0;
        for (var i = 0; i < RECEIPTS; i++) {
            var asked = kept.get(random.nextInt(kept.size()));
            var begun = System.nanoTime();
            length = logs.receipt(MEMBER, asked.id(), asked.opening()).orElseThrow().length();
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        figures.add(Figure.of(at + "a receipt, median", "ms", nanos[RECEIPTS / 2] / 1e6));
        figures.add(Figure.of(at + "a receipt, p99", "ms", nanos[RECEIPTS * 99 / 100] / 1e6));
        figures.add(Figure.of(at + "a receipt", "bytes", length));
    }

    private byte[] salt() {
        var salt = new byte[32];
        random.nextBytes(salt);
        return salt;
    }

    private static double heapMegabytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    }

    private static long bytes(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /// The log's own check: entries, tiles, checkpoints, anchors. Nothing else here has rows that these entries stand for.
    private double fsckSeconds() {
        var check =
                node.all(Check.class)
                        .filter(it -> it.name().startsWith("transparency logs"))
                        .findFirst()
                        .orElseThrow();
        var begun = System.nanoTime();
        check.run(
                new Report() {
                    @Override
                    public void checked(long items) {}

                    @Override
                    public void finding(String where, String what) {
                        throw new IllegalStateException(where + ": " + what);
                    }
                });
        return (System.nanoTime() - begun) / 1e9;
    }
}
