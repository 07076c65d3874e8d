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
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What a search finds, in which order, and what comes with it.
@TestNode
@Import(Outside.class)
class SearchTests {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    private static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);
    private static final String FHIR = "/fhir/city-first-hospital/";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;
    @Autowired private JdbcClient jdbc;
    @Autowired private Refiling refiling;

    private final int number = NUMBER.incrementAndGet();
    private final String patient = "srch-%04d".formatted(number);

    @BeforeEach
    void store() {
        person(
                patient,
                "Quill%04d".formatted(number),
                "Zoë",
                "1980-05-03",
                "555-%04d".formatted(number));
        put(
                "Practitioner",
                "doc-" + patient,
                "\"name\":[{\"family\":\"Okafor%04d\"}]".formatted(number));
        put(
                "ValueSet",
                "sugars-" + patient,
                """
                "status":"active","url":"urn:test:sugars","compose":{"include":[
                  {"system":"http://loinc.org","concept":[{"code":"2345-7"}]}]}
                """);
        put(
                "Encounter",
                "visit-" + patient,
                """
                "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/%1$s"},
                "participant":[{"individual":{"reference":"Practitioner/doc-%1$s"}}]
                """
                        .formatted(patient));
        observation(
                "a",
                "2345-7",
                "2024-03-05",
                "\"valueQuantity\":{\"value\":6.5,\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}");
        observation(
                "b",
                "718-7",
                "2024-06-01",
                "\"valueQuantity\":{\"value\":130,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}");
        observation("c", "bp", "2024-01-01", component("sys", 120) + "," + component("dia", 80));
        observation("d", "note", "2023", "\"valueString\":\"Ünclear reading\"");
        put(
                "Provenance",
                "who-" + patient,
                """
                "recorded":"2024-03-05T10:00:00Z","target":[{"reference":"Observation/a-%1$s"}],
                "agent":[{"who":{"reference":"Practitioner/doc-%1$s"}}]
                """
                        .formatted(patient));
    }

    private static String component(String code, int value) {
        return """
        {"code":{"coding":[{"code":"%s"}]},"valueQuantity":{"value":%d}}
        """
                .formatted(code, value)
                .strip();
    }

    private void person(String id, String family, String given, String born, String phone) {
        put(
                "Patient",
                id,
                """
                "name":[{"family":"%s","given":["%s"]}],"birthDate":"%s","gender":"female",
                "telecom":[{"system":"phone","value":"%s"}]
                """
                        .formatted(family, given, born, phone));
    }

    private void observation(String name, String code, String when, String value) {
        put(
                "Observation",
                name + "-" + patient,
                """
                "meta":{"tag":[{"system":"urn:t","code":"tag-%4$s"}],"source":"urn:src:%4$s"},
                "status":"final","category":[{"coding":[{"code":"laboratory"}]}],
                "code":{"coding":[{"system":"http://loinc.org","code":"%2$s"}],"text":"Named %2$s"},
                "subject":{"reference":"Patient/%1$s"},"encounter":{"reference":"Encounter/visit-%1$s"},
                "effectiveDateTime":"%3$s",%5$s
                """
                        .formatted(
                                patient,
                                code,
                                when,
                                name,
                                code.equals("bp") ? "\"component\":[" + value + "]" : value));
    }

    private void put(String type, String id, String content) {
        var json = "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}".formatted(type, id, content);
        var answer = outside.send(SYSTEM, "PUT", FHIR + type + "/" + id, json);
        assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    }

    private JsonNode get(Caller caller, String search) {
        var answer =
                outside.get(
                        caller,
                        search.startsWith("http")
                                ? search
                                : FHIR + search.replace("PATIENT", patient));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    /// The short names of what was found, in order.
    private String found(JsonNode bundle, String mode) {
        var names = new ArrayList<String>();
        for (var entry : bundle.path("entry")) {
            if (entry.at("/search/mode").asString().equals(mode)) {
                names.add(entry.at("/resource/id").asString().replace("-" + patient, ""));
            }
        }
        return String.join(" ", names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "code=2345-7 a",
                "code:not=2345-7 b,c,d",
                "code:text=named%207 b",
                "code:in=ValueSet/sugars-PATIENT a",
                "code:in=urn:test:sugars a",
                "code:not-in=urn:test:sugars b,c,d",
                "code:missing=true ''",
                "value-quantity=gt1 a,b",
                "value-quantity=130%7C%7Cmg b",
                "value-quantity=6500%7Chttp://unitsofmeasure.org%7Cmg a",
                "value-quantity=lt1%7Chttp://unitsofmeasure.org%7Cg b",
                "value-quantity=ap7 a",
                "value-quantity=ne130 a",
                "value-quantity:missing=true c,d",
                "component-code-value-quantity=sys$gt100 c",
                "component-code-value-quantity=dia$gt100 ''",
                "combo-value-quantity=lt100 a,c",
                "code-value-quantity=2345-7$6.5,718-7$1 a",
                "value-string=uncl d",
                "value-string=clear ''",
                "value-string:contains=CLEAR d",
                "value-string:exact=%C3%9Cnclear%20reading d",
                "value-string:exact=unclear ''",
                "date=sa2024-03-05 b",
                "date=eb2024 d",
                "date=2024&date=lt2024-02 c",
                "_tag=urn:t%7Ctag-b b",
                "_tag:not=tag-b a,c,d",
                "_source=urn:src:c c",
                "_profile:missing=true a,b,c,d",
                "_lastUpdated=gt2100 ''",
                "_id:not=a-PATIENT b,c,d",
                "encounter.status=finished a,b,c,d",
                "encounter:Encounter.participant:Practitioner.name=okafor a,b,c,d",
                "encounter.practitioner.name=nobody ''",
                "subject:Patient.name:contains=uill a,b,c,d",
                "subject:Patient.gender=male ''",
                "_has:Provenance:target:agent:Practitioner.name=okafor a",
                "_has:Provenance:target:recorded=2023 ''",
                "_has:Provenance:target:_id=who-PATIENT&code=718-7 ''",
                "_sort=date d,c,a,b",
                "_sort=-date b,a,c,d",
                "_sort=value-quantity b,a,c,d",
                "_sort=-value-quantity a,b,c,d",
                "_sort=status,-code d,c,b,a",
                "_sort=-_id d,c,b,a",
                "subject=Patient/PATIENT&_sort=-_tag d,c,b,a"
            })
    void finds(String search, String names) {
        var bundle = get(STAFF, "Observation?patient=PATIENT&" + search);
        var found = found(bundle, "match");

        assertThat(search.contains("_sort") ? found : sorted(found))
                .isEqualTo(names.replace(',', ' '));
        assertThat(bundle.get("total").asInt())
                .isEqualTo(names.isEmpty() ? 0 : names.split(",").length);
    }

    private static String sorted(String names) {
        return List.of(names.split(" ")).stream().sorted().reduce((a, b) -> a + " " + b).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "code=2345-7&_include=Observation:encounter visit",
                "code=2345-7&_include=Observation:* PATIENT,visit",
                "code=2345-7&_include=*&_include:iterate=Encounter:practitioner PATIENT,doc,visit",
                "code=2345-7&_include=Observation:subject:Group ''",
                "code=2345-7&_revinclude=Provenance:target who",
                "code=718-7&_revinclude=Provenance:target ''",
                "code=2345-7&_revinclude=Provenance:target&_include:iterate=Provenance:agent"
                        + " doc,who"
            })
    void includes(String search, String names) {
        var bundle = get(STAFF, "Observation?patient=PATIENT&" + search);

        assertThat(found(bundle, "match").split(" ")).hasSize(1);
        assertThat(sorted(found(bundle, "include").replace(patient, "PATIENT")))
                .isEqualTo(names.replace(',', ' '));
    }

    @Test
    void what_is_included_is_told_to_the_patient() {
        get(STAFF, "Observation?patient=PATIENT&code=2345-7&_include=Observation:encounter");

        var self = new Caller.Patient(new PatientId(CITY, patient));
        var accesses = outside.get(self, "/audit/city-first-hospital/accesses").json();
        assertThat(accesses.at("/accesses/0/what/versions").toString())
                .contains("Observation/a-" + patient, "Encounter/visit-" + patient);
    }

    @Test
    void what_a_chain_goes_through_is_told_to_the_patient() {
        get(STAFF, "Observation?patient=PATIENT&code=2345-7&subject:Patient.gender=female");

        var self = new Caller.Patient(new PatientId(CITY, patient));
        var accesses = outside.get(self, "/audit/city-first-hospital/accesses").json();
        assertThat(accesses.at("/accesses/0/what/versions").toString())
                .contains("Observation/a-" + patient, "Patient/" + patient);
    }

    @Test
    void a_reader_is_given_no_more_than_the_patient_shares() {
        consents.grant(
                new PatientId(CITY, patient),
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.LABORATORY),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        time.instant().plus(Duration.ofDays(1))));

        var included = get(PEER, "Observation?patient=PATIENT&_include=*&code=2345-7");
        var chained =
                outside.get(
                        PEER,
                        FHIR + "Observation?subject:Patient.gender=female&patient=" + patient);

        assertThat(found(included, "match")).isEqualTo("a");
        assertThat(found(included, "include")).isEmpty();
        assertThat(chained.status()).isEqualTo(403);
    }

    @Test
    void pages_of_an_order_are_the_same_however_much_is_written_meanwhile() {
        var first = get(STAFF, "Observation?patient=PATIENT&_sort=date&_count=2&_total=accurate");
        observation("e", "early", "2020", "\"valueString\":\"x\"");
        observation("f", "late", "2025", "\"valueString\":\"x\"");

        var next = first.at("/link/1/url").asString();
        var second = get(STAFF, next);

        assertThat(found(first, "match")).isEqualTo("d c");
        assertThat(first.get("total").asInt()).isEqualTo(4);
        assertThat(next).doesNotContain("date", patient, "2024");
        assertThat(found(second, "match")).isEqualTo("a b");
        assertThat(found(get(STAFF, second.at("/link/1/url").asString()), "match")).isEqualTo("f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_summary=count", "_count=0"})
    void only_counts(String how) {
        var bundle = get(STAFF, "Observation?patient=PATIENT&code:not=bp&" + how);

        assertThat(bundle.get("total").asInt()).isEqualTo(3);
        assertThat(bundle.has("entry")).isFalse();
    }

    @Test
    void a_total_is_told_as_asked() {
        var of = "Observation?patient=PATIENT&_count=1";

        assertThat(get(STAFF, of).has("total")).isFalse();
        assertThat(get(STAFF, of + "&_total=accurate").get("total").asInt()).isEqualTo(4);
        assertThat(get(STAFF, of + "&_total=estimate").get("total").asInt()).isEqualTo(4);
        assertThat(get(STAFF, "Observation?patient=PATIENT&_total=none").has("total")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "_summary=true, /entry/0/resource/code, /entry/0/resource/category",
        "_summary=data, /entry/0/resource/component, /entry/0/resource/text",
        "_summary=text, /entry/0/resource/id, /entry/0/resource/component",
        "_elements=status, /entry/0/resource/status, /entry/0/resource/component"
    })
    void answers_less_of_each(String how, String there, String left) {
        var bundle = get(STAFF, "Observation?patient=PATIENT&code=bp&" + how);

        assertThat(bundle.at(there).isMissingNode()).as(bundle.toString()).isFalse();
        assertThat(bundle.at(left).isMissingNode()).as(bundle.toString()).isTrue();
        assertThat(bundle.toString()).contains("SUBSETTED");
    }

    @Test
    void what_is_not_known_is_ignored_by_leave_and_named() {
        var path = FHIR + "Observation?code=2345-7&colour=green&code:above=x&patient=" + patient;
        var strict = outside.get(STAFF, path);
        var lenient =
                outside.send(
                        STAFF,
                        HttpRequest.newBuilder(outside.at(path))
                                .GET()
                                .header("Prefer", "handling=lenient"));

        assertThat(strict.status()).isEqualTo(400);
        assertThat(lenient.status()).isEqualTo(200);
        assertThat(found(lenient.json(), "match")).isEqualTo("a");
        assertThat(lenient.text()).contains("'colour' is not supported", "'code:above' is not");
        assertThat(lenient.json().at("/link/0/url").asString()).doesNotContain("colour");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_count=1000000",
                "encounter.subject:Patient.link:Patient.link:Patient.link:Patient.link:Patient.name=x",
                "_has:Observation:derived-from:_has:Observation:derived-from:_has:Observation:derived-from:_has:Observation:derived-from:_has:Observation:derived-from:code=x",
                "_sort=date,code,status,category,_id,-date",
                "code=MANY",
                "MANYPARAMETERS"
            })
    void a_search_that_would_cost_too_much_is_refused(String search) {
        var asked =
                search.replace("MANYPARAMETERS", "code:not=x&".repeat(41) + "_count=1")
                        .replace("MANY", "x,".repeat(101));

        var answer = outside.get(STAFF, FHIR + "Observation?patient=" + patient + "&" + asked);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("too-costly");
    }

    @Test
    void what_points_in_a_circle_is_included_once() {
        derived("x", "y");
        derived("y", "x");

        var bundle =
                get(STAFF, "Observation?_id=x-PATIENT&_include:iterate=Observation:derived-from");

        assertThat(found(bundle, "match")).isEqualTo("x");
        assertThat(found(bundle, "include")).isEqualTo("y");
    }

    @Test
    void what_points_on_and_on_is_not_followed_for_ever() {
        for (var i = 0; i < 8; i++) {
            derived("n" + i, "n" + (i + 1));
        }

        var answer =
                outside.get(
                        STAFF,
                        FHIR
                                + "Observation?_include:iterate=Observation:derived-from&_id=n0-"
                                + patient);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("too-costly");
    }

    private void derived(String name, String from) {
        observation(
                name,
                "derived",
                "2024",
                "\"derivedFrom\":[{\"reference\":\"Observation/" + from + "-" + patient + "\"}]");
    }

    @Nested
    class AcrossPatients {
        @ParameterizedTest
        @CsvSource(
                delimiter = ' ',
                value = {
                    "Patient?name=quillNNNN",
                    "Patient?family=QuillNNNN&given=zoe&birthdate=1980-05-03",
                    "Patient?name:exact=QuillNNNN",
                    "Patient?phone=555-NNNN",
                    "Patient?telecom=phone%7C555-NNNN&gender=female",
                    "Patient?birthdate=1980-05&phone=555-NNNN",
                    "Patient?birthdate=ge1980&family=quillNNNN&_sort=-birthdate",
                    "Patient?name:contains=uillNNNN",
                    "Patient?_has:Observation:patient:_tag=tag-a&family=quillNNNN"
                })
        void a_patient_is_found_by_what_people_know(String search) {
            var bundle = get(STAFF, search.replace("NNNN", "%04d".formatted(number)));

            assertThat(found(bundle, "match")).isEqualTo(patient);
        }

        @Test
        void others_do_not_find_patients_by_name() {
            var answer = outside.get(PEER, FHIR + "Patient?name=quill");

            assertThat(answer.status()).isEqualTo(403);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Observation?code=2345-7&patient.name=quillNNNN",
                    "Observation?code=2345-7&subject:Patient.phone=555-NNNN",
                    "Observation?code=2345-7&patient=Patient/srch-NNNN,Patient/nobody",
                    "Observation?code=2345-7&encounter.practitioner.family=okaforNNNN",
                    "Observation?code=2345-7&_has:Provenance:target:_id=who-srch-NNNN"
                })
        void anything_is_found_record_by_record(String search) {
            var bundle = get(STAFF, search.replace("NNNN", "%04d".formatted(number)));

            assertThat(found(bundle, "match")).isEqualTo("a");
        }

        @Test
        void the_pages_go_through_all_records_once() {
            person("x-" + patient, "Other", "One", "1990-01-01", "1");
            put(
                    "Observation",
                    "a-x-" + patient,
                    """
                    "status":"final","code":{"coding":[{"code":"rare-%1$s"}]},
                    "subject":{"reference":"Patient/x-%1$s"}
                    """
                            .formatted(patient));
            observation("r", "rare-" + patient, "2024", "\"valueString\":\"x\"");
            var found = new ArrayList<String>();
            var at = "Observation?_count=1&code=rare-" + patient;

            for (var page = get(STAFF, at); ; page = get(STAFF, at)) {
                found.add(found(page, "match"));
                if (page.at("/link/1").isMissingNode()) {
                    break;
                }
                at = page.at("/link/1/url").asString();
            }

            assertThat(found).containsExactlyInAnyOrder("r", "a-x");
        }

        @Test
        void a_name_asked_for_is_in_no_link() {
            person("y-" + patient, "Quill%04d".formatted(number), "Two", "1990-01-01", "1");

            var bundle = get(STAFF, "Patient?_count=1&family=quill%04d".formatted(number));
            var next = bundle.at("/link/1/url").asString();

            assertThat(next).doesNotContain("quill");
            assertThat(found(get(STAFF, next), "match"))
                    .isNotEmpty()
                    .isNotEqualTo(found(bundle, "match"));
        }
    }

    @Nested
    class FiledBefore {
        @BeforeEach
        void asBefore() {
            jdbc.sql(
                            """
                            update records.resource set indexed = 1, tokens = '{}'
                            where owner = ? or (owner = '' and id like ?)
                            """)
                    .params(patient, "%" + patient)
                    .update();
            jdbc.sql(
                            """
                            delete from records.identifier
                            where resource in (select key from records.resource where owner = ?)
                            """)
                    .param(patient)
                    .update();
            refiling.begin();
        }

        @Test
        void what_is_not_filed_again_yet_is_found_by_what_is_new() {
            assertThat(found(get(STAFF, "Observation?patient=PATIENT&value-string=uncl"), "match"))
                    .isEqualTo("d");
            assertThat(found(get(STAFF, "Patient?family=quill%04d".formatted(number)), "match"))
                    .isEqualTo(patient);
        }

        @Test
        void it_is_filed_again_in_the_background() {
            refiling.work();
            refiling.work();

            assertThat(refiling.isDone()).isTrue();
            assertThat(
                            jdbc.sql("select count(*) from records.resource where indexed < ?")
                                    .param(BlindIndex.VERSION)
                                    .query(Integer.class)
                                    .single())
                    .isZero();
            assertThat(found(get(STAFF, "Observation?patient=PATIENT&value-string=uncl"), "match"))
                    .isEqualTo("d");
            assertThat(found(get(STAFF, "Patient?family=quill%04d".formatted(number)), "match"))
                    .isEqualTo(patient);
        }
    }
}
