package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.consent.Consent;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What is exported is what the requester may read, and is for them alone.
@TestNode
@Import(Outside.class)
class ExportTests {
    private static final String ASYNC = "respond-async";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private Jobs jobs;
    @Autowired private JdbcClient jdbc;
    @Autowired private NodeProperties node;
    @Autowired private InstantSource time;

    private final String id = Desk.unique("p");

    /// Someone who has asked for nothing yet.
    private final Caller staff = new Caller.Staff(CITY, Desk.unique("dr"), PurposeOfUse.TREAT);

    private final Caller peer = new Caller.Peer(CITY, RIVER, Desk.unique("dr"), PurposeOfUse.TREAT);

    private Desk desk;

    @BeforeEach
    void store() {
        desk = new Desk(outside);
        for (var name : List.of("a-", "b-")) {
            desk.put(
                    "Patient/" + name + id,
                    "{\"resourceType\":\"Patient\",\"id\":\"%s\"}".formatted(name + id));
            desk.put("Observation/o" + name + id, Desk.laboratory("o" + name + id, name + id));
            desk.put(
                    "Condition/c" + name + id,
                    """
                    {"resourceType":"Condition","id":"c%1$s","code":{"text":"moonlight"},
                     "subject":{"reference":"Patient/%1$s"}}
                    """
                            .formatted(name + id));
        }
        desk.put(
                "Group/g-" + id,
                """
                {"resourceType":"Group","id":"g-%1$s","type":"person","actual":true,"member":[
                  {"entity":{"reference":"Patient/a-%1$s"}},{"entity":{"reference":"Patient/b-%1$s"}}]}
                """
                        .formatted(id));
    }

    private Consent consent(String name, RecordCategory... categories) {
        return consents.grant(
                new PatientId(CITY, name + id),
                new ConsentTerms(
                        RIVER,
                        Set.of(categories),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));
    }

    private Outside.Answer begin(Caller caller, String path) {
        return desk.send(caller, "GET", path, "", "Prefer", ASYNC);
    }

    private String begun(Caller caller, String path) {
        var answer = begin(caller, path);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        return answer.header("Content-Location");
    }

    private Outside.Answer ended(Caller caller, String address) {
        return await().atMost(Duration.ofMinutes(2))
                .until(() -> outside.get(caller, address), answer -> answer.status() != 202);
    }

    /// The lines of each file, by type.
    private Map<String, List<String>> files(Caller caller, String address) {
        var manifest = ended(caller, address);
        assertThat(manifest.status()).as(manifest.toString()).isEqualTo(200);
        var files = new TreeMap<String, List<String>>();
        for (var output : manifest.json().get("output")) {
            var file = outside.get(caller, output.get("url").asString());
            assertThat(file.status()).as(file.toString()).isEqualTo(200);
            assertThat(file.header("Content-Type")).startsWith("application/fhir+ndjson");
            files.put(output.get("type").asString(), file.text().lines().toList());
        }
        return files;
    }

    private static UUID job(String address) {
        return UUID.fromString(address.substring(address.lastIndexOf('/') + 1));
    }

    @Test
    void a_group_is_exported_as_it_is_stored_and_each_member_is_told() {
        var address = begun(staff, "Group/g-" + id + "/$export");

        var files = files(staff, address);

        assertThat(files.keySet()).containsExactly("Condition", "Observation", "Patient");
        assertThat(files.get("Observation"))
                .containsExactly(
                        desk.get("Observation/oa-" + id).text(),
                        desk.get("Observation/ob-" + id).text());
        var manifest = outside.get(staff, address);
        assertThat(manifest.json().get("requiresAccessToken").asBoolean()).isTrue();
        assertThat(manifest.json().at("/output/0/count").asInt()).isEqualTo(2);
        assertThat(manifest.json().get("request").asString())
                .endsWith(Desk.FHIR + "/Group/g-" + id + "/$export");
        assertThat(Instant.parse(manifest.json().get("transactionTime").asString()))
                .isBefore(time.instant());
        assertThat(manifest.header("Expires")).isNotEmpty();
        assertThat(outside.get(Desk.self("a-" + id), "/audit/city-first-hospital/accesses").text())
                .contains("EXPORT")
                .contains("Condition/ca-" + id + "/_history/1");
    }

