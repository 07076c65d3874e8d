package io.xinglin.bench;

import io.xinglin.story.Commands;
import io.xinglin.story.RunningNode;
import io.xinglin.story.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The sealed record store beside HAPI's JPA server, which seals and proves nothing: the same resources, the same requests from the
/// same client, on the same machine, in turn. Both run all the time; only one is asked at a time.
///
/// Settings: `-Dround.seconds=5` how long each is asked in a turn, `-Drounds=3`, `-Donly=read,search` what is measured,
/// `-Dprofile=true` to write a profile of the node for each operation, `-Dalone=true` to leave the peer out.
final class PeerBench {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("round.seconds", 5));
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final String ONLY = System.getProperty("only", "");
    private static final boolean PROFILE = Boolean.getBoolean("profile");
    private static final boolean ALONE = Boolean.getBoolean("alone");

    /// Both pools hold as many connections as there are clients, and some for what goes on behind.
    private static final int CONNECTIONS = 16;

    private static final String ORGANISATION = "/fhir/city-first-hospital";

    private final Figures figures;
    private final Loaded ours;
    private final Optional<Loaded> peer;
    private final List<Loaded> sides;
    private final List<byte[]> bundles;

    /// A side and what is known of what is in it.
    private record Loaded(Side side, Sample sample) {}

    /// Something that can be asked of either side.
    private interface Operation {
        void run(Loaded loaded) throws IOException, InterruptedException;
    }

    /// What came of asking one side for a while.
    ///
    /// @param cpuMillis processor time of the server for each operation
    private record Turn(Load.Result result, double cpuMillis) {}

    private PeerBench(Figures figures, Loaded ours, Optional<Loaded> peer, List<byte[]> bundles) {
        this.figures = figures;
        this.ours = ours;
        this.peer = peer;
        this.sides = Stream.concat(Stream.of(ours), peer.stream()).toList();
        this.bundles = bundles;
    }

    static void run(Path program, Path hapi, Path sample, Path bin) throws Exception {
        var figures = new Figures("peer");
        var data = Files.createTempDirectory("xinglin-peer");
        var begun = System.nanoTime();
        try (var node =
                RunningNode.start(
                        program,
                        data.resolve("node"),
                        "--xinglin.sample-records=false",
                        "--xinglin.database.connections=" + CONNECTIONS)) {
            var ready = Figure.of("first start to ready", "s", (System.nanoTime() - begun) / 1e9);
            var ours =
                    new Side(
                            "Xinglin",
                            URI.create(node.url() + ORGANISATION),
                            () -> Commands.token(bin, node, "integrator"),
                            new Cpu(node.process(), node.data()));
            var lines = Sample.lines(sample);
            if (ALONE) {
                figures.add(ready);
                measure(figures, ours, Optional.empty(), lines);
            } else {
                beside(figures, ready, ours, hapi, data.resolve("hapi"), lines);
            }
        } finally {
            Trees.delete(data);
        }
        figures.write();
    }

    private static void beside(
            Figures figures, Figure ready, Side ours, Path hapi, Path data, List<byte[]> lines)
            throws Exception {
        var begun = System.nanoTime();
        try (var server = HapiProcess.start(hapi, data, CONNECTIONS)) {
            figures.add(ready.beside("HAPI", (System.nanoTime() - begun) / 1e9));
            var peer = new Side("HAPI", server.base(), () -> "", new Cpu(server.process(), data));
            measure(figures, ours, Optional.of(peer), lines);
        }
    }

    private static void measure(Figures figures, Side ours, Optional<Side> peer, List<byte[]> lines)
            throws Exception {
        new PeerBench(
                        figures,
                        new Loaded(ours, new Sample()),
                        peer.map(side -> new Loaded(side, new Sample())),
                        Sample.patients(lines))
                .all(Sample.directory(lines));
    }

    private void all(List<byte[]> directory) throws Exception {
        figures.note("load average " + Files.readString(Path.of("/proc/loadavg")).strip());
        for (var loaded : sides) {
            first(loaded, directory);
        }
        load(1);
        load(8);
        for (var clients : new int[] {1, 8}) {
            measure("create Observation", clients, PeerBench::create);
            measure("read Observation", clients, read(Sample::observations, ""));
            measure("read a version", clients, read(Sample::observations, "/_history/1"));
            measure("history of 5 versions", clients, read(Sample::histories, ""));
            measure("search by patient and code", clients, read(Sample::searches, ""));
        }
        everything();
        beside(
                Figure.of("resident size of Java", "MB", ours.side.residentMegabytes()),
                peer.isPresent() ? peer.get().side.residentMegabytes() : 0);
        figures.note("load average " + Files.readString(Path.of("/proc/loadavg")).strip());
        figures.note("ratio: ours / HAPI's; of a rate more is better, of everything else less");
    }

    private void beside(Figure figure, double theirs) {
        figures.add(peer.map(it -> figure.beside(it.side.name(), theirs)).orElse(figure));
    }

    private boolean isWanted(String name) {
        return ONLY.isEmpty() || Stream.of(ONLY.split(",", -1)).anyMatch(name::contains);
    }

    /// Loads every patient once, which warms a side up and gives the reads something to read.
    private void first(Loaded loaded, List<byte[]> directory) throws Exception {
        loaded.side.signIn();
        for (var bundle : directory) {
            loaded.side.post("", bundle);
        }
        for (var bundle : bundles) {
            loaded.sample.stored(bundle, loaded.side.post("", bundle));
        }
        loaded.sample.change(loaded.side);
    }

    private void load(int clients) throws Exception {
        if (!isWanted("bundle load")) {
            return;
        }
        var resources = Sample.resources(bundles);
        var before = bytesOnDisk();
        var turns = new Turns("bundle load" + clients(clients), "resources/s", resources);
        for (var round = 0; round < Math.ceilDiv(ROUNDS, 3); round++) {
            turns.ours.add(load(ours, clients));
            if (peer.isPresent()) {
                turns.peer.add(load(peer.get(), clients));
            }
        }
        if (PROFILE) {
            profile("bundle load" + clients(clients), () -> load(ours, clients));
        } else if (clients == 1) {
            var after = bytesOnDisk();
            var each = (double) turns.ours.size() * resources;
            beside(
                    Figure.of("disk of a resource", "bytes", (after[0] - before[0]) / each),
                    (after[1] - before[1]) / each);
        }
        turns.print();
    }

    /// Ours, and the peer's.
    private long[] bytesOnDisk() throws IOException {
        return new long[] {
            ours.side.bytesOnDisk(), peer.isPresent() ? peer.get().side.bytesOnDisk() : 0
        };
    }

    /// All patients once more; each is a new patient.
    private Turn load(Loaded loaded, int clients) throws Exception {
        loaded.side.signIn();
        var next = new AtomicInteger();
        return turn(
                loaded,
                bundles.size(),
                () ->
                        Load.all(
                                clients,
                                bundles.size(),
                                () -> loaded.side.post("", bundles.get(next.getAndIncrement()))));
    }

    private void everything() throws Exception {
        var name = "$everything of the largest record";
        if (!isWanted(name)) {
            return;
        }
        ours.side.signIn();
        if (!ours.side.answers(ours.sample.everything())) {
            figures.note(name + ": Xinglin does not do this yet");
            return;
        }
        measure(name, 1, loaded -> loaded.side.get(loaded.sample.everything()));
    }

    private static void create(Loaded loaded) throws IOException, InterruptedException {
        loaded.side.post("/Observation", any(loaded.sample.creations()));
    }

    private interface Paths {
        List<String> of(Sample sample);
    }

    private static Operation read(Paths paths, String suffix) {
        return loaded -> loaded.side.get(any(paths.of(loaded.sample)) + suffix);
    }

    private static <T> T any(List<T> list) {
        return list.get(ThreadLocalRandom.current().nextInt(list.size()));
    }

    private void measure(String name, int clients, Operation operation) throws Exception {
        if (!isWanted(name)) {
            return;
        }
        var turns = new Turns(name + clients(clients), "operations/s", 1);
        for (var loaded : sides) {
            loaded.side.signIn();
            Load.run(clients, TIME.dividedBy(2), () -> asked(operation, loaded));
        }
        for (var round = 0; round < ROUNDS; round++) {
            turns.ours.add(turn(ours, clients, operation));
            if (peer.isPresent()) {
                turns.peer.add(turn(peer.get(), clients, operation));
            }
        }
        if (PROFILE) {
            profile(
                    name + clients(clients),
                    () -> Load.run(clients, TIME, () -> asked(operation, ours)));
        }
        turns.print();
    }

    private static Turn turn(Loaded loaded, int clients, Operation operation) throws Exception {
        return turn(loaded, 0, () -> Load.run(clients, TIME, () -> asked(operation, loaded)));
    }

    private static boolean asked(Operation operation, Loaded loaded)
            throws IOException, InterruptedException {
        operation.run(loaded);
        return true;
    }

    private interface Asking {
        Load.Result run() throws Exception;
    }

    /// @param operations how many there are; 0 if that follows from the rate
    private static Turn turn(Loaded loaded, int operations, Asking asking) throws Exception {
        var begun = System.nanoTime();
        var before = loaded.side.cpu().millis();
        var result = asking.run();
        var used = loaded.side.cpu().millis() - before;
        var seconds = (System.nanoTime() - begun) / 1e9;
        return new Turn(
                result, used / (operations > 0 ? operations : result.perSecond() * seconds));
    }

    /// Once more, watched: Java's own profiler costs a little, so this is not measured.
    private void profile(String name, Callable<?> asking) throws Exception {
        var file =
                Files.createDirectories(Path.of("target/bench"))
                        .toAbsolutePath()
                        .resolve(name.replaceAll("[^\\w]+", "-") + ".jfr");
        jcmd("JFR.start", "name=bench", "settings=profile");
        asking.call();
        jcmd("JFR.stop", "name=bench", "filename=" + file);
    }

    private void jcmd(String... command) throws IOException, InterruptedException {
        var jcmd =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(ours.side.cpu().java().pid())));
        jcmd.addAll(List.of(command));
        var ended = Commands.run(Map.of(), jcmd);
        if (ended.code() != 0) {
            throw new IOException(ended.printed());
        }
    }

    private static String clients(int clients) {
        return ", %d client%s".formatted(clients, clients == 1 ? "" : "s");
    }

    /// What both sides did in turn, of one operation.
    private final class Turns {
        private final List<Turn> ours = new ArrayList<>();
        private final List<Turn> peer = new ArrayList<>();
        private final String name;
        private final String unit;
        private final int each;

        /// @param each how many of the unit all operations of a turn together are; 1 if each is one
        Turns(String name, String unit, int each) {
            this.name = name;
            this.unit = unit;
            this.each = each;
        }

        void print() {
            var share = each == 1 ? 1 : each / (double) bundles.size();
            add(name, unit, turn -> turn.result.perSecond() * share);
            add(name + ", median", "ms", turn -> turn.result.millisMedian());
            add(name + ", 99th percentile", "ms", turn -> turn.result.millis99());
            add(
                    name + ", server CPU",
                    each == 1 ? "ms each" : "ms/resource",
                    turn -> turn.cpuMillis / share);
        }

        private void add(String what, String of, ToDoubleFunction<Turn> value) {
            beside(
                    Figure.of(what, of, ours.stream().mapToDouble(value).toArray()),
                    peer.isEmpty() ? 0 : Load.median(peer.stream().mapToDouble(value).toArray()));
        }
    }
}
