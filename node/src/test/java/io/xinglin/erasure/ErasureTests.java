package io.xinglin.erasure;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static io.xinglin.erasure.Counter.DOCTOR;
import static io.xinglin.erasure.Counter.ERASURES;
import static io.xinglin.erasure.Counter.OFFICER;
import static io.xinglin.erasure.Counter.PEER;
import static io.xinglin.erasure.Counter.observation;
import static io.xinglin.erasure.Counter.self;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.KeyId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Findings;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.ledger.Ledger;
import io.xinglin.platform.NodeProperties;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// A patient may have the record erased, unless the law demands that it is kept: then it is only stored.
@TestNode
@Import(Outside.class)
class ErasureTests {
    private static final int LONG_AGO = 1985;
    private static final int LATELY = 2020;

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private Erasures erasures;
    @Autowired private Ledger ledger;
    @Autowired private List<Check> checks;
    @Autowired private NodeProperties node;
    @Autowired private JdbcClient jdbc;
    @Autowired private TransactionTemplate transaction;
    @Autowired private InstantSource time;

    private Counter counter;

    @BeforeEach
    void open() {
        counter = new Counter(outside);
    }

    @Test
    void what_is_erased_is_gone_for_everyone() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        share(patient);

        var done = counter.agree(counter.ask(patient)).json();

