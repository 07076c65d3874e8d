package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static io.xinglin.records.Desk.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.fsck.Findings;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// A deletion is a version: sealed, in the log, and the last word until somebody says more.
@TestNode
@Import(Outside.class)
class DeletionTests {
    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;
    @Autowired private RecordCheck check;
    @Autowired private JdbcClient jdbc;
    @Autowired private TransactionTemplate transaction;

    private Desk desk;
    private String patient = "";
    private String laboratory = "";

    @BeforeEach
    void store() {
        desk = new Desk(outside);
        patient = desk.patient();
        laboratory = desk.laboratory(patient);
    }

    private void delete() {
        var answer = desk.send("DELETE", laboratory, "");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(204);
    }

    private void share() {
        consents.grant(
                new PatientId(CITY, patient),
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.LABORATORY),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));
    }

    @Test
    void what_is_deleted_is_gone_and_its_versions_are_not() {
        delete();

        var read = desk.get(laboratory);
        assertThat(read.status()).as(read.toString()).isEqualTo(410);
        assertThat(read.code()).isEqualTo("deleted");
        assertThat(desk.get(laboratory + "/_history/2").status()).isEqualTo(410);
        assertThat(desk.get(laboratory + "/_history/1").status()).isEqualTo(200);
    }

    @Test
    void no_search_finds_it() {
        delete();

        for (var search :
                List.of(
                        "?patient=" + patient,
                        "?patient=" + patient + "&code=2345-7",
                        "?_id=" + laboratory.substring("Observation/".length()))) {
            var found = desk.get("Observation" + search);
            assertThat(found.status()).as(found.toString()).isEqualTo(200);
            assertThat(found.json().path("entry").size()).as(search).isZero();
        }
    }

    @Test
    void the_history_says_so() {
        delete();

        var history = desk.get(laboratory + "/_history").json().get("entry");

        assertThat(history.size()).isEqualTo(2);
        assertThat(history.at("/0/request/method").asString()).isEqualTo("DELETE");
        assertThat(history.at("/0/response/status").asString()).startsWith("204");
        assertThat(history.at("/0/resource").isMissingNode()).isTrue();
        assertThat(history.at("/1/resource/status").asString()).isEqualTo("final");
    }

    @Test
    void an_update_brings_it_back() {
        delete();
        var id = laboratory.substring("Observation/".length());

        var back = desk.send("PUT", laboratory, Desk.laboratory(id, patient));

        assertThat(back.status()).as(back.toString()).isEqualTo(201);
        assertThat(back.header("ETag")).isEqualTo("W/\"3\"");
        assertThat(desk.get(laboratory).status()).isEqualTo(200);
        assertThat(desk.get("Observation?patient=" + patient).json().get("entry").size())
                .isEqualTo(1);
        assertThat(desk.get(laboratory + "/_history/2").status()).isEqualTo(410);
    }

    @Test
    void it_does_not_come_back_in_another_record() {
        delete();
        var id = laboratory.substring("Observation/".length());

        var back = desk.send("PUT", laboratory, Desk.laboratory(id, desk.patient()));

        assertThat(back.status()).as(back.toString()).isEqualTo(422);
    }

    @Test
    void to_delete_twice_or_what_never_was_does_nothing() {
        delete();

        assertThat(desk.send("DELETE", laboratory, "").status()).isEqualTo(204);
        assertThat(desk.send("DELETE", "Observation/never-was", "").status()).isEqualTo(204);
        assertThat(desk.get(laboratory + "/_history").json().get("entry").size()).isEqualTo(2);
        assertThat(desk.get("Observation/never-was").status()).isEqualTo(404);
    }

    @Test
    void only_the_version_that_is_expected_is_deleted() {
        var wrong = desk.send("DELETE", laboratory, "", "If-Match", "W/\"7\"");
        var right = desk.send("DELETE", laboratory, "", "If-Match", "\"1\"");
        var gone = desk.send("DELETE", laboratory, "", "If-Match", "W/\"2\"");

        assertThat(wrong.status()).as(wrong.toString()).isEqualTo(412);
        assertThat(right.status()).as(right.toString()).isEqualTo(204);
        assertThat(right.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(gone.status()).as(gone.toString()).isEqualTo(412);
    }

    @Test
    void it_has_a_receipt_that_names_who_deleted_what() {
        delete();

        var receipt =
                await().until(
                                () ->
                                        outside.get(
                                                Desk.STAFF,
                                                "/receipts/city-first-hospital/"
                                                        + laboratory
                                                        + "/2"),
                                answer -> {
                                    assertThat(answer.status()).isIn(200, 503);
                                    return answer.status() == 200;
                                })
                        .text();

        var extra =
                receipt.lines().filter(line -> line.startsWith("extra ")).findFirst().orElseThrow();
        var opening = JsonMapper.shared().readTree(Base64.getDecoder().decode(extra.substring(6)));
        assertThat(opening.get("statement").asString())
                .contains("\"action\":\"deleted\"", laboratory, "Practitioner/dr-chen")
                .doesNotContain("sha256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/_history", "/_history/1", "/_history/2", "/_history/9"})
    void without_consent_it_cannot_be_told_whether_it_is_is_deleted_or_never_was(String what) {
        var deleted = desk.laboratory(patient);
        assertThat(desk.send("DELETE", deleted, "").status()).isEqualTo(204);

        var there = desk.send(PEER, "GET", laboratory + what, "");
        var gone = desk.send(PEER, "GET", deleted + what, "");
        var never = desk.send(PEER, "GET", "Observation/never-was" + what, "");

        assertThat(there.status()).isEqualTo(403);
        assertThat(List.of(gone.status(), never.status())).containsOnly(403);
        assertThat(gone.text()).isEqualTo(there.text());
        assertThat(never.text()).isEqualTo(there.text());
    }

    @Test
    void who_may_read_it_is_told_that_it_is_deleted_and_the_patient_that_they_asked() {
        share();
        assertThat(desk.send(PEER, "GET", laboratory, "").status()).isEqualTo(200);
        delete();

        assertThat(desk.send(PEER, "GET", laboratory, "").status()).isEqualTo(410);
        var accesses =
                outside.get(Desk.self(patient), "/audit/city-first-hospital/accesses")
                        .json()
                        .get("accesses");
        assertThat(accesses.at("/0/what/versions/0").asString())
                .isEqualTo(laboratory + "/_history/2");
    }

    @Test
    void patients_and_other_organisations_delete_nothing() {
        share();

        assertThat(desk.send(PEER, "DELETE", laboratory, "").status()).isEqualTo(403);
        assertThat(desk.send(PEER, "DELETE", "Observation/never-was", "").status()).isEqualTo(403);
        assertThat(desk.send(Desk.self(patient), "DELETE", laboratory, "").status()).isEqualTo(403);
        assertThat(desk.get(laboratory).status()).isEqualTo(200);
    }

    @Test
    void a_patient_goes_last() {
        var refused = desk.send("DELETE", "Patient/" + patient, "");
        delete();
        var done = desk.send("DELETE", "Patient/" + patient, "");
        var late = desk.send("POST", "Observation", Desk.laboratory("x", patient));

        assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
        assertThat(refused.diagnostics()).contains("1 Observation");
        assertThat(done.status()).as(done.toString()).isEqualTo(204);
        assertThat(late.status()).as(late.toString()).isEqualTo(422);
        assertThat(desk.get("Patient/" + patient).status()).isEqualTo(410);
    }

    @Test
    void a_patient_goes_with_the_whole_record_in_one_transaction() {
        var answer =
                desk.bundle(
                        "transaction",
                        Desk.entry("DELETE", "Patient/" + patient),
                        Desk.entry("DELETE", laboratory));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().at("/entry/0/response/status").asString()).startsWith("204");
        assertThat(desk.get(laboratory).status()).isEqualTo(410);
        assertThat(desk.get("Patient/" + patient).status()).isEqualTo(410);
    }

    @Test
    void nothing_is_stored_for_a_patient_who_is_deleted_at_the_same_time() throws Exception {
        for (var round = 0; round < 5; round++) {
            var other = desk.patient();
            Callable<Outside.Answer> store =
                    () -> desk.send("POST", "Observation", Desk.laboratory("x", other));
            Callable<Outside.Answer> delete = () -> desk.send("DELETE", "Patient/" + other, "");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var answers = new ArrayList<Integer>();
                for (Future<Outside.Answer> answer :
                        threads.invokeAll(List.of(store, delete, store))) {
                    answers.add(answer.get().status());
                }
                var left =
                        jdbc.sql(
                                        """
                                        select count(*) filter (where type = 'Patient') * 100 + count(*)
                                        from records.resource where owner = ? and not deleted
                                        """)
                                .param(other)
                                .query(Integer.class)
                                .single();
                assertThat(left).as(answers.toString()).isIn(0, 102, 103);
                assertThat(answers.get(1)).isEqualTo(left == 0 ? 204 : 409);
            }
        }
    }

    @Test
    void everything_stored_agrees_with_everything_proved() {
        delete();
        await().until(
                        jdbc.sql("select count(*) from log.pending").query(Long.class)::single,
                        pending -> pending == 0);

        assertThat(findings("select 1")).isEmpty();
        assertThat(findings("update records.resource set deleted = false where key = :r"))
                .anyMatch(line -> line.contains(laboratory));
        assertThat(findings("update records.version set category = 4 where resource = :r"))
                .anyMatch(line -> line.contains(laboratory));
    }

    @Test
    void a_row_that_is_made_to_look_undeleted_shows_nothing() {
        delete();
        jdbc.sql("update records.resource set deleted = false where id = ?")
                .param(laboratory.substring("Observation/".length()))
                .update();

        assertThat(desk.get(laboratory).status()).isEqualTo(410);
        assertThat(desk.get("Observation?patient=" + patient).json().path("entry").size()).isZero();

        jdbc.sql("update records.resource set deleted = true where id = ?")
                .param(laboratory.substring("Observation/".length()))
                .update();
    }

    private List<String> findings(String change) {
        var findings = new Findings();
        transaction.executeWithoutResult(
                status -> {
                    var key =
                            jdbc.sql("select key from records.resource where id = ?")
                                    .param(laboratory.substring("Observation/".length()))
                                    .query(Long.class)
                                    .single();
                    if (change.contains(":r")) {
                        jdbc.sql(change).param("r", key).update();
                    }
                    check.run(findings);
                    status.setRollbackOnly();
                });
        return findings.found();
    }

    @Test
    void whoever_wants_to_be_told_is_told() {
        var answer = desk.send("DELETE", laboratory, "", "Prefer", "return=OperationOutcome");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains(laboratory + " was deleted.");
    }
}
