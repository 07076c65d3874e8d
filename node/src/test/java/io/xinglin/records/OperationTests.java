package io.xinglin.records;

import static io.xinglin.records.Desk.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/// Operations on all resources, and what the server says it can do.
@TestNode
@Import(Outside.class)
class OperationTests {
    private static final String SENSITIVE =
            """
            {"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": {
              "tag": [{"system": "urn:tags", "code": "seen"}],
              "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                            "code": "HIV"}]}}]}
            """;

    @Autowired private Outside outside;

    private Desk desk;

    @BeforeEach
    void desk() {
        desk = new Desk(outside);
    }

    @Test
    void a_label_that_is_added_or_taken_off_makes_a_version() {
        var laboratory = desk.laboratory(desk.patient());

        var added = desk.send("POST", laboratory + "/$meta-add", SENSITIVE);
        var again = desk.send("POST", laboratory + "/$meta-add", SENSITIVE);
        var removed = desk.send("POST", laboratory + "/$meta-delete", SENSITIVE);

        assertThat(added.status()).as(added.toString()).isEqualTo(200);
        assertThat(added.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(added.json().at("/parameter/0/valueMeta/security/0/code").asString())
                .isEqualTo("HIV");
        assertThat(again.json().at("/parameter/0/valueMeta/tag").size()).isEqualTo(1);
        assertThat(removed.json().at("/parameter/0/valueMeta/tag").isMissingNode()).isTrue();
        assertThat(
                        desk.get(laboratory + "/$meta")
                                .json()
                                .at("/parameter/0/valueMeta/versionId")
                                .asString())
                .isEqualTo("4");
        assertThat(desk.get(laboratory + "/_history/2").text()).contains("HIV");
    }

    @Test
    void only_the_version_that_is_expected_is_labelled_and_only_by_who_may_write() {
        var patient = desk.patient();
        var laboratory = desk.laboratory(patient);

        assertThat(
                        desk.send(
                                        "POST",
                                        laboratory + "/$meta-add",
                                        SENSITIVE,
                                        "If-Match",
                                        "W/\"9\"")
                                .status())
                .isEqualTo(412);
        assertThat(
                        desk.send(
                                        Desk.self(patient),
                                        "POST",
                                        laboratory + "/$meta-delete",
                                        SENSITIVE)
                                .status())
                .isEqualTo(403);
        assertThat(desk.send(Desk.PEER, "GET", laboratory + "/$meta", "").status()).isEqualTo(403);
        assertThat(desk.get("Observation/never-was/$meta").status()).isEqualTo(404);
        assertThat(
                        desk.send(
                                        "POST",
                                        laboratory + "/$meta-add",
                                        "{\"resourceType\": \"Parameters\"}")
                                .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}; information;
                    {"resourceType": "Observation", "code": {"text": "x"}}; error; Observation.status
                    {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "component": [{"valueString": "x"}]}; error; Observation.component.code
                    {"resourceType": "Observation", "status": "guess", "code": {"text": "x"}}; error; guess
                    {"resourceType": "Observation", "colour": "green"}; error; colour
                    {"resourceType": "Patient"}; error; is a Patient
                    {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": {"resourceType": "Observation", "status": "final"}}]}; error; Observation.code
                    {"resourceType": "Parameters", "parameter": [{"name": "mode", "valueCode": "update"}, {"name": "resource", "resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}}]}; information;
                    """)
    void a_resource_is_validated_and_not_stored(String resource, String severity, String why) {
        var answer = desk.send("POST", "Observation/$validate", resource);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().at("/issue/0/severity").asString()).isEqualTo(severity);
        assertThat(answer.diagnostics()).contains(why == null ? "" : why).doesNotContain("HAPI-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\": \"Parameters\", \"parameter\": [{\"name\": \"profile\", \"valueUri\": \"urn:p\"}]}",
                "{\"resourceType\": \"Parameters\", \"parameter\": [{\"name\": \"mode\", \"valueCode\": \"delete\"}]}"
            })
    void what_validation_does_not_look_at_is_said(String parameters) {
        var answer = desk.send("POST", "Observation/$validate", parameters);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("not-supported");
    }

    @Test
    void what_the_capability_statement_lists_works_and_nothing_else_does() {
        var statement = desk.get("metadata").json().at("/rest/0");
        var resource = resource(statement, "Organization");
        var id = Desk.unique("org");
        var identifier = Desk.unique("id");
        var body = Desk.organization(identifier).replaceFirst("\\{", "{\"id\": \"" + id + "\",");
        desk.put("Organization/" + id, body);

        for (var code : codes(resource)) {
            var answer =
                    switch (code) {
                        case "read" -> desk.get("Organization/" + id);
                        case "vread" -> desk.get("Organization/" + id + "/_history/1");
                        case "update" -> desk.send("PUT", "Organization/" + id, body);
                        case "patch" ->
                                desk.sendAs(
                                        Patches.JSON_PATCH,
                                        "PATCH",
                                        "Organization/" + id,
                                        "[{\"op\":\"remove\",\"path\":\"/name\"}]");
                        case "delete" -> desk.send("DELETE", "Organization/never-was", "");
                        case "create" -> desk.send("POST", "Organization", body);
                        case "history-instance" -> desk.get("Organization/" + id + "/_history");
                        case "history-type" -> desk.get("Organization/_history?_count=1");
                        case "search-type" -> desk.get("Organization?_id=" + id);
                        default -> throw new AssertionError("nobody tries " + code);
                    };
            assertThat(answer.status()).as(code + " " + answer).isBetween(200, 204);
        }
        for (var code : codes(statement)) {
            var answer =
                    switch (code) {
                        case "transaction", "batch" ->
                                desk.bundle(code, entry("GET", "Organization/" + id));
                        case "history-system" -> desk.get("_history?_count=1");
                        default -> throw new AssertionError("nobody tries " + code);
                    };
            assertThat(answer.status()).as(code + " " + answer).isEqualTo(200);
        }
        assertThat(resource.get("conditionalCreate").asBoolean()).isTrue();
        assertThat(resource.get("conditionalUpdate").asBoolean()).isTrue();
        assertThat(resource.get("conditionalDelete").asString()).isEqualTo("single");
        assertThat(resource.get("conditionalRead").asString()).isEqualTo("full-support");
        assertThat(desk.get("Organization/" + id + "/$everything").status()).isIn(400, 404);
        assertThat(desk.send("POST", "Organization/$expand", body).status()).isIn(400, 404);
    }

    @Test
    void the_capability_statement_says_where_tokens_are_given() {
        var configuration = desk.get(".well-known/smart-configuration").json();

        var uri = desk.get("metadata").json().at("/rest/0/security/extension/0/extension/0");

        assertThat(uri.path("url").asString()).isEqualTo("token");
        assertThat(uri.path("valueUri")).isEqualTo(configuration.path("token_endpoint"));
    }

    private static JsonNode resource(JsonNode statement, String type) {
        return statement
                .get("resource")
                .valueStream()
                .filter(resource -> resource.get("type").asString().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> codes(JsonNode of) {
        var codes = new HashSet<String>();
        for (var interaction : of.get("interaction")) {
            codes.add(interaction.get("code").asString());
        }
        assertThat(codes).isNotEmpty();
        return codes;
    }
}
