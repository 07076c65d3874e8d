package io.xinglin.bench;

import io.xinglin.story.Client;
import io.xinglin.story.Commands;
import io.xinglin.story.RunningNode;
import io.xinglin.story.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sealed record store over HTTP: the packaged node with its shipped heap of 512 MB, clients on the same machine.
final class FhirBench {
    private static final String BASE = "/fhir/city-first-hospital";
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final int LOADS = 2;

    /// The sample begins with organisations and practitioners, which patients refer to.
    private static final int DIRECTORY_LINES = 2;

    private final Figures figures;
    private final RunningNode node;
    private final Client integrator;
    private final Client doctor;
    private final List<String> directory;
    private final List<String> bundles;
    private final List<String> observations = new ArrayList<>();
    private final List<String> searches = new ArrayList<>();

    private FhirBench(Figures figures, RunningNode node, List<String> bundles, Path bin)
            throws IOException, InterruptedException {
        this.figures = figures;
        this.node = node;
        this.directory = bundles.subList(0, DIRECTORY_LINES);
        this.bundles = bundles.subList(DIRECTORY_LINES, bundles.size());
        this.integrator = new Client(node.url(), Commands.token(bin, node, "integrator"));
        this.doctor = new Client(node.url(), Commands.token(bin, node, "zhang"));
    }

    static void run(Path program, Path sample, Path bin) throws Exception {
        var figures = new Figures("fhir");
        var data = Files.createTempDirectory("xinglin-bench");
        var begun = System.nanoTime();
        try (var node = RunningNode.start(program, data, "--xinglin.sample-records=false")) {
            figures.add(
                    Figure.of(
                            "first start to ready, consortium founded",
                            "s",
                            (System.nanoTime() - begun) / 1e9));
            new FhirBench(figures, node, bundles(sample), bin).measure();
        } finally {
            Trees.delete(data);
        }
        figures.write();
    }

    private void measure() throws Exception {
        var syncs = Machine.syncs();
        load();
        bundleLoads(1);
        bundleLoads(4);
        reads("read Observation, 1 client", 1, observations, Optional.of(syncs));
        reads("read Observation, 8 clients", 8, observations, Optional.empty());
        reads("search by patient and code, 8 clients", 8, searches, Optional.empty());
        figures.add(Figure.of("resident size of the node's Java", "MB", residentMegabytes()));
        figures.note(
                "every read makes its disclosure entry durable first: a single reader is bound by fsyncs, concurrent ones share them");
    }

    /// Loads every sample patient once, which warms the node up and gives the reads something to read.
    private void load() throws Exception {
        for (var bundle : directory) {
            post(bundle);
        }
        for (var bundle : bundles) {
            var answer = post(bundle);
            var sent = JSON.readTree(bundle).get("entry");
            var given = answer.json().get("entry");
            var patient = "";
            for (var i = 0; i < sent.size(); i++) {
                var location = id(given.get(i));
                var resource = sent.get(i).get("resource");
                if (location.startsWith("Patient/")) {
                    patient = location.substring("Patient/".length());
                }
                if (location.startsWith("Observation/")) {
                    observations.add(BASE + "/" + location);
                    var coding = resource.get("code").get("coding").get(0);
                    searches.add(
                            BASE
                                    + "/Observation?patient="
                                    + patient
                                    + "&code="
                                    + coding.get("code").asString());
                }
            }
        }
    }

    private static final JsonMapper JSON = new JsonMapper();

    private static String id(JsonNode entry) {
        return entry.get("response").get("location").asString().replaceFirst("/_history/.*", "");
    }

    private void bundleLoads(int clients) throws Exception {
        figures.add(
                Figure.of(
                        "bundle load, %d client%s".formatted(clients, clients == 1 ? "" : "s"),
                        "resources/s",
                        Load.repeat(() -> bundleLoad(clients))));
    }

    private double bundleLoad(int clients) throws Exception {
        var next = new AtomicInteger();
        var total = LOADS * bundles.size();
        var begun = System.nanoTime();
        var loaded = new LongAdder();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var client = 0; client < clients; client++) {
                running.add(
                        executor.submit(
                                () -> {
                                    for (var i = next.getAndIncrement();
                                            i < total;
                                            i = next.getAndIncrement()) {
                                        loaded.add(
                                                post(bundles.get(i % bundles.size()))
                                                        .json()
                                                        .get("entry")
                                                        .size());
                                    }
                                    return true;
                                }));
            }
            for (var client : running) {
                client.get();
            }
        }
        return loaded.sum() / ((System.nanoTime() - begun) / 1e9);
    }

    private Client.Answer post(String bundle) throws IOException, InterruptedException {
        var answer =
                integrator.post(
                        BASE, "application/fhir+json", bundle.getBytes(StandardCharsets.UTF_8));
        if (answer.status() != 200) {
            throw new IOException("the bundle was refused: " + answer);
        }
        return answer;
    }

    private void reads(String name, int clients, List<String> paths, Optional<Figure> bound)
            throws Exception {
        Load.run(clients, Duration.ofSeconds(2), () -> get(paths));
        var results = Load.repeat(clients, TIME, () -> get(paths));
        var reads = Figure.of(name, "reads/s", Load.rates(results));
        figures.add(bound.map(reads::within).orElse(reads));
        figures.add(
                Figure.of(
                        name + ", median",
                        "ms",
                        results.stream().mapToDouble(Load.Result::millisMedian).toArray()));
        figures.add(
                Figure.of(
                        name + ", 99th percentile",
                        "ms",
                        results.stream().mapToDouble(Load.Result::millis99).toArray()));
    }

    private Client.Answer get(List<String> paths) throws IOException, InterruptedException {
        var answer = doctor.get(paths.get(ThreadLocalRandom.current().nextInt(paths.size())));
        if (answer.status() != 200) {
            throw new IOException("the read was refused: " + answer);
        }
        return answer;
    }

    private double residentMegabytes() throws IOException {
        var status = Path.of("/proc/" + node.process().pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }

    private static List<String> bundles(Path sample) throws IOException {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(sample)),
                                StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }
}
