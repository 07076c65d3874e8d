package io.xinglin.records;

import static io.xinglin.records.Desk.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Many things at once: a transaction all or none, a batch each for itself.
@TestNode
@Import(Outside.class)
class BundleTests {
    private static final String URN = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a";

    @Autowired private Outside outside;
    @Autowired private JdbcClient jdbc;

    private Desk desk;
    private final String identifier = Desk.unique("id");
    private final String byIdentifier = "Organization?identifier=urn:t%7C" + identifier;

    @BeforeEach
    void desk() {
        desk = new Desk(outside);
    }

    private static List<String> statuses(Outside.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var statuses = new ArrayList<String>();
        for (var entry : answer.json().path("entry")) {
            statuses.add(entry.at("/response/status").asString().substring(0, 3));
        }
        return statuses;
    }

    private static JsonNode at(Outside.Answer answer, String pointer) {
        return answer.json().at(pointer);
    }

    private long versions() {
        return jdbc.sql("select count(*) from records.version").query(Long.class).single();
    }

    private static String organization(String id, String identifier) {
        return Desk.organization(identifier).replaceFirst("\\{", "{\"id\": \"" + id + "\",");
    }

    @Test
    void a_document_is_stored_as_it_is_and_refers_to_its_own_entries() {
        var document =
                """
                {"resourceType": "Bundle", "type": "collection", "entry": [
                  {"fullUrl": "%1$s", "resource": {"resourceType": "Patient", "active": true}},
                  {"resource": {"resourceType": "Condition", "subject": {"reference": "%1$s"}}}]}
                """
                        .formatted(URN);

        var answer = desk.send("POST", "Bundle", document, "Prefer", "return=representation");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(at(answer, "/entry/1/resource/subject/reference").asString()).isEqualTo(URN);
    }

