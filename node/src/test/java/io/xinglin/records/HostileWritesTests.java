package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// Writes that are meant to harm, or would do harm without meaning to.
@TestNode
@Import(Outside.class)
class HostileWritesTests {
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    private static final String FHIR = "/fhir/city-first-hospital";

    @Autowired private Outside outside;

    private final String unique = UUID.randomUUID().toString();

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "1e9999", "1E+000100"})
    void a_number_that_would_fill_the_memory_is_refused(String number) {
        var json = observation("\"valueQuantity\": {\"value\": " + number + "}");
        var xml =
                "<Observation xmlns=\"http://hl7.org/fhir\"><status value=\"final\"/><code><text"
                        + " value=\"x\"/></code><valueQuantity><value value=\""
                        + number
                        + "\"/></valueQuantity></Observation>";

        assertThat(outside.send(SYSTEM, "POST", FHIR + "/Observation", json).status())
                .isEqualTo(400);
        assertThat(outside.send(SYSTEM, "POST", FHIR, bundle(post("", json))).status())
                .isEqualTo(400);
        assertThat(
                        outside.send(
                                        SYSTEM,
                                        "POST",
                                        FHIR + "/Observation",
                                        xml,
                                        "application/fhir+xml")
                                .status())
                .isEqualTo(400);
    }

    @Test
    void who_may_not_write_is_told_so_before_the_body_is_read() {
        var patient = new Caller.Patient(new PatientId(CITY, "someone"));

        assertThat(outside.send(patient, "POST", FHIR + "/Observation", "no JSON").status())
                .isEqualTo(403);
        assertThat(outside.send(patient, "POST", FHIR, "no JSON").status()).isEqualTo(403);
    }

    @Test
    void relative_references_of_a_bundle_from_elsewhere_do_not_reach_our_own_patients() {
        var local = "p-" + unique;
        put("Patient/" + local, "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(local));
        var theirs = "http://other.example/fhir/";

        var answer =
                outside.send(
                        SYSTEM,
                        "POST",
                        FHIR,
                        bundle(
                                post(
                                        theirs + "Patient/" + local,
                                        "{\"resourceType\": \"Patient\"}"),
                                post(theirs + "Observation/9", about("Patient/" + local))));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var ofLocal = outside.get(STAFF, FHIR + "/Observation?patient=" + local);
        assertThat(ofLocal.json().path("entry").size()).isZero();
        var created = answer.json().at("/entry/0/response/location").asString().split("/", -1)[1];
        var ofTheirs = outside.get(STAFF, FHIR + "/Observation?patient=" + created);
        assertThat(ofTheirs.json().path("entry").size()).isEqualTo(1);
    }

    @Test
    void a_patient_of_another_server_who_is_not_in_the_bundle_is_not_taken_for_ours() {
        var local = "q-" + unique;
        put("Patient/" + local, "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(local));

        var answer =
                outside.send(
                        SYSTEM,
                        "POST",
                        FHIR,
                        bundle(
                                post(
                                        "http://other.example/fhir/Observation/9",
                                        about("Patient/" + local))));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.diagnostics()).contains("another server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"identifier\": {\"system\": \"urn:x\", \"value\": \"1\"}}",
                "{\"reference\": \"http://other.example/fhir/Patient/1\"}",
                "{\"reference\": \"#p\"}",
                "{\"reference\": \"Patient/1 \"}",
                "{\"reference\": \"Patient/1/\"}",
                "{\"reference\": \"Patient/1#a\"}",
                "{\"reference\": \"Patient/1/_history/2\"}",
                "{\"reference\": \"patient/1\"}",
                "{\"reference\": \"Patient\"}",
                "{\"reference\": \"Patient/x' or 1=1 --\"}",
                "{\"reference\": \"Patient/../../etc\"}",
                "{\"reference\": \"urn:uuid:3333\"}"
            })
    void a_record_of_a_patient_who_is_not_known_here_does_not_become_nobodys(String subject) {
        var json =
                """
                {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
                 "contained": [{"resourceType": "Patient", "id": "p"}], "subject": %s}
                """
                        .formatted(subject);

        var answer =
                outside.send(
                        SYSTEM,
                        "POST",
                        FHIR + "/Observation",
                        subject.contains("#") ? json : json.replaceFirst("\"contained\".*?],", ""));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    }

    @Test
    void two_entries_of_one_full_url_are_refused_since_nobody_knows_which_is_meant() {
        var patient = "{\"resourceType\": \"Patient\"}";
        var entry =
                "{\"fullUrl\": \"urn:uuid:33333333-3333-4333-8333-333333333333\", \"resource\": "
                        + patient
                        + ", \"request\": {\"method\": \"POST\", \"url\": \"Patient\"}}";

        var answer = outside.send(SYSTEM, "POST", FHIR, bundle(entry + ", " + entry));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.diagnostics()).contains("bdl-7");
    }

    @Test
    void a_file_secured_as_a_patients_is_in_the_patients_record() {
        var id = "b-" + unique;
        put("Patient/" + id, "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(id));
        put(
                "Binary/" + id,
                """
                {"resourceType": "Binary", "id": "%s", "contentType": "text/plain", "data": "eA==",
                 "securityContext": {"reference": "Patient/%s"}}
                """
                        .formatted(id, id));

        var own =
                outside.send(
                        new Caller.Patient(new PatientId(CITY, id)),
                        HttpRequest.newBuilder(outside.at(FHIR + "/Binary/" + id))
                                .header("Accept", "application/fhir+json")
                                .GET());

        assertThat(own.status()).as(own.toString()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?_pretty=true", "?_format=xml", ""})
    void a_bundle_is_stored_and_answered_or_refused_and_not_stored(String form) {
        var body =
                bundle(
                                post(
                                        "",
                                        "{\"resourceType\": \"Patient\", \"identifier\":"
                                                + " [{\"system\": \"urn:t\", \"value\": \"%s\"}]}"
                                                        .formatted(unique)))
                        .replaceFirst("\\{", "{\"timestamp\": \"not-a-date\",");

        var answer = outside.send(SYSTEM, "POST", FHIR + form, body);

        var stored =
                outside.get(STAFF, FHIR + "/Patient?identifier=urn:t%7C" + unique)
                        .json()
                        .path("entry")
                        .size();
        assertThat(stored).as(answer.toString()).isEqualTo(answer.status() == 200 ? 1 : 0);
    }

    @Test
    void the_history_goes_on_in_every_form() {
        var id = "h-" + unique;
        for (var i = 0; i < 2; i++) {
            put("Patient/" + id, "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(id));
        }

        for (var form : List.of("", "&_pretty=true", "&_format=xml")) {
            var answer = outside.get(STAFF, FHIR + "/Patient/" + id + "/_history?_count=1" + form);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).contains("next").contains("_before");
        }
    }

    @Test
    void an_entry_of_a_batch_that_cannot_be_read_does_not_hide_that_others_were_stored() {
        var good =
                "{\"resourceType\": \"Patient\", \"identifier\": [{\"system\": \"urn:t\","
                        + " \"value\": \"%s\"}]}".formatted(unique);
        var body =
                bundle(
                                post("", good),
                                post("", good).replace("\"url\": \"Patient\"", "\"url\": \"//\""))
                        .replace("transaction", "batch");

        var answer = outside.send(SYSTEM, "POST", FHIR, body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().at("/entry/0/response/status").asString()).startsWith("201");
        assertThat(answer.json().at("/entry/1/response/status").asString()).startsWith("400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "."})
    void an_id_that_no_address_can_name_is_refused(String id) {
        var body =
                bundle(
                        post("", "{\"resourceType\": \"Patient\"}")
                                .replace("POST", "PUT")
                                .replace(
                                        "\"url\": \"Patient\"", "\"url\": \"Patient/" + id + "\""));

        assertThat(outside.send(SYSTEM, "POST", FHIR, body).status()).isEqualTo(400);
    }

    @Test
    void a_put_whose_resource_has_another_id_is_refused() {
        var body =
                bundle(
                        post("", "{\"resourceType\": \"Patient\", \"id\": \"two\"}")
                                .replace("POST", "PUT")
                                .replace("\"url\": \"Patient\"", "\"url\": \"Patient/one\""));

        assertThat(outside.send(SYSTEM, "POST", FHIR, body).status()).isEqualTo(400);
    }

    @Test
    void a_condition_that_an_update_cannot_keep_is_refused() {
        var json = "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(unique);
        var none =
                outside.send(
                        SYSTEM,
                        HttpRequest.newBuilder(outside.at(FHIR + "/Patient/" + unique))
                                .header("Content-Type", "application/fhir+json")
                                .header("If-None-Match", "*")
                                .PUT(HttpRequest.BodyPublishers.ofString(json)));

        assertThat(none.status()).isEqualTo(400);
    }

    @Test
    void bytes_that_are_not_utf8_are_refused_not_replaced() {
        var parts =
                bundle(post("", "{\"resourceType\": \"Patient\", \"name\": [{\"text\": \"@\"}]}"))
                        .split("@", -1);
        var body =
                List.of(
                        parts[0].getBytes(StandardCharsets.UTF_8),
                        new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                        parts[1].getBytes(StandardCharsets.UTF_8));

        var answer =
                outside.send(
                        SYSTEM,
                        HttpRequest.newBuilder(outside.at(FHIR))
                                .header("Content-Type", "application/fhir+json")
                                .POST(HttpRequest.BodyPublishers.ofByteArrays(body)));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\ud800",
                "\\uDFFF",
                "\\ud83d x",
                "\\ude00\\ud83d",
                "\\u0000",
                "\\b",
                "\\uffff"
            })
    void half_a_character_or_one_that_no_text_has_is_refused_not_replaced(String text) {
        var json =
                "{\"resourceType\": \"Patient\", \"name\": [{\"text\": \"%s\"}]}".formatted(text);

        for (var answer :
                List.of(
                        outside.send(SYSTEM, "POST", FHIR + "/Patient", json),
                        outside.send(SYSTEM, "POST", FHIR, bundle(post("", json))))) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.diagnostics()).contains("character");
        }
    }

    @Test
    void a_whole_character_may_be_written_as_two_halves() {
        var json =
                "{\"resourceType\": \"Patient\", \"name\": [{\"text\": \"\\ud83d\\ude00\\ty\"}]}";

        var answer = outside.send(SYSTEM, "POST", FHIR + "/Patient", json);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().at("/name/0/text").asString()).isEqualTo("\ud83d\ude00\ty");
    }

    @Test
    void xml_nested_without_end_is_refused() {
        var xml =
                "<Patient xmlns=\"http://hl7.org/fhir\">"
                        + "<extension url=\"u\">".repeat(20_000)
                        + "</extension>".repeat(20_000)
                        + "</Patient>";

        var answer = outside.send(SYSTEM, "POST", FHIR + "/Patient", xml, "application/fhir+xml");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.text()).contains("OperationOutcome");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "date=%2B999999999-12-31T23:59:59-18:00",
                "patient=a&patient.identifier=urn:t%7C1",
                "patient.identifier=urn:t%7C1&patient.identifier=urn:t%7C2"
            })
    void a_search_that_cannot_be_answered_as_it_stands_is_refused(String search) {
        var answer = outside.get(STAFF, FHIR + "/Observation?" + search);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    }

    @Test
    void bundles_that_change_the_same_resources_in_other_orders_do_not_block_each_other()
            throws Exception {
        var ids = IntStream.range(0, 30).mapToObj(i -> "d" + i + "-" + unique).toList();
        var forwards = puts(ids);
        var backwards = puts(ids.reversed());
        outside.send(SYSTEM, "POST", FHIR, forwards);

        try (var threads = Executors.newFixedThreadPool(4)) {
            var answers = new ArrayList<java.util.concurrent.Future<Outside.Answer>>();
            for (var i = 0; i < 12; i++) {
                var body = i % 2 == 0 ? forwards : backwards;
                answers.add(threads.submit(() -> outside.send(SYSTEM, "POST", FHIR, body)));
            }
            for (var answer : answers) {
                assertThat(answer.get().status()).as(answer.get().toString()).isIn(200, 409);
            }
        }
    }

    private static String puts(List<String> ids) {
        return ids.stream()
                .map(
                        id ->
                                post(
                                                "",
                                                "{\"resourceType\": \"Organization\", \"id\": \"%s\"}"
                                                        .formatted(id))
                                        .replace("POST", "PUT")
                                        .replace(
                                                "\"url\": \"Organization\"",
                                                "\"url\": \"Organization/" + id + "\""))
                .collect(
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                entries -> bundle(entries.toArray(String[]::new))));
    }

    private void put(String path, String json) {
        var answer = outside.send(SYSTEM, "PUT", FHIR + "/" + path, json);
        assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    }

    private static String about(String patient) {
        return observation("\"subject\": {\"reference\": \"" + patient + "\"}");
    }

    private static String observation(String more) {
        return "{\"resourceType\": \"Observation\", \"status\": \"final\", \"code\": {\"text\":"
                + " \"x\"}, "
                + more
                + "}";
    }

    private static String bundle(String... entries) {
        return "{\"resourceType\": \"Bundle\", \"type\": \"transaction\", \"entry\": ["
                + String.join(",", entries)
                + "]}";
    }

    private static String post(String fullUrl, String resource) {
        var type = resource.replaceFirst(".*?\"resourceType\": \"", "").replaceFirst("\".*", "");
        return "{%s\"resource\": %s, \"request\": {\"method\": \"POST\", \"url\": \"%s\"}}"
                .formatted(
                        fullUrl.isEmpty() ? "" : "\"fullUrl\": \"" + fullUrl + "\", ",
                        resource,
                        type);
    }
}
