package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Findings;
import io.xinglin.tlog.LeafIndex;
import io.xinglin.tlog.NoteSigner;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was acknowledged is in the log, in its order, whenever the node is killed.
class CrashTests {
    private static final int CRASHES = 3;

    @Test
    void after_kill_9_nothing_acknowledged_is_lost_or_reordered_and_no_signed_root_is_contradicted(
            @TempDir Path data) throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var database = TestDatabase.empty();
        var keys = data.resolve("keys");
        writeKeys(keys);
        var acknowledged = new ArrayList<EntryId>();

        for (var crash = 0; crash < CRASHES; crash++) {
            acknowledged.addAll(
                    runAndKill(data, keys, Duration.ofMillis(random.nextInt(200, 1500))));
        }

        try (var node = new LogNode(database, data, signers(keys))) {
            node.sequencer.start();
            LogNode.await(() -> isSettled(node));
            assertThat(acknowledged).as("seed " + seed).isNotEmpty();
            assertThat(places(node, acknowledged)).isSorted().doesNotHaveDuplicates();
            var report = new Findings();
            node.check.run(report);
            assertThat(report.found()).as("seed " + seed).isEmpty();
        }
    }

    private static boolean isSettled(LogNode node) {
        var pending = node.jdbc.queryForObject("select count(*) from log.pending", Long.class);
        return Long.valueOf(0).equals(pending)
                && node.table.latestSize(HOSPITAL) == node.table.size(HOSPITAL);
    }

    private static List<LeafIndex> places(LogNode node, List<EntryId> acknowledged) {
        return acknowledged.stream()
                .map(id -> node.table.indexOf(HOSPITAL, id).orElseThrow())
                .toList();
    }

    /// Runs a writer in a process of its own, kills it, and gives back what it had been promised, in order.
    private static List<EntryId> runAndKill(Path data, Path keys, Duration life) throws Exception {
        var writer =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                TestDatabase.url(),
                                data.toString(),
                                keys.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var acknowledged = new ArrayList<EntryId>();
        try (var output = writer.inputReader()) {
            for (String line; (line = output.readLine()) != null; ) {
                if (line.length() == "entry ".length() + 36 && line.startsWith("entry ")) {
                    if (acknowledged.isEmpty()) {
                        killAfter(writer, life);
                    }
                    acknowledged.add(new EntryId(UUID.fromString(line.substring(6))));
                }
            }
        }
        writer.waitFor();
        return acknowledged;
    }

    private static void killAfter(Process writer, Duration life) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                writer.waitFor(life.toMillis(), TimeUnit.MILLISECONDS);
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            // Through its handle: the process itself would close the stream that is
                            // read here.
                            writer.toHandle().destroyForcibly();
                        });
    }

    /// Appends to two logs as fast as it can, and says of each entry of the first when it is committed.
    static final class Writer {
        public static void main(String[] args) throws Exception {
            // Not by TestDatabase: it would start a server of its own, and this process is killed.
            var database = LogNode.connect(args[0]);
            var node = new LogNode(database, Path.of(args[1]), signers(Path.of(args[2])));
            node.sequencer.start();
            var random = new Random();
            try (var out =
                    new PrintStream(
                            new FileOutputStream(FileDescriptor.out),
                            true,
                            StandardCharsets.UTF_8)) {
                while (true) {
                    for (var entry : node.append(HOSPITAL, 1 + random.nextInt(80))) {
                        out.println("entry " + entry);
                    }
                    node.append(CLINIC, 1);
                }
            }
        }
    }

    private static void writeKeys(Path file) throws Exception {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        try (var out = new ObjectOutputStream(Files.newOutputStream(file))) {
            out.writeObject(generator.generateKeyPair());
            out.writeObject(generator.generateKeyPair());
        }
    }

    private static Map<MemberId, NoteSigner> signers(Path file) throws IOException {
        try (var in = new ObjectInputStream(Files.newInputStream(file))) {
            return Map.of(
                    HOSPITAL,
                    NoteSigner.ed25519("a.example/log", (KeyPair) in.readObject()),
                    CLINIC,
                    NoteSigner.ed25519("b.example/log", (KeyPair) in.readObject()));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
