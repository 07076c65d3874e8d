package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.rest.api.EncodingEnum;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The examples of the specification, and others with every element and with the fewest, as the LinuxForHealth project
/// published them: what is stored is what was sent, in JSON and in XML.
@TestNode
@Import(Outside.class)
class ExamplesTests {
    private static final List<String> SETS =
            List.of("spec", "minimal", "complete-mock", "complete-absent", "basic", "coverage");
    private static final int BYTES_MAX = 20_000;
    private static final int AT_ONCE = 4;

    /// Each that is refused, with the reason.
    private static final Path LIST = Path.of("target/examples-refused.txt");

    /// A number is stored with all its digits, but written out.
    private static final Map<String, String> CHANGED =
            Map.of(
                    "basic/BasicQuantity.json",
                    ".extension[12].valueQuantity.value: 1.2E+2 became 120");

    /// The examples are of FHIR 4.3, and some say on purpose what a store of patients' own records cannot take.
    private static final List<String> REASONS =
            List.of(
                    "404 invalid: Unknown resource type",
                    "Unknown element 'subjectCanonical' found during parse",
                    "Unknown element 'citeAsReference' found during parse",
                    "Unknown element 'citeAsMarkdown' found during parse",
                    "Unknown element 'variableDefinition' found during parse",
                    "Unknown element 'method' found during parse",
                    "Unknown element 'actual' found during parse",
                    "Unknown element 'defaultValueCodeableReference' found during parse",
                    "(this name is not known in FHIR version \"R4\")",
                    "400 structure: A number is out of reach.",
                    "that this server cannot keep; leave it out.",
                    "422 business-rule: The resource names its patient by identifier only",
                    "422 business-rule: The resource contains its patient;",
                    "422 business-rule: The resource is about a patient of another server;",
                    "422 business-rule: The resource refers to whom it is about in a form that is not");

    @Autowired private Outside outside;

    private final Map<String, String> refused = new ConcurrentSkipListMap<>();
    private final Map<String, String> changed = new ConcurrentSkipListMap<>();

    /// @param name the set and the file's name
    private record Example(String name, String json, ObjectNode tree) {
        String type() {
            return tree.path("resourceType").asString("");
        }
    }

    @Test
    void what_is_stored_is_what_was_sent() throws Exception {
        var examples = examples();
        var desk = new Desk(outside);
        storeWhoIsReferredTo(desk, examples);

        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (var done :
                    threads.invokeAll(
                            examples.stream()
                                    .map(one -> Executors.callable(() -> roundTrip(desk, one)))
                                    .toList())) {
                done.get();
            }
        }

