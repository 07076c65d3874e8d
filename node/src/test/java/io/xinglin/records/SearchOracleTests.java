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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// Two patients whose records are alike, except for what one of them hides. Whatever a reader asks who may see laboratory results
/// alone, the answers about both are alike: same status, same total, same order, same words.
@TestNode
@Import(Outside.class)
class SearchOracleTests {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    private static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);
    private static final String FHIR = "/fhir/city-first-hospital/";
    private static final String HIV =
            "{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"HIV\"}";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;

    private final int number = NUMBER.incrementAndGet();
    private final String open = "oracle-%04d-a".formatted(number);
    private final String hiding = "oracle-%04d-b".formatted(number);

    @BeforeEach
    void store() {
        shared(open);
        shared(hiding);
        hidden(hiding);
    }

    /// What both have: laboratory results that point at things which only one of them has, a report, and the patient.
    private void shared(String patient) {
        put("Patient", patient, "\"gender\":\"female\"");
        observation("glucose-" + patient, patient, "laboratory", "2345-7", "2024-03-05", 6.5, "");
        observation("iron-" + patient, patient, "laboratory", "718-7", "2024-06-01", 130, "");
        put(
                "DiagnosticReport",
                "report-" + patient,
                """
                "status":"final","category":[{"coding":[{"code":"LAB"}]}],"code":{"text":"x"},
                "subject":{"reference":"Patient/%1$s"},
                "result":[{"reference":"Observation/secret-%1$s"},{"reference":"Observation/iron-%1$s"}]
                """
                        .formatted(patient));
        consents.grant(
                new PatientId(CITY, patient),
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.LABORATORY),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));
    }

    private void hidden(String patient) {
        observation("secret-" + patient, patient, "laboratory", "secret", "2025-01-01", 1, HIV);
        observation("pulse-" + patient, patient, "vital-signs", "8867-4", "2025-02-01", 80, "");
        put(
                "DiagnosticReport",
                "hiding-" + patient,
                """
                "meta":{"security":[%2$s]},
                "status":"final","category":[{"coding":[{"code":"LAB"}]}],"code":{"coding":[{"code":"secret"}]},
                "subject":{"reference":"Patient/%1$s"},
                "result":[{"reference":"Observation/iron-%1$s"}]
                """
                        .formatted(patient, HIV));
        put(
                "Encounter",
                "visit-" + patient,
                """
                "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/%s"}
                """
                        .formatted(patient));
        put(
                "Condition",
                "illness-" + patient,
                """
                "code":{"coding":[{"code":"42"}]},"subject":{"reference":"Patient/%1$s"},
                "evidence":[{"detail":[{"reference":"Observation/iron-%1$s"}]}]
                """
                        .formatted(patient));
    }

    private void observation(
            String id,
            String patient,
            String category,
            String code,
            String when,
            double value,
            String label) {
        put(
                "Observation",
                id,
                """
                %7$s "status":"final","category":[{"coding":[{"code":"%2$s"}]}],
                "code":{"coding":[{"code":"%3$s","display":"named %3$s"}]},
                "subject":{"reference":"Patient/%1$s"},"encounter":{"reference":"Encounter/visit-%1$s"},
                "derivedFrom":[{"reference":"Observation/%6$s-%1$s"}],
                "effectiveDateTime":"%4$s",
                "valueQuantity":{"value":%5$s,"system":"http://unitsofmeasure.org","code":"g/L"}
                """
                        .formatted(
                                patient,
                                category,
                                code,
                                when,
                                value,
                                label.isEmpty() ? "secret" : "iron",
                                label.isEmpty() ? "" : "\"meta\":{\"security\":[" + label + "]},"));
    }

    private void put(String type, String id, String content) {
        var json = "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}".formatted(type, id, content);
        var answer = outside.send(SYSTEM, "PUT", FHIR + type + "/" + id, json);
        assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Observation?",
                "Observation?code=secret",
                "Observation?code=8867-4",
                "Observation?code:not=2345-7",
                "Observation?code:text=named",
                "Observation?code:missing=true",
                "Observation?category:not=laboratory",
                "Observation?date=ge2025",
                "Observation?date=ap2025-01-01",
                "Observation?_lastUpdated=gt2000",
                "Observation?_security=HIV",
                "Observation?_security:not=HIV",
                "Observation?_security:missing=false",
                "Observation?_id=secret-PATIENT",
                "Observation?_id=secret-PATIENT,iron-PATIENT",
                "Observation?value-quantity=lt2",
                "Observation?value-quantity=lt2000%7Chttp://unitsofmeasure.org%7Cmg/L",
                "Observation?value-quantity:missing=true",
                "Observation?combo-code-value-quantity=secret$lt2",
                "Observation?derived-from=Observation/secret-PATIENT",
                "Observation?derived-from:missing=true",
                "Observation?_total=accurate",
                "Observation?_total=estimate",
                "Observation?_total=none",
                "Observation?_summary=count",
                "Observation?_summary=count&code=secret",
                "Observation?_summary=count&code:not=iron",
                "Observation?_count=0",
                "Observation?_sort=date",
                "Observation?_sort=-date",
                "Observation?_sort=-value-quantity,code",
                "Observation?_sort=-_lastUpdated&_count=1",
                "Observation?_sort=-_security&_total=accurate&_count=1",
                "Observation?_sort=derived-from",
                "Observation?_count=1&_total=accurate",
                "Observation?derived-from:Observation.code=secret",
                "Observation?derived-from:Observation.code:not=nothing",
                "Observation?derived-from:Observation.code:missing=true",
                "Observation?derived-from:Observation.code:missing=false",
                "Observation?derived-from:Observation.value-quantity=lt2",
                "Observation?derived-from:Observation._id=secret-PATIENT",
                "Observation?derived-from:Observation.derived-from:Observation.code=718-7",
                "Observation?encounter.status=finished",
                "Observation?encounter:Encounter.status:not=finished",
                "Observation?subject:Patient.gender=female",
                "Observation?patient.gender=female",
                "Observation?encounter.subject:Patient.gender=female",
                "Observation?_has:Observation:derived-from:code=secret",
                "Observation?_has:Observation:derived-from:code:not=nothing",
                "Observation?_has:Observation:derived-from:_id=secret-PATIENT",
                "Observation?_has:DiagnosticReport:result:code=secret",
                "Observation?_has:DiagnosticReport:result:code:missing=true",
                "Observation?_has:DiagnosticReport:result:result.code=secret",
                "Observation?_has:Condition:evidence-detail:code=42",
                "Observation?_has:Observation:derived-from:_has:DiagnosticReport:result:code=secret",
                "Observation?_has:DiagnosticReport:result:status=final&_summary=count",
                "Observation?_include=Observation:derived-from",
                "Observation?_include=Observation:encounter",
                "Observation?_include=Observation:subject",
                "Observation?_include=Observation:*",
                "Observation?_include=*",
                "Observation?_include:iterate=Observation:derived-from",
                "Observation?_include=*&_include:iterate=Observation:*",
                "Observation?_revinclude=Observation:derived-from",
                "Observation?_revinclude=DiagnosticReport:result",
                "Observation?_revinclude=DiagnosticReport:*",
                "Observation?_revinclude=Condition:evidence-detail",
                "Observation?_revinclude:iterate=Observation:derived-from",
                "DiagnosticReport?",
                "DiagnosticReport?_total=accurate",
                "DiagnosticReport?result:Observation.code=secret",
                "DiagnosticReport?result:Observation.code:not=718-7",
                "DiagnosticReport?result.value-quantity=lt2&_summary=count",
                "DiagnosticReport?result:missing=false&_include=DiagnosticReport:result",
                "DiagnosticReport?_sort=-result&_include=*",
                "Condition?",
                "Condition?code=42",
                "Condition?_summary=count",
                "Encounter?_has:Observation:encounter:code=2345-7",
                "Encounter?_total=accurate"
            })
    void what_is_hidden_changes_nothing(String search) {
        var answers = pages(PEER, search, hiding);

        assertThat(answers.getFirst()).as("understood").doesNotStartWith("400");
        assertThat(answers).isEqualTo(pages(PEER, search, open));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Observation?code=secret",
                "Observation?_summary=count",
                "Observation?_security:not=HIV&_total=accurate",
                "Observation?derived-from:Observation.code=secret",
                "Observation?_has:DiagnosticReport:result:code=secret",
                "Observation?encounter.status=finished",
                "Observation?_include=Observation:derived-from",
                "Observation?_revinclude=Condition:evidence-detail",
                "DiagnosticReport?result:Observation.code=secret",
                "Condition?"
            })
    void who_may_see_all_sees_the_difference(String search) {
        assertThat(pages(STAFF, search, hiding)).isNotEqualTo(pages(STAFF, search, open));
    }

    @Test
    void a_patient_cannot_be_told_from_nobody() {
        var searches =
                List.of(
                        "Patient?_id=PATIENT&_has:Observation:patient:code=2345-7",
                        "Patient?_id=PATIENT&_revinclude=Observation:patient",
                        "Condition?patient=PATIENT&_total=accurate");

        for (var search : searches) {
            assertThat(answer(PEER, FHIR + search.replace("PATIENT", hiding), hiding))
                    .as(search)
                    .isEqualTo(
                            answer(
                                    PEER,
                                    FHIR + search.replace("PATIENT", "nobody-00-b"),
                                    "nobody-00-b"));
        }
    }

    /// The answers, page by page, with what is different by nature taken out.
    private List<String> pages(Caller caller, String search, String patient) {
        var answers = new ArrayList<String>();
        var at =
                FHIR
                        + search.replace("PATIENT", patient)
                        + (search.endsWith("?") ? "" : "&")
                        + "patient="
                        + patient;
        while (answers.size() < 10) {
            var answer = outside.get(caller, at);
            answers.add(plain(answer, patient));
            var next =
                    answer.json()
                            .path("link")
                            .valueStream()
                            .filter(link -> link.get("relation").asString().equals("next"))
                            .findFirst();
            if (next.isEmpty()) {
                return answers;
            }
            at = next.get().get("url").asString();
        }
        throw new AssertionError("there is no end to " + search);
    }

    private String answer(Caller caller, String at, String patient) {
        return plain(outside.get(caller, at), patient);
    }

    private static String plain(Outside.Answer answer, String patient) {
        return answer.status()
                + " "
                + answer.text()
                        .replace(patient, "PATIENT")
                        .replaceAll("\"lastUpdated\":\"[^\"]*\"", "TIME")
                        .replaceAll("_after=%7E[\\w-]+|_after=~[\\w-]+", "_after=SEALED");
    }
}