    @Test
    void some_types_of_some_patients_since_some_time() {
        var patients = "_type=Patient,Observation&patient=Patient/b-" + id;

        assertThat(files(staff, begun(staff, "Patient/$export?" + patients)))
                .isEqualTo(
                        Map.of(
                                "Patient", List.of(desk.get("Patient/b-" + id).text()),
                                "Observation", List.of(desk.get("Observation/ob-" + id).text())));
        assertThat(files(staff, begun(staff, "Patient/$export?_since=2999-01-01&" + patients)))
                .isEmpty();
    }

    @Test
    void who_depends_on_consent_is_given_what_it_covers() {
        consent("a-", RecordCategory.LABORATORY);

        var files =
                files(peer, begun(peer, "$export?_type=Observation,Condition,Group,Organization"));

        assertThat(files.keySet()).isSubsetOf("Observation", "Organization");
        assertThat(files.get("Observation"))
                .contains(desk.get("Observation/oa-" + id).text())
                .noneMatch(line -> line.contains("ob-" + id));
    }

    @Test
    void who_is_not_named_is_not_told_and_who_is_named_is() {
        files(peer, begun(peer, "Patient/$export"));
        files(peer, begun(peer, "Patient/$export?patient=Patient/b-" + id));

        assertThat(accesses("a-")).isEmpty();
        assertThat(accesses("b-")).hasSize(1).first().asString().contains("EXPORT");
    }

    private List<?> accesses(String name) {
        return outside.get(Desk.self(name + id), "/audit/city-first-hospital/accesses")
                .json()
                .get("accesses")
                .valueStream()
                .toList();
    }

    @Test
    void who_takes_a_consent_back_is_left_out_of_what_is_fetched_after_that() {
        var consent = consent("a-", RecordCategory.LABORATORY);
        var address = begun(peer, "Patient/$export?_type=Observation");
        assertThat(files(peer, address).get("Observation"))
                .anyMatch(line -> line.contains("oa-" + id));

        consents.withdraw(new PatientId(CITY, "a-" + id), consent.id());

        assertThat(files(peer, address).get("Observation"))
                .noneMatch(line -> line.contains("oa-" + id));
    }

    @Test
    void a_patient_exports_themselves_and_nobody_else() {
        var self = Desk.self("a-" + id);

        assertThat(files(self, begun(self, "Patient/$export")).get("Patient"))
                .containsExactly(desk.get("Patient/a-" + id).text());
        assertThat(files(self, begun(self, "Patient/$export?patient=Patient/b-" + id))).isEmpty();
    }

    @Test
    void a_group_that_is_not_theirs_to_see_cannot_be_told_from_none() {
        var hidden = begin(peer, "Group/g-" + id + "/$export");
        var nothing = begin(peer, "Group/nothing/$export");

        assertThat(hidden.status()).isEqualTo(403);
        assertThat(hidden.text()).isEqualTo(nothing.text());
    }

    @Test
    void it_is_there_for_whoever_asked_and_for_nobody_else() {
        var address = begun(staff, "Patient/$export?patient=Patient/a-" + id);
        var manifest = ended(staff, address);
        var file = manifest.json().at("/output/0/url").asString();

        for (var other : List.of(Desk.SYSTEM, peer, Desk.self("a-" + id))) {
            assertThat(outside.get(other, address).status()).isEqualTo(404);
            assertThat(outside.get(other, file).status()).isEqualTo(404);
        }
        assertThat(outside.get(staff, file.replace("Patient-", "Group-")).status()).isEqualTo(404);
        assertThat(outside.get(staff, address + "x").status()).isEqualTo(404);
    }

