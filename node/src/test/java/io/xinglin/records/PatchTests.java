package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// A part of a resource is changed, and the rest stays as it is.
@TestNode
@Import(Outside.class)
class PatchTests {
    private static final String PATCH = "application/json-patch+json";

    @Autowired private Outside outside;

    private Desk desk;
    private String patient = "";
    private String laboratory = "";

    @BeforeEach
    void store() {
        desk = new Desk(outside);
        patient = desk.patient();
        laboratory = desk.laboratory(patient);
    }

    private Outside.Answer patch(String path, String patch, String... headers) {
        return desk.sendAs(PATCH, "PATCH", path, patch, headers);
    }

    @Test
    void a_patch_makes_a_new_version_and_answers_it() {
        var answer =
                patch(
                        laboratory,
                        """
                        [{"op": "test", "path": "/status", "value": "final"},
                         {"op": "replace", "path": "/status", "value": "amended"},
                         {"op": "add", "path": "/valueQuantity", "value": {"value": 6.50}}]
                        """);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(answer.text()).contains("\"value\":6.50");
        assertThat(answer.text()).isEqualTo(desk.get(laboratory + "/_history/2").text());
        assertThat(desk.get(laboratory + "/_history/1").json().get("status").asString())
                .isEqualTo("final");
    }