        Files.write(LIST, refused.entrySet().stream().map(Object::toString).toList());
        assertThat(changed).isEqualTo(CHANGED);
        assertThat(refused.values()).allSatisfy(why -> assertThat(REASONS).anyMatch(why::contains));
        assertThat(examples.size() - refused.size()).isGreaterThan(3_000);
    }

    /// A resource is stored in the record of a patient, so that the patient must be there.
    private static void storeWhoIsReferredTo(Desk desk, List<Example> examples) {
        var ids = new TreeSet<String>();
        examples.forEach(one -> patients(one.tree, ids));
        var answer =
                desk.bundle(
                        "transaction",
                        ids.stream()
                                .map(
                                        id ->
                                                Desk.entry(
                                                        "PUT",
                                                        "Patient/" + id,
                                                        "{\"resourceType\": \"Patient\", \"id\": \"%s\"}"
                                                                .formatted(id)))
                                .toArray(String[]::new));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private void roundTrip(Desk desk, Example example) {
        var created = desk.send("POST", example.type(), example.json);
        if (created.status() != 201) {
            refused.put(
                    example.name,
                    created.status() + " " + created.code() + ": " + created.diagnostics());
            return;
        }
        var stored =
                created.header("Location")
                        .replaceFirst(".*/fhir/[^/]+/", "")
                        .replaceFirst("/_history.*", "");
        var json = desk.get(stored);
        var xml = desk.get(stored, "Accept", "application/fhir+xml");

        var differences = new ArrayList<String>();
        var told = (ObjectNode) JsonPatch.JSON.readTree(json.body());
        compare("", meant(example.tree), meant(told), differences);
        if (!differences.isEmpty()) {
            changed.put(example.name, String.join("; ", differences));
            return;
        }
        try {
            var fromXml =
                    R4.json()
                            .encodeResourceToString(
                                    EncodingEnum.XML
                                            .newParser(R4.context())
                                            .parseResource(xml.text()));
            compare("", told, JsonPatch.JSON.readTree(fromXml), differences);
        } catch (RuntimeException e) {
            differences.add(xml.status() + " " + e);
        }
        if (!differences.isEmpty()) {
            changed.put(example.name + " in XML", String.join("; ", differences));
        }
    }

    /// Without what the server sets.
    private static ObjectNode meant(ObjectNode resource) {
        var meant = resource.deepCopy();
        meant.remove("id");
        if (meant.get("meta") instanceof ObjectNode meta) {
            meta.remove(List.of("versionId", "lastUpdated", "_versionId", "_lastUpdated"));
            if (meta.isEmpty()) {
                meant.remove("meta");
            }
        }
        return meant;
    }

    private static void compare(
            String path, JsonNode one, JsonNode other, List<String> differences) {
        if (one.isObject() && other.isObject()) {
            var names = new TreeSet<String>(one.propertyNames());
            names.addAll(other.propertyNames());
            for (var name : names) {
                compare(path + "." + name, one.path(name), other.path(name), differences);
            }
        } else if (one.isArray() && other.isArray() && one.size() == other.size()) {
            for (var i = 0; i < one.size(); i++) {
                compare(path + "[" + i + "]", one.get(i), other.get(i), differences);
            }
        } else if (!same(path, one, other)) {
            differences.add(path + ": " + brief(one) + " became " + brief(other));
        }
    }

    /// A narrative is XHTML, which can be written in many ways: its words count. Bytes in base 64 may have blanks in them.
    private static boolean same(String path, JsonNode one, JsonNode other) {
        if (path.endsWith(".text.div")) {
            return narrative(one).equals(narrative(other));
        }
        return (path.endsWith(".data") && !path.endsWith("SampledData.data"))
                ? one.asString("").replaceAll("\\s", "").equals(other.asString(""))
                : one.toString().equals(other.toString());
    }

    private static String narrative(JsonNode div) {
        return div.asString("").replaceAll("<[^>]*>|&[^;]+;|[^A-Za-z0-9]", "");
    }

    private static String brief(JsonNode node) {
        var text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private static void patients(JsonNode node, Set<String> ids) {
        var reference = node.path("reference").asString("");
        Patients.patient(reference).ifPresent(ids::add);
        node.forEach(child -> patients(child, ids));
    }

    private static List<Example> examples() throws Exception {
        var examples = new ArrayList<Example>();
        var here = Objects.requireNonNull(ExamplesTests.class.getResource("/json/spec")).toURI();
        try (var jar =
                FileSystems.newFileSystem(
                        URI.create(here.toString().replaceFirst("!.*", "")), Map.of())) {
            for (var set : SETS) {
                try (Stream<Path> files = Files.list(jar.getPath("/json", set))) {
                    for (var file : files.sorted().toList()) {
                        if (file.toString().endsWith(".json") && Files.size(file) <= BYTES_MAX) {
                            examples.add(example(set, file));
                        }
                    }
                }
            }
        }
        return examples;
    }

    private static Example example(String set, Path file) throws IOException {
        var json = Files.readString(file, StandardCharsets.UTF_8);
        var tree = (ObjectNode) JsonPatch.JSON.readTree(json);
        // Labels without a value are refused; so that the rest of these examples is looked at, they
        // are sent without.
        if (set.equals("complete-absent")) {
            tree.remove("meta");
            json = JsonPatch.JSON.writeValueAsString(tree);
        }
        return new Example(set + "/" + file.getFileName(), json, tree);
    }
}
