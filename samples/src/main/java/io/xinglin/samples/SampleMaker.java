package io.xinglin.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.mitre.synthea.engine.Generator;
import org.mitre.synthea.export.Exporter;
import org.mitre.synthea.helpers.Config;

/// Lets Synthea live a small population and writes it as one gzip'd file, one FHIR bundle a line.
///
/// Line 1 holds organisations and locations, line 2 practitioners, every further line one patient's transaction. The
/// patient with the most laboratory results comes first, so that `sed -n 3p` finds someone worth looking at. The same
/// number of patients gives the same bytes; more patients begin with the same people.
public final class SampleMaker {
    private static final long SEED = 4242;
    private static final Instant TODAY = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private SampleMaker() {}

    /// Makes `args[0]` living patients (and those who died on the way) with `args[2]` years of history into `args[1]`.
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("usage: SampleMaker <patients> <file.ndjson.gz> <years of history>");
            System.exit(2);
        }
        int patients = Integer.parseInt(args[0]);
        Path file = Path.of(args[1]).toAbsolutePath();
        PrintStream out = System.out;
        out.printf("Synthea is living the lives of %d patients; this takes a while.%n", patients);
        Path work = Files.createTempDirectory("xinglin-samples");
        try {
            generate(patients, args[2], work);
            Summary summary = pack(work.resolve("fhir"), file);
            if (summary.patients < patients) {
                Files.copy(work.resolve("log"), System.err);
                throw new IOException("Synthea made only " + summary.patients + " patients");
            }
            out.printf(
                    "Wrote %,d patients with %,d resources (%,d bytes, %,d packed) to %s%n",
                    summary.patients, summary.resources, summary.bytes, Files.size(file), file);
        } finally {
            delete(work);
        }
        System.exit(0); // Synthea leaves threads behind
    }

    private static void generate(int patients, String years, Path directory) throws IOException {
        Config.set("exporter.baseDirectory", directory.toString());
        Config.set("exporter.years_of_history", years);
        Config.set("exporter.pretty_print", "false");
        Config.set("exporter.fhir.export", "true");
        Config.set("exporter.fhir.transaction_bundle", "true");
        Config.set("exporter.hospital.fhir.export", "true");
        Config.set("exporter.practitioner.fhir.export", "true");
        Config.set("exporter.metadata.export", "false");
        Config.set("generate.append_numbers_to_person_names", "false");
        var options = new Generator.GeneratorOptions();
        options.population = patients;
        options.seed = SEED;
        options.clinicianSeed = SEED;
        options.referenceTime = TODAY.toEpochMilli();
        options.endTime = TODAY.toEpochMilli();
        options.state = "Massachusetts";
        options.threadPoolSize = Math.min(2, Runtime.getRuntime().availableProcessors());
        PrintStream console = System.out;
        PrintStream errors = System.err;
        try (var log = new PrintStream(directory.resolve("log").toFile(), StandardCharsets.UTF_8)) {
            System.setOut(log);
            System.setErr(log);
            new Generator(options, new Exporter.ExporterRuntimeOptions()).run();
        } finally {
            System.setOut(console);
            System.setErr(errors);
        }
    }

    private static Summary pack(Path fhir, Path file) throws IOException {
        var directories = new ArrayList<Line>();
        var patients = new ArrayList<Line>();
        try (Stream<Path> files = Files.list(fhir)) {
            for (Path path : files.sorted().toList()) {
                var name = path.getFileName().toString();
                var line = Line.of(JSON.readTree(path.toFile()));
                (name.contains("Information") ? directories : patients).add(line);
            }
        }
        patients.sort(Comparator.comparing(Line::identifier));
        patients.stream()
                .max(Comparator.comparingInt(Line::worth).thenComparing(Line::identifier))
                .ifPresent(
                        richest -> {
                            patients.remove(richest);
                            patients.add(0, richest);
                        });
        var lines = Stream.concat(directories.stream(), patients.stream()).toList();
        Files.createDirectories(file.getParent());
        try (var writer =
                new BufferedWriter(
                        new OutputStreamWriter(
                                new BestGzip(Files.newOutputStream(file)),
                                StandardCharsets.UTF_8))) {
            for (Line line : lines) {
                writer.write(line.json);
                writer.write('\n');
            }
        }
        return new Summary(
                patients.size(),
                lines.stream().mapToInt(Line::resources).sum(),
                lines.stream().mapToLong(line -> line.json.length()).sum());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// A bundle on its way into the file.
    ///
    /// @param identifier of the patient; empty for a directory
    /// @param worth how much there is to see: laboratory results, if there are images, prescriptions and care plans too
    private record Line(String json, String identifier, int resources, int worth) {
        static Line of(JsonNode bundle) throws IOException {
            List<JsonNode> resources =
                    bundle.path("entry").findValues("resource").stream().toList();
            var identifier = "";
            int results = 0;
            boolean imaging = false;
            boolean prescriptions = false;
            boolean plans = false;
            boolean dead = false;
            for (JsonNode resource : resources) {
                switch (resource.path("resourceType").asText()) {
                    case "Patient" -> {
                        identifier = resource.path("id").asText();
                        dead = resource.has("deceasedDateTime");
                    }
                    case "ImagingStudy" -> imaging = true;
                    case "MedicationRequest" -> prescriptions = true;
                    case "CarePlan" -> plans = true;
                    case "Observation" -> results += laboratory(resource) ? 1 : 0;
                    default -> {}
                }
            }
            boolean rich = imaging && prescriptions && plans && !dead;
            return new Line(
                    JSON.writeValueAsString(bundle),
                    identifier,
                    resources.size(),
                    rich ? results : 0);
        }

        private static boolean laboratory(JsonNode observation) {
            return observation.path("category").findValuesAsText("code").contains("laboratory");
        }
    }

    private record Summary(int patients, int resources, long bytes) {}

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(java.io.OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
