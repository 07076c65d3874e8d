package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static io.xinglin.records.Desk.PEER;
import static io.xinglin.records.Desk.STAFF;
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
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// What matters most of a record, as a document for someone who has never seen the patient.
@TestNode
@Import(Outside.class)
class SummaryTests {
    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;

    private final String id = Desk.unique("p");
    private Desk desk;

    @BeforeEach
    void store() {
        desk = new Desk(outside);
        put("Patient", "", "\"gender\":\"female\",\"birthDate\":\"1950-01-01\"");
        put("Practitioner", "doctor-", "\"active\":true");
        put(
                "Condition",
                "diabetes-",
                "\"code\":{\"text\":\"Diabetes <2>\"},\"subject\":{\"reference\":\"Patient/ID\"}");
        put(
                "Condition",
                "measles-",
                """
                "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]},
                "code":{"text":"Measles"},"subject":{"reference":"Patient/ID"}
                """);
        observation("old-", "2020-01-01");
        observation("new-", "2024-01-01");
        put(
                "MedicationRequest",
                "ended-",
                """
                "status":"completed","intent":"order","medicationCodeableConcept":{"text":"Ended"},
                "subject":{"reference":"Patient/ID"}
                """);
    }

    private void observation(String name, String date) {
        put(
                "Observation",
                name,
                """
                "status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"Glucose"},
                "subject":{"reference":"Patient/ID"},"effectiveDateTime":"%s",
                "valueQuantity":{"value":6.5,"unit":"mmol/l"},
                "performer":[{"reference":"Practitioner/doctor-ID"}]
                """
                        .formatted(date));
    }

    private void put(String type, String name, String content) {
        desk.put(
                type + "/" + name + id,
                "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}"
                        .formatted(type, name + id, content.replace("ID", id)));
    }

    private void consent(RecordCategory... categories) {
        consents.grant(
                new PatientId(CITY, id),
                new ConsentTerms(
                        RIVER,
                        Set.of(categories),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));
    }

    private Outside.Answer summary(Caller caller) {
        return desk.send(caller, "GET", "Patient/" + id + "/$summary", "");
    }

    private static Bundle document(Outside.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return R4.json().parseResource(Bundle.class, answer.text());
    }

    private static Composition composition(Bundle document) {
        return (Composition) document.getEntryFirstRep().getResource();
    }

    private static List<String> sections(Bundle document) {
        return composition(document).getSection().stream()
                .map(section -> section.getCode().getCodingFirstRep().getCode())
                .toList();
    }

    private static String text(Bundle document, int section) {
        return composition(document).getSection().get(section).getText().getDivAsString();
    }

    @Test
    void the_composition_comes_first_and_all_it_names_is_there() {
        var document = document(summary(STAFF));

        assertThat(document.getType()).isEqualTo(Bundle.BundleType.DOCUMENT);
        assertThat(document.getIdentifier().getValue()).startsWith("urn:uuid:");
        assertThat(document.hasTimestamp()).isTrue();
        assertThat(composition(document).getType().getCodingFirstRep().getCode())
                .isEqualTo("60591-5");
        var there = document.getEntry().stream().map(entry -> entry.getFullUrl()).toList();
        assertThat(there).doesNotHaveDuplicates();
        var composition = composition(document);
        assertThat(there)
                .contains(
                        composition.getSubject().getReference(),
                        composition.getAuthorFirstRep().getReference(),
                        outside.base(CITY) + "/Practitioner/doctor-" + id);
        for (var section : composition.getSection()) {
            assertThat(section.getText().getDivAsString()).contains("<li>");
            assertThat(section.getEntry()).isNotEmpty();
            section.getEntry().forEach(entry -> assertThat(there).contains(entry.getReference()));
        }
    }

    @Test
    void what_must_be_said_is_said_when_nothing_is_known() {
        var document = document(summary(STAFF));

        assertThat(sections(document))
                .containsExactly("11450-4", "48765-2", "10160-0", "30954-2", "11348-0");
        assertThat(text(document, 0)).contains("Diabetes &lt;2&gt;").doesNotContain("Measles");
        assertThat(text(document, 1)).contains("No information");
        assertThat(text(document, 2)).contains("No information").doesNotContain("Ended");
        assertThat(summary(STAFF).text()).contains("no-allergy-info", "no-medication-info");
    }

    @Test
    void of_results_the_newest_stands_for_all_as_it_was_stored() {
        var answer = summary(STAFF);

        assertThat(text(document(answer), 3)).contains("Glucose, 6.5 mmol/l, 2024-01-01");
        assertThat(answer.text())
                .contains(desk.get("Observation/new-" + id).text())
                .doesNotContain("old-" + id);
    }

    @Test
    void what_the_consent_leaves_out_reads_as_what_is_not_known() {
        consent(RecordCategory.DEMOGRAPHICS, RecordCategory.LABORATORY);

        var document = document(summary(PEER));

        assertThat(sections(document)).containsExactly("11450-4", "48765-2", "10160-0", "30954-2");
        assertThat(text(document, 0)).contains("No information");
        assertThat(summary(PEER).text()).doesNotContain("diabetes", "measles");
    }

    @Test
    void a_summary_of_nobody_is_refused() {
        consent(RecordCategory.LABORATORY);

        var hidden = summary(PEER);
        var nothing = desk.send(PEER, "GET", "Patient/nobody/$summary", "");

        assertThat(hidden.status()).isEqualTo(403);
        assertThat(hidden.text()).isEqualTo(nothing.text());
        assertThat(desk.get("Patient/nobody/$summary").status()).isEqualTo(404);
    }

    @Test
    void it_is_in_the_patients_list() {
        var own = desk.send(Desk.self(id), "GET", "Patient/$summary", "");
        summary(STAFF);

        assertThat(sections(document(own))).isEqualTo(sections(document(summary(STAFF))));
        assertThat(outside.get(Desk.self(id), "/audit/city-first-hospital/accesses").text())
                .contains("SUMMARY", "Condition/diabetes-" + id + "/_history/1");
    }

    @Test
    void another_profile_is_refused() {
        assertThat(desk.get("Patient/" + id + "/$summary?profile=http://example.org/mine").status())
                .isEqualTo(400);
        assertThat(
                        desk.get(
                                        "Patient/"
                                                + id
                                                + "/$summary?profile=http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips")
                                .status())
                .isEqualTo(200);
    }
}
