package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Many resources, one a line, stored as each alone would be.
@TestNode
@Import(Outside.class)
class ImportTests {
    private static final String NDJSON = "application/fhir+ndjson";

    @Autowired private Outside outside;
    @Autowired private Jobs jobs;
    @Autowired private JdbcClient jdbc;

    private final String id = Desk.unique("p");
    private Desk desk;

    @BeforeEach
    void desk() {
        desk = new Desk(outside);
    }

    private String patient() {
        return "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"gender\":\"female\"}".formatted(id);
    }

    private String laboratory(String name) {
        return Desk.laboratory(name + id, id).replaceAll("\\s*\\n\\s*", " ").strip();
    }

    private Outside.Answer begin(String... lines) {
        return desk.sendAs(
                Desk.SYSTEM,
                NDJSON,
                "POST",
                "$import",
                String.join("\n", lines),
                "Prefer",
                "respond-async");
    }

    private String imported(String... lines) {
        var answer = begin(lines);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        return answer.header("Content-Location");
    }

    private JsonNode manifest(String address) {
        var answer =
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> outside.get(Desk.SYSTEM, address), one -> one.status() != 202);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    private List<String> report(JsonNode manifest) {
        var url = manifest.at("/error/0/url").asString();
        return outside.get(Desk.SYSTEM, url).text().lines().toList();
    }

    private static UUID job(String address) {
        return UUID.fromString(address.substring(address.lastIndexOf('/') + 1));
    }

    @Test
    void in_whatever_order_they_are() {
        var manifest = manifest(imported(laboratory("a-"), "", laboratory("b-"), patient(), ""));

        assertThat(manifest.at("/extension/stored").asInt()).isEqualTo(3);
        assertThat(manifest.get("error").size()).isZero();
        assertThat(desk.get("Observation?patient=" + id).json().get("total").asInt()).isEqualTo(2);
        assertThat(desk.get("Patient/" + id).header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void a_line_that_is_refused_is_reported_and_the_others_are_stored() {
        var manifest =
                manifest(
                        imported(
                                patient(),
                                "{\"resourceType\":\"Nothing\"}",
                                laboratory("a-"),
                                laboratory("b-").replace(id + "\"}", "nobody\"}"),
                                laboratory("c-").replace("\"status\"", "\"statuss\""),
                                "{\"resourceType\":\"Patient\",",
                                laboratory("d-")));

        assertThat(manifest.at("/extension/stored").asInt()).isEqualTo(3);
        assertThat(manifest.at("/error/0/type").asString()).isEqualTo("OperationOutcome");
        var report = report(manifest);
        assertThat(report).hasSize(4).allMatch(line -> line.contains("OperationOutcome"));
        assertThat(report).anyMatch(line -> line.contains("Line 2: There is no resource type"));
        assertThat(report).anyMatch(line -> line.contains("Line 4 is about Patient/nobody"));
        assertThat(report).anyMatch(line -> line.contains("Line 5") && line.contains("statuss"));
        assertThat(report).anyMatch(line -> line.contains("Line 6"));
    }

    @Test
    void to_send_the_same_again_changes_nothing_and_another_content_is_a_new_version() {
        var without = laboratory("").replaceFirst("\"id\": \"[^\"]*\",", "");
        manifest(imported(patient(), laboratory("a-"), without));

        var again = manifest(imported(patient(), laboratory("a-"), without));
        var other = manifest(imported(laboratory("a-").replace("2345-7", "718-7"), patient()));

        assertThat(again.at("/extension/unchanged").asInt()).isEqualTo(3);
        assertThat(again.at("/extension/stored").asInt()).isZero();
        assertThat(other.at("/extension/unchanged").asInt()).isEqualTo(1);
        assertThat(desk.get("Observation/a-" + id).header("ETag")).isEqualTo("W/\"2\"");
        assertThat(desk.get("Observation?patient=" + id).json().get("total").asInt()).isEqualTo(2);
    }

    @Test
    void a_node_that_was_killed_begins_again_and_stores_nothing_twice() {
        var address = imported(patient(), laboratory("a-"), "nonsense");
        var before = manifest(address);

        // The worst that is left: everything was stored, nothing of it noted.
        jdbc.sql(
                        """
                        update records.job set state = 'ACTIVE', ended = null, place = null, done = 0
                        where id = ?
                        """)
                .param(job(address))
                .update();
        jdbc.sql("delete from records.job_text where job = ? and number > 0")
                .param(job(address))
                .update();
        var after = manifest(address);

        assertThat(before.at("/extension/stored").asInt()).isEqualTo(2);
        assertThat(after.at("/extension/unchanged").asInt()).isEqualTo(2);
        assertThat(after.at("/error/0/count").asInt()).isEqualTo(1);
        assertThat(desk.get("Observation/a-" + id).header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void what_was_sent_is_sealed_on_the_disk() throws IOException {
        var address = imported(patient(), laboratory("a-"));
        manifest(address);

        var file = Files.readString(jobs.file(job(address)), StandardCharsets.ISO_8859_1);

        assertThat(file).isNotEmpty().doesNotContain(id, "resourceType", "laboratory");
        assertThat(outside.get(Desk.SYSTEM, address + "/received-0.ndjson").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "SYSTEM, application/fhir+json, respond-async, 415",
        "SYSTEM, application/fhir+ndjson, handling=strict, 400",
        "PEER, application/fhir+ndjson, respond-async, 403",
        "SELF, application/fhir+ndjson, respond-async, 403",
        "STAFF, application/fhir+ndjson; charset=utf-8, respond-async, 202"
    })
    void it_is_for_those_who_write_here(String who, String form, String prefer, int status) {
        var caller =
                switch (who) {
                    case "PEER" -> Desk.PEER;
                    case "SELF" -> Desk.self(id);
                    case "STAFF" -> Desk.STAFF;
                    default -> Desk.SYSTEM;
                };

        var answer = desk.sendAs(caller, form, "POST", "$import", patient(), "Prefer", prefer);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    }
}
