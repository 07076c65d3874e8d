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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// A patient's whole record in one answer, as far as the reader may see it.
@TestNode
@Import(Outside.class)
class EverythingTests {
    private static final String HIV =
            "\"meta\":{\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"HIV\"}]},";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;

    private final String id = Desk.unique("p");
    private Desk desk;

    @BeforeEach
    void store() {
        desk = new Desk(outside);
        put("Patient", "", "\"gender\":\"female\"");
        put("Organization", "department-", "\"partOf\":{\"reference\":\"Organization/house-ID\"}");
        put("Organization", "house-", "\"name\":\"House\"");
        put("Practitioner", "doctor-", "\"active\":true");
        put("Patient", "mother-", "\"gender\":\"female\"");
        put(
                "Encounter",
                "visit-",
                """
                "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/ID"},
                "period":{"start":"2024-03-05","end":"2024-03-06"},
                "serviceProvider":{"reference":"Organization/department-ID"}
                """);
        observation(
                "glucose-",
                "laboratory",
                "2024-03-05",
                "",
                "\"encounter\":{\"reference\":\"Encounter/visit-ID\"},");
        observation("hidden-", "laboratory", "2024-03-06", HIV, "");
        observation("pulse-", "vital-signs", "2024-06-01", "", "");
        put(
                "AllergyIntolerance",
                "nuts-",
                "\"patient\":{\"reference\":\"Patient/ID\"},\"recorder\":{\"reference\":\"Practitioner/doctor-ID\"}");
    }

