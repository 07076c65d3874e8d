package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.parser.DataFormatException;
import io.xinglin.contracts.MemberId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The quick way is held to the long one: what it accepts, HAPI's parser accepts, and its encoder writes the same.
class PlainFormTests {
    private static final int CHANGES = 20_000;
    private static final int LENGTH_MAX = 20_000;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final String ID = "0199b0b0-1111-7222-8333-444455556666";
    private static final InstantType NOW = new InstantType("2023-11-14T22:13:20.123+00:00");

    /// Values that can be written in several ways, or that are wrong somewhere; two blanks apart.
    private static final List<String> VALUES =
            """
            ""  " "  "x"  "\u00a0x"  "x\\t"  "a\\u0000b"  "\\u2028"  "\\ud83d\\ude00"
            "\\ud83d"  "杏林é<b>/\\"\\\\"  "line\\nline"  "tab\\tcr\\r"  "a\\u00a0b"
            "\\u200bz"  "a\\u3000"  null  true  false  "true"  0  -0  1  -1  3.0  -0.0  1.00
            10.140  1e3  1E-9  0.000000001  12345678901234567890123  2147483648  1.5e1  []
            {}  [null]  ["x"]  {"x":1}  "2024"  "2024-02"  "2024-02-30"  "2024-02-29"
            "0000"  "2024-13"  "2024-01-01T00:00:00Z"  "2024-01-01T00:00:00+00:00"
            "2024-01-01T00:00:00"  "2024-01-01T00:00Z"  "2024-01-01T24:00:00Z"
            "2024-01-01T23:59:60Z"  "2024-01-01T00:00:00.1Z"  "2024-01-01T00:00:00.123Z"
            "2024-01-01T00:00:00.123456+08:00"  "2024-01-01T00:00:00-14:00"
            "2024-01-01T00:00:00+15:00"  "1.5"  "aGk="  "aGl="  "aGk"  "a b"  "#x"
            "Patient/1"  "Patient/1/_history/2"  "http://a.b/Patient/1"
            "http://a.b/fhir/Patient/1/_history/3"  "urn:uuid:1"  "Patient/"  "/Patient/1"
            "Practitioner?identifier=a|b"  "mailto:x"  "final"  "male"  "en"
            {"reference":"Patient/1"}  {"url":"http://a"}
            [{"url":"http://a","valueDecimal":1.10}]  [{"valueString":"v","url":"http://a"}]
            [{"url":"http://a","extension":[{"url":"b","valueCode":"c"}]}]
            [{"url":"b","valueId":"c","id":"d"}]
            {"coding":[{"code":"x","system":"http://y"}]}  {"value":1.0,"unit":"mg"}
            [{"reference":"#a"}]  {"status":"generated","div":"<div>x</div>"}
            [{"resourceType":"Patient"}]  {"id":"x","text":"y"}
            """
                    .lines()
                    .flatMap(line -> List.of(line.split("  ", -1)).stream())
                    .toList();

    private static final List<String> NAMES =
            List.of(
                    """
                    id meta extension modifierExtension text contained language implicitRules _status status
                    valueString valueQuantity valueDateTime value subject subjectResource code url reference
                    identifier period start birthDate active gender fhir_comments resourceType data issued
                    note display type system coding profile tag security source versionId lastUpdated name
                    """
                            .strip()
                            .split("\\s+", -1));

    @Test
    void what_the_sample_holds_is_stored_the_same_either_way_and_most_of_it_is_plain()
            throws IOException {
        var all = sample();

        var plain = all.stream().filter(PlainFormTests::isPlainAndTheSame).count();

        assertThat(plain).isGreaterThan(all.size() * 9L / 10);
    }