        assertThat(done.path("status").asString()).isEqualTo("ERASED");
        assertThat(counter.read(DOCTOR, observation(patient)).status()).isEqualTo(404);
        assertThat(counter.read(OFFICER, "Patient/" + patient).status()).isEqualTo(404);
        assertThat(counter.read(self(patient), observation(patient)).status()).isEqualTo(403);
        assertThat(counter.read(PEER, observation(patient)).status()).isEqualTo(403);
        assertThat(counter.read(DOCTOR, "Observation?patient=" + patient).json().path("entry"))
                .isEmpty();
    }

    @Test
    void nothing_that_opens_it_is_left() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");

        counter.agree(counter.ask(patient));

        for (var table : List.of("records.compartment", "records.resource")) {
            assertThat(count("select count(*) from " + table + " where owner = ?", patient))
                    .as(table)
                    .isZero();
        }
        assertThat(
                        count(
                                "select count(*) from identity.key where holder = ?",
                                "patient/" + patient))
                .isZero();
        assertThat(count("select count(*) from erasure.request where owner = ?", patient)).isZero();
    }

    @Test
    void what_was_exported_of_it_opens_no_more() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var begun =
                outside.send(
                        DOCTOR,
                        HttpRequest.newBuilder(outside.at(Counter.FHIR + "$export"))
                                .header("Prefer", "respond-async"));
        assertThat(begun.status()).as(begun.toString()).isEqualTo(202);
        var job = URI.create(begun.header("Content-Location")).getPath();

        counter.agree(counter.ask(patient));

        assertThat(outside.get(DOCTOR, job).status()).isEqualTo(404);
    }

    @Test
    void everything_still_verifies() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        share(patient);

        counter.agree(counter.ask(patient));

        assertThat(findings()).isEmpty();
    }

    @Test
    void its_id_is_given_to_nobody_again() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        counter.agree(counter.ask(patient));

        var again =
                counter.write(
                        "Patient/" + patient,
                        "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(patient));

        assertThat(again.status()).as(again.toString()).isEqualTo(410);
    }

    @Test
    void the_certificate_is_signed_with_the_key_on_the_ledger() throws Exception {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);
        counter.agree(asked);

        var certificate = outside.get(OFFICER, Counter.at(asked) + "/certificate");

        assertThat(certificate.header("Content-Type")).startsWith("application/jose");
        var jws = JWSObject.parse(certificate.text());
        var key = ledger.key(new KeyId(jws.getHeader().getKeyID())).orElseThrow();
        assertThat(key.member()).isEqualTo(CITY);
        assertThat(jws.verify(new ECDSAVerifier(key.jwk().toJwk().toECKey()))).isTrue();
        assertThat(jws.getPayload().toString())
                .contains("\"versions\":3", "\"keys\":", "Practitioner/officer")
                .doesNotContain(patient);
    }

    @Test
    void whoever_cannot_sign_in_any_more_gets_it_with_the_code() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);
        counter.agree(asked);
        var code = asked.json().path("code").asString();

        var status = form("status", code, "application/json");
        var chinese = form("certificate", code, "application/pdf");
        var wrong = form("status", code + "x", "application/json");

        assertThat(status.json().path("status").asString()).isEqualTo("ERASED");
        assertThat(status.text()).doesNotContain(patient);
        assertThat(chinese.status()).as(chinese.toString()).isEqualTo(200);
        assertThat(new String(chinese.body(), 0, 5, StandardCharsets.ISO_8859_1))
                .isEqualTo("%PDF-");
        assertThat(wrong.status()).isEqualTo(404);
    }

    private Outside.Answer form(String what, String code, String accept) {
        return outside.send(
                HttpRequest.newBuilder(
                                URI.create(node.url() + "/erasure/city-first-hospital/" + what))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", accept)
                        .header("Accept-Language", "zh-CN")
                        .POST(HttpRequest.BodyPublishers.ofString("code=" + code))
                        .build());
    }

    @Test
    void each_step_has_a_receipt() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);
        counter.agree(asked);

        var receipt =
                await().until(
                                () -> outside.get(OFFICER, Counter.at(asked) + "/receipt"),
                                answer -> answer.status() == 200)
                        .text();

        assertThat(receipt).startsWith("c2sp.org/tlog-proof@v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AMB", "IMP"})
    void what_the_law_keeps_is_only_stored_and_the_law_is_named(String kind) {
        var patient = counter.patientSeenIn(LATELY, kind);

        var kept = counter.agree(counter.ask(patient)).json();

        assertThat(kept.path("status").asString()).isEqualTo("RESTRICTED");
        var because = kept.path("because").path(0);
        assertThat(because.at("/law/zh").asString()).contains("《医疗机构病历管理规定（2013年版）》第二十九条");
        assertThat(because.at("/law/en").asString()).contains("article 29");
        assertThat(because.path("until").asString())
                .startsWith(kind.equals("IMP") ? "2050" : "2035");
    }

    @Test
    void what_is_only_stored_is_read_by_the_patient_and_the_officer_alone() {
        var patient = counter.patientSeenIn(LATELY, "AMB");
        share(patient);
        assertThat(counter.read(PEER, "Observation?patient=" + patient).status()).isEqualTo(200);

        counter.agree(counter.ask(patient));

        assertThat(counter.read(self(patient), observation(patient)).status()).isEqualTo(200);
        assertThat(counter.read(OFFICER, observation(patient)).status()).isEqualTo(200);
        for (var caller : List.of(DOCTOR, PEER)) {
            assertThat(counter.read(caller, observation(patient)).status()).isEqualTo(403);
            assertThat(counter.read(caller, "Observation?patient=" + patient).status())
                    .isEqualTo(403);
            assertThat(counter.read(caller, observation(patient) + "/_history").status())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Observation?_id=o-:p",
                "Observation?subject=Patient/:p",
                "Observation?code=2345-7&_count=200&subject:Patient._id=:p",
                "Patient?_id=:p",
                "Patient?_has:Observation:subject:code=2345-7&_id=:p",
                "Encounter?_id=v-:p&_include=Encounter:subject"
            })
    void no_search_finds_what_is_only_stored(String search) {
        var patient = counter.patientSeenIn(LATELY, "AMB");
        var query = search.replace(":p", patient);
        assertThat(counter.read(DOCTOR, query).json().path("entry")).as(query).isNotEmpty();

        counter.agree(counter.ask(patient));

        var found = counter.read(DOCTOR, query);
        assertThat(found.text()).doesNotContain("\"id\":\"o-" + patient, "\"id\":\"" + patient);
        assertThat(found.status()).as(found.toString()).isIn(200, 403);
    }

    @Test
    void nothing_is_written_to_what_is_only_stored() {
        var patient = counter.patientSeenIn(LATELY, "AMB");
        counter.agree(counter.ask(patient));

        var changed =
                counter.write(
                        "Patient/" + patient,
                        "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(patient));
        var deleted = outside.send(DOCTOR, "DELETE", Counter.FHIR + observation(patient), "");

        assertThat(changed.status()).as(changed.toString()).isEqualTo(422);
        assertThat(changed.diagnostics()).contains("only stored");
        assertThat(deleted.status()).as(deleted.toString()).isEqualTo(422);
    }

    @Test
    void a_patient_who_takes_it_back_is_treated_as_before() {
        var patient = counter.patientSeenIn(LATELY, "AMB");
        var asked = counter.ask(patient);
        counter.agree(asked);

        var back = outside.send(self(patient), "POST", Counter.at(asked) + "/withdraw", "");

        assertThat(back.json().path("status").asString()).isEqualTo("WITHDRAWN");
        assertThat(counter.read(DOCTOR, observation(patient)).status()).isEqualTo(200);
        assertThat(findings()).isEmpty();
    }

    @Test
    void an_officer_who_refuses_says_why() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);

        var silent = counter.decide(OFFICER, asked, "\"refuse\"");
        var refused = counter.decide(OFFICER, asked, "\"refuse\", \"reason\": \"LEGAL_CLAIMS\"");

        assertThat(silent.status()).isEqualTo(400);
        assertThat(refused.json().path("status").asString()).isEqualTo("REFUSED");
        assertThat(refused.json().path("reason").asString()).isEqualTo("LEGAL_CLAIMS");
        assertThat(counter.read(DOCTOR, observation(patient)).status()).isEqualTo(200);
    }

    @Test
    void only_the_patient_asks_and_only_operations_decide() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var other = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);

        assertThat(outside.send(DOCTOR, "POST", ERASURES, "").status()).isEqualTo(403);
        assertThat(counter.decide(DOCTOR, asked, "\"erase\"").status()).isEqualTo(403);
        assertThat(counter.decide(self(patient), asked, "\"erase\"").status()).isEqualTo(403);
        assertThat(outside.get(self(other), Counter.at(asked)).status()).isEqualTo(404);
        assertThat(outside.get(DOCTOR, Counter.at(asked)).status()).isEqualTo(403);
        assertThat(outside.send(self(other), "POST", Counter.at(asked) + "/withdraw", "").status())
                .isEqualTo(404);
        assertThat(outside.send(self(patient), "POST", ERASURES, "").status()).isEqualTo(409);
    }

    @Test
    void what_a_crash_stopped_is_finished() {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);
        jdbc.sql("update erasure.request set status = 'ERASING' where owner = ?")
                .param(patient)
                .update();
        jdbc.sql("insert into records.shut values ('city-first-hospital', ?)")
                .param(patient)
                .update();
        transaction.executeWithoutResult(_ -> shut(patient));

        erasures.settle();

        var status = outside.get(OFFICER, Counter.at(asked)).json().path("status").asString();
        assertThat(status).isEqualTo("ERASED");
    }

    @Autowired private io.xinglin.records.WholeRecords records;

    private void shut(String patient) {
        records.shut(new PatientId(CITY, patient));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into records.erased select gen_random_uuid(), erasure from records.erased limit 1",
                "delete from records.erased where entry = (select entry from records.erased limit 1)",
                "insert into records.erased values (gen_random_uuid(), gen_random_uuid())",
                "insert into records.erased select entry, gen_random_uuid() from records.version limit 1",
                "delete from records.shut",
                "insert into records.shut values ('city-first-hospital', 'somebody')",
                "delete from erasure.event where entry = (select entry from erasure.event limit 1)",
                "update erasure.event set opening = set_byte(opening, 20, 255 - get_byte(opening, 20))",
                "update erasure.request set status = 'ERASED', owner = null where status = 'RESTRICTED'",
                "update erasure.request set status = 'REFUSED' where status = 'RESTRICTED'"
            })
    void what_is_changed_behind_its_back_is_found(String change) {
        var erased = counter.patientSeenIn(LONG_AGO, "AMB");
        counter.agree(counter.ask(erased));
        var kept = counter.patientSeenIn(LATELY, "AMB");
        counter.agree(counter.ask(kept));
        sequenced();
        var found = new ArrayList<String>();

        transaction.executeWithoutResult(
                status -> {
                    jdbc.sql(change).update();
                    found.addAll(Findings.of(check("erasures")));
                    status.setRollbackOnly();
                });

        assertThat(found).as(change).isNotEmpty();
    }

    @Test
    void the_register_names_nobody() throws Exception {
        var patient = counter.patientSeenIn(LONG_AGO, "AMB");
        var asked = counter.ask(patient);
        counter.agree(asked);

        assertThat(Files.readString(node.data().resolve("erasures")))
                .contains(asked.json().path("id").asString())
                .doesNotContain(patient);
    }

    private void share(String patient) {
        consents.grant(
                new PatientId(CITY, patient),
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.OTHER, RecordCategory.LABORATORY),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));
    }

    private long count(String sql, String parameter) {
        return jdbc.sql(sql).param(parameter).query(Long.class).single();
    }

    private void sequenced() {
        await().until(
                        jdbc.sql("select count(*) from log.pending").query(Long.class)::single,
                        pending -> pending == 0);
    }

    private List<String> findings() {
        sequenced();
        var found = new ArrayList<String>();
        for (var name : List.of("erasures", "sealed records", "keys", "consents")) {
            found.addAll(Findings.of(check(name)));
        }
        return found;
    }

    private Check check(String name) {
        return checks.stream()
                .filter(check -> check.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }
}