    private void observation(String name, String category, String date, String label, String more) {
        put(
                "Observation",
                name,
                """
                %s "status":"final","category":[{"coding":[{"code":"%s"}]}],"code":{"text":"x"},%s
                "subject":{"reference":"Patient/ID"},"focus":[{"reference":"Patient/mother-ID"}],
                "performer":[{"reference":"Practitioner/doctor-ID"}],"effectiveDateTime":"%s"
                """
                        .formatted(label, category, more, date));
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

    private Outside.Answer everything(Caller caller, String parameters) {
        return desk.send(caller, "GET", "Patient/" + id + "/$everything" + parameters, "");
    }

    /// The references in a page, without what is different in each test; `+` is what is included.
    private List<String> found(Outside.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var found = new ArrayList<String>();
        for (var entry : answer.json().path("entry")) {
            var mode = entry.at("/search/mode").asString().equals("include") ? "+" : "";
            found.add(
                    mode
                            + entry.at("/resource/resourceType").asString()
                            + "/"
                            + entry.at("/resource/id").asString().replaceFirst("-?" + id, ""));
        }
        return found;
    }

    private static String next(Outside.Answer answer) {
        return answer.json()
                .path("link")
                .valueStream()
                .filter(link -> link.get("relation").asString().equals("next"))
                .map(link -> link.get("url").asString())
                .findFirst()
                .orElse("");
    }

    @Test
    void staff_see_the_patient_first_then_the_record_then_what_it_refers_to() {
        assertThat(found(everything(STAFF, "")))
                .containsExactly(
                        "Patient/",
                        "AllergyIntolerance/nuts",
                        "Encounter/visit",
                        "Observation/glucose",
                        "Observation/hidden",
                        "Observation/pulse",
                        "+Organization/department",
                        "+Practitioner/doctor",
                        "+Organization/house");
    }

    @Test
    void a_patient_need_not_name_themselves() {
        var answer = desk.send(Desk.self(id), "GET", "Patient/$everything", "");

        assertThat(found(answer)).isEqualTo(found(everything(STAFF, "")));
        assertThat(answer.json().get("total").asInt()).isEqualTo(6);
    }

    @Test
    void whoever_has_a_narrow_consent_sees_that_and_whom_it_refers_to() {
        consent(RecordCategory.LABORATORY);

        assertThat(found(everything(PEER, "")))
                .containsExactly("Observation/glucose", "+Practitioner/doctor");
    }

    @Test
    void another_purpose_than_the_patient_agreed_to_is_refused() {
        consent(RecordCategory.LABORATORY);

        var research = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.HRESCH);

        assertThat(everything(research, "").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?_type=Observation", "?_since=2020-01-01", "?start=2020&_count=1"})
    void without_consent_a_record_cannot_be_told_from_none(String parameters) {
        var there = everything(PEER, parameters);
        var nobody = desk.send(PEER, "GET", "Patient/nobody/$everything" + parameters, "");

        assertThat(there.status()).isEqualTo(403);
        assertThat(there.text()).isEqualTo(nobody.text());
    }

    @Test
    void a_type_that_the_consent_leaves_out_is_refused_as_one_that_is_not_there() {
        consent(RecordCategory.LABORATORY);

        assertThat(everything(PEER, "?_type=AllergyIntolerance").text())
                .isEqualTo(everything(PEER, "?_type=Procedure").text())
                .contains("Not permitted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ?_type=Observation,Practitioner | Observation/glucose Observation/hidden Observation/pulse +Practitioner/doctor
                    ?_type=Observation&_type=Patient | Patient/ Observation/glucose Observation/hidden Observation/pulse
                    ?start=2024-03-06&end=2024-04&_type=Observation,Encounter | Encounter/visit Observation/hidden
                    ?end=2024-03-05&_type=Observation,AllergyIntolerance | AllergyIntolerance/nuts Observation/glucose
                    ?_since=2999-01-01 | ''
                    """)
    void parts_of_it(String parameters, String expected) {
        assertThat(String.join(" ", found(everything(STAFF, parameters)))).isEqualTo(expected);
    }

    @Test
    void parameters_may_come_in_the_body() {
        var answer =
                desk.send(
                        "POST",
                        "Patient/" + id + "/$everything",
                        """
                        {"resourceType":"Parameters","parameter":[
                          {"name":"_type","valueCode":"Encounter"},{"name":"_count","valueInteger":3}]}
                        """);

        assertThat(found(answer)).containsExactly("Encounter/visit");
    }

    @Test
    void what_was_stored_since() {
        var last = everything(STAFF, "?_type=AllergyIntolerance").json();
        var when = last.at("/entry/0/resource/meta/lastUpdated").asString();

        observation("later-", "laboratory", "2020-01-01", "", "");

        assertThat(found(everything(STAFF, "?_since=" + when)))
                .containsExactly("Observation/later", "+Practitioner/doctor");
    }

    @Test
    void pages_go_on_where_they_stopped_although_more_is_written() {
        var page = everything(STAFF, "?_count=2");
        var seen = new ArrayList<>(found(page));
        put(
                "Account",
                "new-",
                "\"status\":\"active\",\"subject\":[{\"reference\":\"Patient/ID\"}]");
        desk.send("DELETE", "Observation/hidden-" + id, "");
        for (var rounds = 0; rounds < 9 && !next(page).isEmpty(); rounds++) {
            page = outside.get(STAFF, next(page));
            seen.addAll(found(page));
        }

        assertThat(seen.stream().filter(one -> !one.startsWith("+")))
                .containsExactly(
                        "Patient/",
                        "AllergyIntolerance/nuts",
                        "Encounter/visit",
                        "Observation/glucose",
                        "Observation/pulse");
    }

    @Test
    void one_by_one_it_is_the_same() {
        var page = everything(STAFF, "?_count=1");
        var seen = new ArrayList<>(found(page));
        for (var rounds = 0; rounds < 9 && !next(page).isEmpty(); rounds++) {
            page = outside.get(STAFF, next(page));
            seen.addAll(found(page));
        }

        assertThat(seen.stream().distinct())
                .containsExactlyInAnyOrderElementsOf(found(everything(STAFF, "")));
    }

    @Test
    void all_about_an_encounter() {
        var answer = desk.get("Encounter/visit-" + id + "/$everything");

        assertThat(found(answer))
                .containsExactly(
                        "Encounter/visit",
                        "Observation/glucose",
                        "+Organization/department",
                        "+Patient/",
                        "+Practitioner/doctor",
                        "+Organization/house");
    }

    @Test
    void an_encounter_that_the_consent_leaves_out_cannot_be_told_from_none() {
        consent(RecordCategory.LABORATORY);

        var hidden = desk.send(PEER, "GET", "Encounter/visit-" + id + "/$everything", "");
        var nothing = desk.send(PEER, "GET", "Encounter/nothing-" + id + "/$everything", "");

        assertThat(hidden.status()).isEqualTo(403);
        assertThat(hidden.text()).isEqualTo(nothing.text());
    }

    @Test
    void it_is_in_the_patients_list_with_each_version_that_was_shown() {
        consent(RecordCategory.LABORATORY);
        everything(PEER, "");
        everything(new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.HRESCH), "");

        var accesses =
                outside.get(Desk.self(id), "/audit/city-first-hospital/accesses")
                        .json()
                        .get("accesses");

        assertThat(accesses.toString())
                .contains("EVERYTHING")
                .contains("Observation/glucose-" + id + "/_history/1")
                .doesNotContain("hidden-" + id);
        assertThat(
                        accesses.valueStream()
                                .filter(access -> access.toString().contains("EVERYTHING")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Patient/ID/$everything?_type=Nothing | 400
                    Patient/ID/$everything?_type=Practitioner | 400
                    Patient/ID/$everything?_count=0 | 400
                    Patient/ID/$everything?start=2024&end=2023 | 400
                    Patient/ID/$everything?_since=yesterday | 400
                    Patient/ID/$everything?_sort=date | 400
                    Patient/ID/$everything?_after=x | 400
                    Patient/$everything | 400
                    Patient/nobody/$everything | 404
                    Encounter/nothing/$everything | 404
                    Observation/x/$everything | 400
                    """)
    void what_makes_no_sense_is_refused(String path, int status) {
        var answer = desk.get(path.replace("ID", id));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.json().get("resourceType").asString()).isEqualTo("OperationOutcome");
    }
}