    @Test
    void what_is_deleted_or_old_is_gone_from_the_disk_too() {
        var deleted = begun(staff, "Group/g-" + id + "/$export");
        var old = begun(staff, "Group/g-" + id + "/$export");
        ended(staff, deleted);
        ended(staff, old);
        assertThat(jobs.file(job(deleted))).exists();

        var answer = outside.send(staff, "DELETE", deleted, "");
        jdbc.sql("update records.job set ended = ended - interval '25 hours' where id = ?")
                .param(job(old))
                .update();

        assertThat(answer.status()).isEqualTo(202);
        assertThat(outside.get(staff, deleted).status()).isEqualTo(404);
        assertThat(outside.get(staff, old).status()).isEqualTo(404);
        jobs.sweep();
        assertThat(jobs.file(job(deleted))).doesNotExist();
        assertThat(jobs.file(job(old))).doesNotExist();
    }

    @Test
    void on_the_disk_it_says_nothing() throws IOException {
        var address = begun(staff, "Group/g-" + id + "/$export");
        ended(staff, address);

        var file = Files.readString(jobs.file(job(address)), StandardCharsets.ISO_8859_1);

        assertThat(jobs.file(job(address)).startsWith(Path.of(node.data().toString()))).isTrue();
        assertThat(file).doesNotContain(id, "moonlight", "Condition");
    }

    @Test
    void what_a_killed_node_had_not_noted_is_done_again() {
        var address = begun(staff, "Group/g-" + id + "/$export");
        var before = files(staff, address);

        jdbc.sql(
                        """
                        update records.job set state = 'ACTIVE', ended = null, place = ?, done = 0,
                          bytes = 0 where id = ?
                        """)
                .params("a", job(address))
                .update();
        jdbc.sql("delete from records.job_text where job = ?").param(job(address)).update();

        assertThat(files(staff, address)).isEqualTo(before);
    }

    @Test
    void a_file_that_was_changed_is_not_handed_out() throws IOException {
        var address = begun(staff, "Group/g-" + id + "/$export");
        var url = ended(staff, address).json().at("/output/0/url").asString();
        var file = jobs.file(job(address));
        var bytes = Files.readAllBytes(file);
        bytes[40] ^= 1;
        Files.write(file, bytes);

        var answer = outside.get(staff, url);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("exception");
    }

    @Test
    void nobody_has_more_than_twenty() {
        var address = begun(staff, "Patient/$export?patient=Patient/nobody");
        ended(staff, address);
        jdbc.sql(
                        """
                        insert into records.job
                        select gen_random_uuid(), org, kind, state, created, ended, requester, place, done,
                          total, bytes, sealed
                        from records.job, generate_series(1, 19) where id = ?
                        """)
                .param(job(address))
                .update();

        var answer = begin(staff, "Patient/$export");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(begin(peer, "Patient/$export?patient=Patient/nobody").status()).isEqualTo(202);
    }

    @Test
    void parameters_may_come_in_the_body() {
        var answer =
                desk.send(
                        staff,
                        "POST",
                        "Patient/$export",
                        """
                        {"resourceType":"Parameters","parameter":[
                          {"name":"patient","valueReference":{"reference":"Patient/a-%s"}},
                          {"name":"_type","valueString":"Condition"}]}
                        """
                                .formatted(id),
                        "Prefer",
                        "respond-async, handling=strict");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        assertThat(files(staff, answer.header("Content-Location")).keySet())
                .containsExactly("Condition");
    }

    @Test
    void it_takes_its_time_and_says_so() {
        var answer = desk.send(staff, "GET", "$export", "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.diagnostics()).contains("Prefer: respond-async");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    $export?_typeFilter=Observation%3Fcode%3D1 | not-supported
                    $export?_outputFormat=text/csv | not-supported
                    $export?_type=Nothing | invalid
                    $export?_since=yesterday | invalid
                    $export?patient=Patient/1 | not-supported
                    $export?_elements=id | not-supported
                    Patient/$export?_type=Practitioner | invalid
                    Patient/$export?patient=17 | invalid
                    """)
    void what_is_not_supported_is_refused(String path, String code) {
        var answer = begin(staff, path);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
    }
}