    @Test
    void it_is_a_read_too_and_the_patient_is_told() {
        patch(laboratory, "[{\"op\": \"test\", \"path\": \"/status\", \"value\": \"guess\"}]");

        var accesses =
                outside.get(Desk.self(patient), "/audit/city-first-hospital/accesses")
                        .json()
                        .get("accesses");
        assertThat(accesses.at("/0/what/versions/0").asString())
                .isEqualTo(laboratory + "/_history/1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    422; [{"op": "remove", "path": "/status"}]; without Observation.status
                    422; [{"op": "replace", "path": "/status", "value": "maybe"}]; invalid
                    422; [{"op": "add", "path": "/colour", "value": "green"}]; colour
                    422; [{"op": "replace", "path": "/code", "value": "x"}]; invalid
                    422; [{"op": "replace", "path": "/id", "value": "other"}]; another resource
                    422; [{"op": "replace", "path": "/resourceType", "value": "Patient"}];
                    422; [{"op": "remove", "path": "/nothing"}]; there is no /nothing
                    422; [{"op": "replace", "path": "", "value": {}}];
                    422; [{"op": "replace", "path": "/subject/reference", "value": "Patient/nobody"}]; another patient
                    400; [{"op": "spring", "path": "/status"}]; spring
                    400; {"op": "remove", "path": "/status"}; list
                    400; [{"op": "remove", "path": "/status"}; well-formed
                    """)
    void what_would_not_be_valid_is_refused_and_nothing_is_stored(
            int status, String patch, String why) {
        var answer = patch(laboratory, patch);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.json().get("resourceType").asString()).isEqualTo("OperationOutcome");
        assertThat(answer.diagnostics())
                .contains(why == null ? "" : why)
                .doesNotContain("HAPI-", "Exception");
        assertThat(desk.get(laboratory).header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void only_the_version_that_is_expected_is_patched() {
        var change = "[{\"op\": \"replace\", \"path\": \"/status\", \"value\": \"amended\"}]";

        assertThat(patch(laboratory, change, "If-Match", "W/\"3\"").status()).isEqualTo(412);
        assertThat(patch(laboratory, change, "If-Match", "W/\"1\"").status()).isEqualTo(200);
        assertThat(patch(laboratory, change, "If-Match", "\"1\"").status()).isEqualTo(412);
    }

    @Test
    void what_is_not_there_or_deleted_cannot_be_patched() {
        var change = "[{\"op\": \"replace\", \"path\": \"/status\", \"value\": \"amended\"}]";
        desk.send("DELETE", laboratory, "");

        assertThat(patch("Observation/never-was", change).status()).isEqualTo(404);
        assertThat(patch(laboratory, change).status()).isEqualTo(410);
        assertThat(patch(laboratory, change, "If-Match", "W/\"2\"").status()).isEqualTo(412);
    }

    @Test
    void who_may_not_write_may_not_patch() {
        var change = "[{\"op\": \"test\", \"path\": \"/status\", \"value\": \"final\"}]";

        assertThat(desk.sendAs(Desk.PEER, PATCH, "PATCH", laboratory, change).status())
                .isEqualTo(403);
        assertThat(desk.sendAs(Desk.self(patient), PATCH, "PATCH", laboratory, change).status())
                .isEqualTo(403);
    }

    @Test
    void a_patch_of_another_kind_is_refused() {
        var answer = desk.sendAs("application/merge-patch+json", "PATCH", laboratory, "{}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(415);
        assertThat(answer.diagnostics()).contains(PATCH);
    }

    @Test
    void patches_at_the_same_time_are_all_done() throws Exception {
        Callable<Outside.Answer> add =
                () ->
                        patch(
                                laboratory,
                                "[{\"op\": \"add\", \"path\": \"/category/-\", \"value\": {\"text\":"
                                        + " \"more\"}}]");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = new ArrayList<Integer>();
            for (Future<Outside.Answer> answer :
                    threads.invokeAll(java.util.Collections.nCopies(4, add))) {
                statuses.add(answer.get().status());
            }

            var done = statuses.stream().filter(status -> status == 200).count();
            assertThat(statuses).allMatch(status -> status == 200 || status == 409);
            assertThat(desk.get(laboratory).json().get("category").size())
                    .isEqualTo(1 + (int) done);
        }
    }

    private static final String AMENDING =
            """
            {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": [
              {"name": "type", "valueCode": "replace"},
              {"name": "path", "valueString": "Observation.status"},
              {"name": "value", "valueCode": "amended"}]}]}
            """;

    @Test
    void parameters_are_a_patch_too() {
        var answer = desk.send("PATCH", laboratory, AMENDING);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().get("status").asString()).isEqualTo("amended");
        assertThat(answer.header("ETag")).isEqualTo("W/\"2\"");
    }

    @Test
    void parameters_in_xml_are_a_patch_too() {
        var xml =
                """
                <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>
                  <part><name value="type"/><valueCode value="delete"/></part>
                  <part><name value="path"/><valueString value="Observation.category[0]"/></part>
                </parameter></Parameters>
                """;

        var answer = desk.sendAs("application/fhir+xml", "PATCH", laboratory, xml);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(desk.get(laboratory).json().has("category")).isFalse();
    }

    @Test
    void parameters_that_would_make_it_invalid_are_refused() {
        var answer = desk.send("PATCH", laboratory, AMENDING.replace("\"replace\"", "\"delete\""));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.diagnostics()).contains("without Observation.status");
        assertThat(desk.get(laboratory).header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void another_resource_is_no_patch() {
        var answer = desk.send("PATCH", laboratory, Desk.organization("x"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    }

    @Test
    void a_bundle_patches_with_parameters() {
        var answer = desk.bundle("transaction", Desk.entry("PATCH", laboratory, AMENDING));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(desk.get(laboratory).json().get("status").asString()).isEqualTo("amended");
    }

    @Test
    void a_bundle_patches_with_a_binary() {
        var change = "[{\"op\": \"replace\", \"path\": \"/status\", \"value\": \"amended\"}]";
        var binary =
                "{\"resourceType\": \"Binary\", \"contentType\": \"%s\", \"data\": \"%s\"}"
                        .formatted(
                                PATCH,
                                Base64.getEncoder()
                                        .encodeToString(change.getBytes(StandardCharsets.UTF_8)));

        var answer = desk.bundle("transaction", Desk.entry("PATCH", laboratory, binary));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(desk.get(laboratory).json().get("status").asString()).isEqualTo("amended");
    }
}
