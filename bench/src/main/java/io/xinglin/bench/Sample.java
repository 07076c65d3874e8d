package io.xinglin.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The sample patients as they are sent, and what a side knows them by once it has stored them.
final class Sample {
    private static final JsonMapper JSON = new JsonMapper();

    /// The sample begins with organisations and practitioners, which patients refer to.
    private static final int DIRECTORY_LINES = 2;

    private static final int VERSIONED = 50;
    private static final int VERSIONS = 5;

    private final List<String> observations = new ArrayList<>();
    private final List<String> searches = new ArrayList<>();
    private final List<byte[]> creations = new ArrayList<>();
    private final List<String> histories = new ArrayList<>();
    private String largest = "";
    private int entriesMost;

    /// What lies in the file, line by line.
    static List<byte[]> lines(Path sample) throws IOException {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(sample)),
                                StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
        }
    }

    static List<byte[]> directory(List<byte[]> lines) {
        return lines.subList(0, DIRECTORY_LINES);
    }

    static List<byte[]> patients(List<byte[]> lines) {
        return lines.subList(DIRECTORY_LINES, lines.size());
    }

    /// How many resources these bundles hold.
    static int resources(List<byte[]> bundles) {
        return bundles.stream().mapToInt(bundle -> entries(bundle).size()).sum();
    }

    private static JsonNode entries(byte[] bundle) {
        return JSON.readTree(bundle).get("entry");
    }

    /// Learns from the answer to a bundle where its resources are.
    void stored(byte[] bundle, byte[] answer) {
        var sent = entries(bundle);
        var given = entries(answer);
        var patient = "";
        for (var i = 0; i < sent.size(); i++) {
            var location = location(given.get(i));
            if (location.startsWith("Patient/")) {
                patient = location.substring("Patient/".length());
            }
            if (location.startsWith("Observation/")) {
                observation(patient, location, (ObjectNode) sent.get(i).get("resource"));
            }
        }
        if (sent.size() > entriesMost) {
            entriesMost = sent.size();
            largest = "/Patient/" + patient + "/$everything?_count=" + 2 * entriesMost;
        }
    }

    private static String location(JsonNode entry) {
        return entry.get("response")
                .get("location")
                .asString()
                .replaceFirst("/_history/.*", "")
                .replaceFirst("^https?://.*/fhir/", "");
    }

    private void observation(String patient, String location, ObjectNode resource) {
        observations.add("/" + location);
        var code = resource.get("code").get("coding").get(0).get("code").asString();
        searches.add("/Observation?patient=" + patient + "&code=" + code);
        var created = resource.deepCopy();
        created.remove(List.of("id", "encounter"));
        created.putObject("subject").put("reference", "Patient/" + patient);
        creations.add(JSON.writeValueAsBytes(created));
    }

    /// Makes further versions of some observations, so that there is a history to read.
    void change(Side side) throws IOException, InterruptedException {
        for (var i = 0; i < VERSIONED; i++) {
            var path = observations.get(i * (observations.size() / VERSIONED));
            var resource = (ObjectNode) Side.json(side.get(path));
            for (var version = 2; version <= VERSIONS; version++) {
                resource.put("issued", "2024-01-0" + version + "T00:00:00.000Z");
                resource.remove("meta");
                side.put(path, JSON.writeValueAsBytes(resource));
            }
            histories.add(path + "/_history");
        }
    }

    /// Where observations are.
    List<String> observations() {
        return observations;
    }

    /// One search for each, by patient and code.
    List<String> searches() {
        return searches;
    }

    /// Observations to be created, which refer to patients that are there.
    List<byte[]> creations() {
        return creations;
    }

    /// Where observations with several versions are.
    List<String> histories() {
        return histories;
    }

    /// The whole record of the patient who has the most.
    String everything() {
        return largest;
    }
}
