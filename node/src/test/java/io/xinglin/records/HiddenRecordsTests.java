package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a consent leaves out cannot be told from what is not there, whatever is asked.
@TestNode
@Import(Outside.class)
class HiddenRecordsTests {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);
    private static final String FHIR = "/fhir/city-first-hospital/";
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String CONFIDENTIALITY =
            "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;
    @Autowired private JdbcClient jdbc;

    private final String patient = "hidden-" + NUMBER.incrementAndGet();

    private void store(SensitivityClass shared, String... labels) {
        put("Patient/" + patient, "{\"resourceType\":\"Patient\",\"id\":\"" + patient + "\"}");
        observation("secret", labels);
        observation("secret", labels);
        observation("plain");
        consents.grant(
                new PatientId(CITY, patient),
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.LABORATORY),
                        EnumSet.of(SensitivityClass.GENERAL, shared),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));
    }

    private void observation(String name, String... labels) {
        var id = name + "-" + patient;
        put(
                "Observation/" + id,
                """
                {"resourceType": "Observation", "id": "%s", "status": "final",
                 "meta": {"security": [%s]},
                 "category": [{"coding": [{"code": "laboratory"}]}],
                 "code": {"text": "x"}, "subject": {"reference": "Patient/%s"}}
                """
                        .formatted(id, String.join(",", labels), patient)
                        .replace("\"meta\": {\"security\": []},", ""));
    }

    private void put(String path, String json) {
        assertThat(outside.send(SYSTEM, "PUT", FHIR + path, json).status()).isIn(200, 201);
    }

    private static String label(String system, String code) {
        return "{\"system\": \"" + system + "\", \"code\": \"" + code + "\"}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/_history",
                "/_history?_count=1",
                "/_history?_before=2",
                "/_history/1",
                "/_history/2",
                "/_history/99"
            })
    void whatever_is_asked_of_a_hidden_resource_the_answer_is_that_of_a_missing_one(String what) {
        store(SensitivityClass.GENERAL, label(ACT_CODE, "HIV"));

        var hidden = outside.get(PEER, FHIR + "Observation/secret-" + patient + what);
        var missing = outside.get(PEER, FHIR + "Observation/nothing-" + patient + what);

        assertThat(hidden.status()).isEqualTo(403);
        assertThat(hidden.status()).isEqualTo(missing.status());
        assertThat(hidden.text()).isEqualTo(missing.text());
    }

    @Test
    void every_refused_attempt_is_told_to_the_patient() {
        store(SensitivityClass.GENERAL, label(ACT_CODE, "HIV"));
        var before = refusals();

        outside.get(PEER, FHIR + "Observation/secret-" + patient + "/_history");
        outside.get(PEER, FHIR + "Observation/secret-" + patient + "/_history/99");

        assertThat(refusals()).isEqualTo(before + 2);
    }

    private long refusals() {
        var self = new Caller.Patient(new PatientId(CITY, patient));
        var accesses = outside.get(self, "/audit/city-first-hospital/accesses").json();
        return accesses.get("accesses")
                .valueStream()
                .filter(
                        access ->
                                access.toString()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .contains("refused"))
                .count();
    }

    @Test
    void a_version_that_never_was_is_told_to_who_may_read_the_others() {
        store(SensitivityClass.GENERAL, label(ACT_CODE, "HIV"));

        var answer = outside.get(PEER, FHIR + "Observation/plain-" + patient + "/_history/99");

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void a_record_with_two_labels_needs_consent_to_both() {
        store(SensitivityClass.GENETICS, label(ACT_CODE, "PSY"), label(ACT_CODE, "GDIS"));

        assertThat(outside.get(PEER, FHIR + "Observation/secret-" + patient).status())
                .isEqualTo(403);
        assertThat(found()).isEqualTo(1);
    }

    @Test
    void consent_to_the_one_label_it_has_is_enough() {
        store(SensitivityClass.GENETICS, label(ACT_CODE, "GDIS"));

        assertThat(outside.get(PEER, FHIR + "Observation/secret-" + patient).status())
                .isEqualTo(200);
        assertThat(found()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        CONFIDENTIALITY + ", R, 403",
        CONFIDENTIALITY + ", V, 403",
        CONFIDENTIALITY + ", N, 200",
        ACT_CODE + ", BEYOND, 403",
        "urn:local:labels, vip, 403",
        "http://terminology.hl7.org/CodeSystem/v3-ActReason, HTEST, 200"
    })
    void a_restricted_or_unknown_label_is_not_covered_by_a_general_consent(
            String system, String code, int status) {
        store(SensitivityClass.GENERAL, label(system, code));

        assertThat(outside.get(PEER, FHIR + "Observation/secret-" + patient).status())
                .isEqualTo(status);
    }

    @Test
    void a_label_changed_in_the_database_shows_nothing_more() {
        store(SensitivityClass.GENERAL, label(ACT_CODE, "HIV"));
        relabel(1);

        try {
            assertThat(found()).isEqualTo(1);
            assertThat(outside.get(PEER, FHIR + "Observation/secret-" + patient).status())
                    .isEqualTo(403);
        } finally {
            relabel(Categories.code(Set.of(SensitivityClass.SEXUAL_HEALTH)));
        }
    }

    private void relabel(int code) {
        jdbc.sql("update records.resource set class = ? where id = ?")
                .params(code, "secret-" + patient)
                .update();
    }

    private int found() {
        var answer = outside.get(PEER, FHIR + "Observation?patient=" + patient);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path("entry").size();
    }
}
