package io.xinglin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The processor time a server has used, its PostgreSQL included, as Linux counts it.
///
/// @param java the server's own process
/// @param data its directory, where `postgres/postmaster.pid` names its database
record Cpu(ProcessHandle java, Path data) {
    /// Linux tells user space hundredths of a second, whatever the kernel counts in.
    private static final double MILLIS_PER_TICK = 10;

    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int USER_OF_ENDED_CHILDREN = 13;
    private static final int SYSTEM_OF_ENDED_CHILDREN = 14;

    /// Milliseconds since the server was started.
    double millis() throws IOException {
        var postmaster =
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst().strip();
        var ticks = ticks(stat(Long.toString(java.pid())), USER, SYSTEM);
        ticks +=
                ticks(
                        stat(postmaster),
                        USER,
                        SYSTEM,
                        USER_OF_ENDED_CHILDREN,
                        SYSTEM_OF_ENDED_CHILDREN);
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (var process : processes) {
                var stat = stat(process.getFileName().toString());
                if (stat.filter(it -> it[PARENT].equals(postmaster)).isPresent()) {
                    ticks += ticks(stat, USER, SYSTEM);
                }
            }
        }
        return ticks * MILLIS_PER_TICK;
    }

    private static long ticks(Optional<String[]> stat, int... fields) {
        var ticks = 0L;
        for (var field : fields) {
            ticks += stat.map(it -> Long.parseLong(it[field])).orElse(0L);
        }
        return ticks;
    }

    /// What follows the name of the program, which may hold anything; empty if the process has ended.
    private static Optional<String[]> stat(String process) throws IOException {
        try {
            var text = Files.readString(Path.of("/proc", process, "stat"));
            return Optional.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