    @Test
    void whatever_is_changed_in_a_resource_is_stored_the_same_either_way_or_left_to_the_parser()
            throws IOException {
        var all =
                sample().stream()
                        .filter(it -> JSON.writeValueAsBytes(it).length < LENGTH_MAX)
                        .toList();
        var first = Long.getLong("seed", System.nanoTime());
        for (var seed = first; seed < first + CHANGES; seed++) {
            var random = new Random(seed);
            var changed = all.get(random.nextInt(all.size())).deepCopy();
            change(changed, random);
            try {
                isPlainAndTheSame(changed);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "replay with -Dseed=" + seed + ": " + e.getMessage() + "\n" + changed, e);
            }
        }
    }

    /// Somewhere in it: another value, another name, a member more, or one where there are several.
    private static void change(ObjectNode resource, RandomGenerator random) {
        var objects = new ArrayList<ObjectNode>();
        collect(resource, objects);
        var place = any(objects, random);
        var names = List.copyOf(place.propertyNames());
        if (names.isEmpty()) {
            return;
        }
        var name = any(names, random);
        var value = JSON.readTree(any(VALUES, random));
        switch (random.nextInt(5)) {
            case 0 -> place.set(name, value);
            case 1 -> place.set(any(NAMES, random), place.remove(name));
            case 2 -> place.set(any(NAMES, random), value);
            case 3 -> {
                if (place.get(name) instanceof ArrayNode array) {
                    array.add(value);
                } else {
                    place.putArray(name).add(value);
                }
            }
            default -> {
                if (place.get(name) instanceof ArrayNode array && !array.isEmpty()) {
                    place.set(name, array.get(0));
                } else {
                    place.remove(name);
                }
            }
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object) {
            into.add(object);
        }
        node.forEach(child -> collect(child, into));
    }

    private static <T> T any(List<T> some, RandomGenerator random) {
        return some.get(random.nextInt(some.size()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'resourceType':'Observation','status':'finished'}",
                "{'resourceType':'Observation','status':'final','colour':'red'}",
                "{'resourceType':'Observation','status':['final']}",
                "{'resourceType':'Observation','category':{'text':'x'}}",
                "{'resourceType':'Observation','issued':'2024-01-01'}",
                "{'resourceType':'Observation','valueString':'a','valueInteger':1}",
                "{'resourceType':'Observation','extension':[{'valueString':'a'}]}",
                "{'resourceType':'Observation','contained':[]}",
                "{'resourceType':'Observation','status':null}",
                "{'resourceType':'Observation','status':'final','status':'final'}",
                "{'resourceType':'Observation','status':'final'} x",
                "{'resourceType':'Patient','active':true}",
                "{'status':'final'}",
                "[]",
                ""
            })
    void what_is_wrong_or_unusual_is_left_to_the_parser(String json) {
        assertThat(of(json.replace('\'', '"'), version("Observation"), Optional.empty())).isEmpty();
    }

    @Test
    void another_id_than_the_one_it_must_have_is_left_to_the_parser() {
        var sent = "{\"resourceType\":\"Patient\",\"id\":\"other\",\"active\":true}";

        assertThat(of(sent, version("Patient"), Optional.of(ID))).isEmpty();
        assertThat(of(sent, version("Patient"), Optional.of("other"))).isPresent();
    }

    private static Optional<String> of(String json, VersionId version, Optional<String> id) {
        return PlainForm.of(json, version, id, NOW.getValueAsString());
    }

    /// Whether it is plain; fails if the parser and its encoder see it otherwise.
    private static boolean isPlainAndTheSame(ObjectNode resource) {
        var version = version("Observation");
        var type = resource.path("resourceType");
        if (type.isString() && R4.type(type.asString()).isPresent()) {
            version = version(type.asString());
        }
        var json = JSON.writeValueAsString(resource);
        var plain = of(json, version, Optional.empty());
        if (plain.isPresent()) {
            assertThat(plain.get()).isEqualTo(byTheParser(json, version));
        }
        return plain.isPresent();
    }

    private static String byTheParser(String json, VersionId version) {
        try {
            var resource = (Resource) R4.json().parseResource(json);
            resource.setId(
                    new IdType(
                            version.resource().type(),
                            version.resource().id(),
                            Integer.toString(version.number())));
            resource.getMeta().setVersionId(Integer.toString(version.number()));
            resource.getMeta().setLastUpdatedElement(NOW);
            return R4.json().encodeResourceToString(resource);
        } catch (DataFormatException e) {
            return "refused: " + e.getMessage();
        }
    }

    private static VersionId version(String type) {
        return new ResourceId(new MemberId("city-first-hospital"), type, ID).version(7);
    }

    private static List<ObjectNode> sample() throws IOException {
        try (var file = PlainFormTests.class.getResourceAsStream("/sample/synthea.ndjson.gz")) {
            var lines = new GZIPInputStream(Objects.requireNonNull(file)).readAllBytes();
            return new String(lines, StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> JSON.readTree(line).path("entry").valueStream())
                    .map(entry -> (ObjectNode) entry.get("resource"))
                    .toList();
        }
    }
}