    @Test
    void what_would_be_lost_is_refused() {
        var label =
                """
                {"resourceType": "Organization", "name": "x", "text": {"status": "generated",
                  "div": "<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"},
                 "meta": {"security": [{"extension": [
                  {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                   "valueCode": "unknown"}]}]}}
                """;

        var alone = desk.send("POST", "Organization", label);
        var together = desk.bundle("transaction", entry("POST", "Organization", label));

        assertThat(alone.status()).as(alone.toString()).isEqualTo(400);
        assertThat(alone.diagnostics()).contains("Organization.meta.security[0]", "cannot keep");
        assertThat(together.status()).as(together.toString()).isEqualTo(400);
        assertThat(together.diagnostics()).contains("entry 0", "meta.security[0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "batch"})
    void deletes_then_creates_then_changes_then_reads_and_answers_in_the_order_asked(String type) {
        var gone = Desk.unique("gone");
        var changed = Desk.unique("changed");
        desk.put("Organization/" + gone, organization(gone, identifier));
        desk.put("Organization/" + changed, organization(changed, "other-" + identifier));

        var answer =
                desk.bundle(
                        type,
                        entry("GET", byIdentifier),
                        entry("GET", "Organization/" + changed),
                        entry("HEAD", "Organization/" + changed),
                        entry(
                                "PUT",
                                "Organization/" + changed,
                                organization(changed, "more-" + identifier)),
                        entry("POST", "Organization", Desk.organization(identifier))
                                .replace(
                                        "\"POST\"",
                                        "\"POST\", \"ifNoneExist\": \"identifier=urn:t|"
                                                + identifier
                                                + "\""),
                        entry("DELETE", "Organization/" + gone));

        assertThat(statuses(answer)).containsExactly("200", "200", "200", "200", "201", "204");
        assertThat(at(answer, "/type").asString()).isEqualTo(type + "-response");
        assertThat(at(answer, "/entry/0/resource/entry").size()).isEqualTo(1);
        assertThat(at(answer, "/entry/0/resource/entry/0/resource/id").asString())
                .isEqualTo(at(answer, "/entry/4/response/location").asString().split("/", -1)[1]);
        assertThat(at(answer, "/entry/1/resource/identifier/0/value").asString())
                .isEqualTo("more-" + identifier);
        assertThat(at(answer, "/entry/1/response/etag").asString()).isEqualTo("W/\"2\"");
        assertThat(at(answer, "/entry/2/resource").isMissingNode()).isTrue();
        assertThat(at(answer, "/entry/3/response/etag").asString()).isEqualTo("W/\"2\"");
        assertThat(at(answer, "/entry/5/response/etag").asString()).isEqualTo("W/\"2\"");
    }

    @Test
    void a_transaction_that_cannot_read_stores_nothing_and_a_batch_says_which() {
        var before = versions();
        var create = entry("POST", "Organization", Desk.organization(identifier));
        var missing = entry("GET", "Organization/never-was");

        var transaction = desk.bundle("transaction", create, missing);
        var untouched = versions();
        var batch = desk.bundle("batch", create, missing);

        assertThat(transaction.status()).as(transaction.toString()).isEqualTo(404);
        assertThat(transaction.diagnostics()).contains("Entry 1");
        assertThat(untouched).isEqualTo(before);
        assertThat(statuses(batch)).containsExactly("201", "404");
        assertThat(at(batch, "/entry/1/response/outcome/issue/0/code").asString())
                .isEqualTo("not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PUT"})
    void one_resource_is_changed_once_in_a_transaction(String method) {
        var id = Desk.unique("org");
        desk.put("Organization/" + id, organization(id, identifier));
        var byId =
                method.equals("PUT")
                        ? entry("PUT", "Organization/" + id, organization(id, identifier))
                        : entry("DELETE", "Organization/" + id);
        var conditional = entry("PUT", byIdentifier, Desk.organization(identifier));

        var twice = desk.bundle("transaction", byId, byId);
        var byOther = method.equals("PUT") ? desk.bundle("transaction", byId, conditional) : twice;

        assertThat(twice.status()).as(twice.toString()).isEqualTo(400);
        assertThat(byOther.status()).as(byOther.toString()).isEqualTo(400);
        assertThat(desk.get("Organization/" + id).header("ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void entries_refer_to_each_other_and_to_what_a_search_finds() {
        var patient =
                entry("POST", "Patient", "{\"resourceType\": \"Patient\"}")
                        .replaceFirst("\\{", "{\"fullUrl\": \"" + URN + "\",");
        desk.send("POST", "Organization", Desk.organization(identifier));
        var observation =
                """
                {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
                 "subject": {"reference": "%s"},
                 "performer": [{"reference": "Organization?identifier=urn:t|%s"}]}
                """
                        .formatted(URN, identifier);

        var answer = desk.bundle("transaction", entry("POST", "Observation", observation), patient);

        assertThat(statuses(answer)).containsExactly("201", "201");
        var stored = desk.get(at(answer, "/entry/0/response/location").asString()).json();
        assertThat(at(answer, "/entry/1/response/location").asString())
                .startsWith(stored.at("/subject/reference").asString() + "/");
        assertThat(stored.at("/performer/0/reference").asString()).startsWith("Organization/");
    }

    @Test
    void what_is_deleted_in_the_same_transaction_is_not_referred_to_by_a_search() {
        var id = Desk.unique("org");
        desk.put("Organization/" + id, organization(id, identifier));
        var observation =
                """
                {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
                 "performer": [{"reference": "Organization?identifier=urn:t|%s"}]}
                """
                        .formatted(identifier);

        var answer =
                desk.bundle(
                        "transaction",
                        entry("POST", "Observation", observation),
                        entry("DELETE", "Organization/" + id));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(desk.get("Organization/" + id).status()).isEqualTo(200);
    }

    @Test
    void a_read_of_what_is_known_already_is_answered_without_it() {
        var id = Desk.unique("org");
        desk.put("Organization/" + id, organization(id, identifier));
        var get =
                entry("GET", "Organization/" + id)
                        .replace("\"GET\"", "\"GET\", \"ifNoneMatch\": \"W/\\\"1\\\"\"");

        var answer = desk.bundle("batch", get);

        assertThat(statuses(answer)).containsExactly("304");
        assertThat(at(answer, "/entry/0/resource").isMissingNode()).isTrue();
    }

    @Test
    void histories_and_old_versions_are_read_in_a_bundle() {
        var id = Desk.unique("org");
        desk.put("Organization/" + id, organization(id, identifier));
        desk.send("DELETE", "Organization/" + id, "");

        var answer =
                desk.bundle(
                        "batch",
                        entry("GET", "Organization/" + id + "/_history"),
                        entry("GET", "Organization/" + id + "/_history/1"),
                        entry("GET", "Organization/" + id),
                        entry("GET", "Organization/_history?_count=1"),
                        entry("GET", "_history?_count=1"),
                        entry("GET", "Spaceship/1"),
                        entry("GET", "Organization/1/2/3"),
                        entry("GET", "Organization?colour=green"),
                        entry("BREW", "Organization"));

        assertThat(statuses(answer))
                .containsExactly("200", "200", "410", "200", "200", "400", "400", "400", "400");
        assertThat(at(answer, "/entry/0/resource/entry").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "representation", "OperationOutcome"})
    void a_bundle_answers_as_much_as_is_wanted(String wanted) {
        var answer =
                desk.send(
                        Desk.SYSTEM,
                        "POST",
                        "",
                        "{\"resourceType\": \"Bundle\", \"type\": \"transaction\", \"entry\": ["
                                + entry("POST", "Organization", Desk.organization(identifier))
                                + "]}",
                        "Prefer",
                        "return=" + wanted);

        assertThat(statuses(answer)).containsExactly("201");
        assertThat(at(answer, "/entry/0/resource/name").asString(""))
                .isEqualTo(wanted.equals("representation") ? "Somewhere" : "");
        assertThat(at(answer, "/entry/0/response/outcome").isMissingNode())
                .isEqualTo(!wanted.equals("OperationOutcome"));
    }

    @Test
    void reads_of_many_patients_in_one_bundle_are_told_to_each() {
        var one = desk.patient();
        var other = desk.patient();

        desk.bundle("batch", entry("GET", "Patient/" + one), entry("GET", "Patient/" + other));

        for (var patient : List.of(one, other)) {
            var accesses =
                    outside.get(Desk.self(patient), "/audit/city-first-hospital/accesses")
                            .json()
                            .get("accesses");
            assertThat(accesses.size()).isEqualTo(1);
        }
    }

    @Test
    void an_empty_bundle_does_nothing() {
        for (var type : List.of("transaction", "batch")) {
            assertThat(statuses(desk.bundle(type))).isEmpty();
        }
    }
}
