package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
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
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@TestNode
@Import(Outside.class)
class FhirServerTests {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    private static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);
    private static final String FHIR = "/fhir/city-first-hospital";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private InstantSource time;
    @Autowired private JdbcClient jdbc;

    /// A patient's record, stored over HTTP.
    private final class Stored {
        final List<String> references = new ArrayList<>();
        final String identifier = "mrn-" + NUMBER.incrementAndGet();
        final String patient;
        final PatientId id;

        Stored() {
            var bundle = R4.json().encodeResourceToString(Samples.record(identifier));
            var answer = outside.send(SYSTEM, "POST", FHIR, bundle);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            for (var entry : answer.json().get("entry")) {
                references.add(
                        entry.at("/response/location").asString().replaceAll("/_history.*", ""));
            }
            patient = references.getFirst();
            id = new PatientId(CITY, patient.substring("Patient/".length()));
        }

        Caller self() {
            return new Caller.Patient(id);
        }

        String laboratory() {
            return references.get(1);
        }

        String prescription() {
            return references.get(4);
        }

        void share(RecordCategory... categories) {
            consents.grant(
                    id,
                    new ConsentTerms(
                            RIVER,
                            Set.of(categories),
                            Set.of(SensitivityClass.GENERAL),
                            Set.of(PurposeOfUse.TREAT),
                            time.instant().plus(Duration.ofDays(7))));
        }
    }

    @Nested
    class Reading {
        @Test
        void a_version_is_answered_with_the_bytes_that_were_committed_to() throws Exception {
            var stored = new Stored();

            var answer =
                    outside.get(stored.self(), FHIR + "/" + stored.laboratory() + "/_history/1");

            assertThat(answer.status()).isEqualTo(200);
            var receipt = receipt(stored);
            var opening =
                    tools.jackson.databind.json.JsonMapper.shared()
                            .readTree(
                                    java.util.Base64.getDecoder()
                                            .decode(
                                                    receipt.lines()
                                                            .filter(
                                                                    line ->
                                                                            line.startsWith(
                                                                                    "extra "))
                                                            .findFirst()
                                                            .orElseThrow()
                                                            .substring(6)));
            var sha256 =
                    java.util.Base64.getEncoder()
                            .encodeToString(
                                    java.security.MessageDigest.getInstance("SHA-256")
                                            .digest(answer.body()));
            assertThat(opening.get("statement").asString())
                    .contains(sha256, stored.laboratory(), "system test");
        }

        private String receipt(Stored stored) {
            var path = "/receipts/city-first-hospital/" + stored.laboratory() + "/1";
            return await().until(
                            () -> outside.get(stored.self(), path),
                            answer -> {
                                assertThat(answer.status()).as(answer.toString()).isIn(200, 503);
                                return answer.status() == 200;
                            })
                    .text();
        }

        @Test
        void the_custodians_staff_read_everything() {
            var stored = new Stored();

            assertThat(stored.references)
                    .allSatisfy(
                            reference ->
                                    assertThat(outside.get(STAFF, FHIR + "/" + reference).status())
                                            .isEqualTo(200));
        }

        @Test
        void another_organisation_reads_what_the_patient_shares_and_no_more() {
            var stored = new Stored();
            var before = outside.get(PEER, FHIR + "/" + stored.laboratory());
            stored.share(RecordCategory.LABORATORY);

            var laboratory = outside.get(PEER, FHIR + "/" + stored.laboratory());
            var prescription = outside.get(PEER, FHIR + "/" + stored.prescription());

            assertThat(before.status()).isEqualTo(403);
            assertThat(laboratory.status()).isEqualTo(200);
            assertThat(prescription.status()).isEqualTo(403);
        }

        @Test
        void what_is_refused_and_what_is_not_there_look_the_same() {
            var stored = new Stored();

            var refused = outside.get(PEER, FHIR + "/" + stored.laboratory());
            var nothing = outside.get(PEER, FHIR + "/Observation/nothing");
            var refusedSearch = outside.get(PEER, FHIR + "/Observation?patient=" + stored.id.id());
            var nobody = outside.get(PEER, FHIR + "/Observation?patient=nobody");
            var noIdentifier = outside.get(PEER, FHIR + "/Patient?identifier=urn:test:mrn%7Cnone");
            var identifier =
                    outside.get(
                            PEER, FHIR + "/Patient?identifier=urn:test:mrn%7C" + stored.identifier);

            assertThat(nothing.status()).isEqualTo(403);
            assertThat(nothing.body()).isEqualTo(refused.body());
            assertThat(nobody.body()).isEqualTo(refusedSearch.body());
            assertThat(identifier.status()).isEqualTo(403);
            assertThat(noIdentifier.body()).isEqualTo(identifier.body());
        }

        @Test
        void staff_are_told_that_something_is_not_there() {
            assertThat(outside.get(STAFF, FHIR + "/Observation/nothing").status()).isEqualTo(404);
        }

        @Test
        void patients_read_their_own_record_and_no_other() {
            var one = new Stored();
            var other = new Stored();

            assertThat(outside.get(one.self(), FHIR + "/" + one.prescription()).status())
                    .isEqualTo(200);
            assertThat(outside.get(one.self(), FHIR + "/" + other.prescription()).status())
                    .isEqualTo(403);
            assertThat(ids(outside.get(one.self(), FHIR + "/MedicationRequest")))
                    .containsExactly(one.prescription());
        }

        @Test
        void every_access_is_told_to_the_patient() {
            var stored = new Stored();
            outside.get(PEER, FHIR + "/" + stored.laboratory());
            stored.share(RecordCategory.LABORATORY);
            outside.get(PEER, FHIR + "/Observation?patient=" + stored.id.id());
            outside.get(STAFF, FHIR + "/" + stored.patient);

            var accesses =
                    outside.get(stored.self(), "/audit/city-first-hospital/accesses")
                            .json()
                            .get("accesses");

            assertThat(accesses.size()).isEqualTo(3);
            assertThat(accesses.at("/0/who/practitioner").asString()).isEqualTo("dr-chen");
            assertThat(accesses.at("/1/decision").asString()).isEqualTo("permitted");
            assertThat(accesses.at("/1/what/count").asInt()).isEqualTo(2);
            assertThat(accesses.at("/1/consents").size()).isEqualTo(1);
            assertThat(accesses.at("/1/who/organisation/name/zh").asString()).isEqualTo("临江医院");
            assertThat(accesses.at("/2/decision").asString()).isEqualTo("refused");
            assertThat(accesses.at("/2/reason").asString()).isEqualTo("NO_CONSENT");
        }
    }

    @Nested
    class Searching {
        @Test
        void finds_by_patient_category_code_and_date() {
            var stored = new Stored();
            var of = FHIR + "/Observation?patient=" + stored.id.id();

            assertThat(ids(outside.get(STAFF, of))).hasSize(3);
            assertThat(ids(outside.get(STAFF, of + "&category=laboratory"))).hasSize(2);
            assertThat(ids(outside.get(STAFF, of + "&code=http://loinc.org%7C2345-7")))
                    .containsExactly(stored.laboratory());
            assertThat(ids(outside.get(STAFF, of + "&code=718-7,2345-7"))).hasSize(2);
            assertThat(ids(outside.get(STAFF, of + "&code=http://snomed.info/sct%7C2345-7")))
                    .isEmpty();
            assertThat(ids(outside.get(STAFF, of + "&date=2024-03"))).hasSize(2);
            assertThat(ids(outside.get(STAFF, of + "&date=ge2024-05"))).hasSize(1);
            assertThat(ids(outside.get(STAFF, of + "&date=ge2024-03-01&date=lt2024-04")))
                    .hasSize(2);
            assertThat(ids(outside.get(STAFF, of + "&_id=" + stored.laboratory().substring(12))))
                    .hasSize(1);
        }

        @Test
        void finds_a_patient_by_identifier() {
            var stored = new Stored();

            var found =
                    outside.get(
                            STAFF,
                            FHIR + "/Patient?identifier=urn:test:mrn%7C" + stored.identifier);

            assertThat(ids(found)).containsExactly(stored.patient);
        }

        @Test
        void names_the_patient_by_identifier() {
            var stored = new Stored();
            stored.share(RecordCategory.LABORATORY);

            var found =
                    outside.get(
                            PEER,
                            FHIR
                                    + "/Observation?patient.identifier=urn:test:mrn%7C"
                                    + stored.identifier);

            assertThat(ids(found)).hasSize(2);
        }

        @Test
        void a_total_is_told_only_if_it_is_known_whatever_the_form() {
            var stored = new Stored();
            var of = FHIR + "/Observation?_count=1&patient=" + stored.id.id();

            for (var form : List.of("", "&_pretty=true", "&_summary=true", "&_elements=status")) {
                var page = outside.get(STAFF, of + form).json();
                assertThat(page.has("total")).as(form).isFalse();
                assertThat(page.at("/link/1/relation").asString()).as(form).isEqualTo("next");
                assertThat(page.get("entry").size()).as(form).isEqualTo(1);
            }
            assertThat(outside.get(STAFF, of + "&_format=xml").toString())
                    .contains("<Bundle")
                    .doesNotContain("<total");
        }

        @Test
        void its_links_name_the_patient_by_id_and_never_by_identifier() {
            var stored = new Stored();
            stored.share(RecordCategory.LABORATORY);
            var asked = "/Observation?_count=1&patient.identifier=urn:test:mrn%7C";

            var first = outside.get(PEER, FHIR + asked + stored.identifier);
            var second = outside.get(PEER, first.json().at("/link/1/url").asString());

            assertThat(first.json().get("link").toString()).doesNotContain(stored.identifier);
            assertThat(ids(second)).hasSize(1).doesNotContainAnyElementsOf(ids(first));
        }

        @Test
        void shows_another_organisation_exactly_what_is_shared() {
            var stored = new Stored();
            stored.share(RecordCategory.VITAL_SIGNS);
            var of = FHIR + "/Observation?patient=" + stored.id.id();

            assertThat(ids(outside.get(PEER, of))).containsExactly(stored.references.get(3));
            assertThat(ids(outside.get(PEER, of + "&code=2345-7"))).isEmpty();
            assertThat(outside.get(PEER, of).json().get("total").asInt()).isEqualTo(1);
            assertThat(outside.get(PEER, FHIR + "/Condition?patient=" + stored.id.id()).status())
                    .isEqualTo(403);
        }

        @Test
        void another_organisation_must_name_a_patient() {
            var answer = outside.get(PEER, FHIR + "/Observation?category=laboratory");

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.diagnostics()).contains("Name one patient");
        }

        @Test
        void goes_page_by_page_and_asks_again_each_time() {
            var stored = new Stored();
            stored.share(RecordCategory.LABORATORY, RecordCategory.VITAL_SIGNS);
            var first = outside.get(PEER, FHIR + "/Observation?_count=2&patient=" + stored.id.id());
            var next = first.json().at("/link/1/url").asString();

            var second = outside.get(PEER, next);
            consents.of(stored.id).forEach(consent -> consents.withdraw(stored.id, consent.id()));
            var third = outside.get(PEER, next);

            assertThat(ids(first)).hasSize(2);
            assertThat(ids(second)).hasSize(1).doesNotContainAnyElementsOf(ids(first));
            assertThat(second.json().at("/link/1").isMissingNode()).isTrue();
            assertThat(third.status()).isEqualTo(403);
        }

        @Test
        void staff_list_patients_and_every_one_of_them_is_told() {
            var one = new Stored();
            var other = new Stored();

            var found =
                    ids(
                            outside.get(
                                    STAFF,
                                    FHIR + "/Patient?_id=" + one.id.id() + "," + other.id.id()));

            assertThat(found).containsExactlyInAnyOrder(one.patient, other.patient);
            assertThat(List.of(one, other))
                    .allSatisfy(
                            stored ->
                                    assertThat(
                                                    outside.get(
                                                                    stored.self(),
                                                                    "/audit/city-first-hospital/accesses")
                                                            .json()
                                                            .get("accesses")
                                                            .size())
                                            .isEqualTo(1));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "colour=green",
                    "name=x",
                    "date=yesterday",
                    "code:above=x",
                    "date:exact=2024",
                    "subject.colour=x",
                    "value-quantity=much",
                    "value-quantity=5%7Cmg",
                    "code-value-quantity=718-7",
                    "code:missing=perhaps",
                    "_sort=colour",
                    "_sort=code-value-quantity",
                    "_include=Patient:link",
                    "_include=Observation:code",
                    "_include:twice=Observation:subject",
                    "_revinclude=Provenance",
                    "_has:Provenance:agent:recorded=2024",
                    "_has:Provenance=2024",
                    "_total=some",
                    "_summary=short",
                    "_elements=colour",
                    "_text=x",
                    "_filter=x",
                    "_count=-1",
                    "_after=%7Esealed",
                    "_sort=date&_after=abc",
                    "_sort=date&_sort=code",
                    "_count=x",
                    "_id=%27%20or%201=1",
                    "code="
                })
        void refuses_what_it_does_not_understand(String parameter) {
            var answer = outside.get(STAFF, FHIR + "/Observation?patient=x&" + parameter);

            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.json().get("resourceType").asString()).isEqualTo("OperationOutcome");
        }

        @Test
        void tricks_in_values_are_values() {
            var stored = new Stored();
            var of = FHIR + "/Observation?patient=" + stored.id.id() + "&code=";

            assertThat(ids(outside.get(STAFF, of + "%27%3B%20drop%20table%20records.version%3B--")))
                    .isEmpty();
            assertThat(ids(outside.get(STAFF, of + "%00"))).isEmpty();
            assertThat(ids(outside.get(STAFF, of + "2345-7"))).hasSize(1);
        }

        @Test
        void is_done_by_post_too() {
            var stored = new Stored();

            var found =
                    outside.send(
                            STAFF,
                            "POST",
                            FHIR + "/Observation/_search",
                            "patient=" + stored.id.id() + "&category=laboratory",
                            "application/x-www-form-urlencoded");

            assertThat(ids(found)).hasSize(2);
        }
    }

    @Nested
    class Writing {
        @Test
        void a_hapi_client_creates_reads_updates_and_sees_the_history() {
            var client = client();
            var created = client.create().resource(Samples.patient("hapi")).execute();
            var id = created.getId().toUnqualifiedVersionless();

            var patient = client.read().resource(Patient.class).withId(id).execute();
            patient.addName().setFamily("Second");
            client.update().resource(patient).execute();

            var history = client.history().onInstance(id).returnBundle(Bundle.class).execute();
            assertThat(history.getEntry())
                    .extracting(entry -> entry.getResource().getMeta().getVersionId())
                    .containsExactly("2", "1");
            var observation = Samples.laboratory(id.getValue(), "1-1", "2024-01-01");
            client.create().resource(observation).execute();
            var found =
                    client.search()
                            .forResource(Observation.class)
                            .where(Observation.PATIENT.hasId(id.getIdPart()))
                            .returnBundle(Bundle.class)
                            .execute();
            assertThat(found.getEntry()).hasSize(1);
        }

        @Test
        void xml_is_understood_and_answered() {
            var client = client();
            client.setEncoding(EncodingEnum.XML);

            var id = client.create().resource(Samples.patient("xml")).execute().getId();
            var read = client.read().resource(Patient.class).withId(id.toVersionless()).execute();
            var transaction = client.transaction().withBundle(Samples.record("xml-2")).execute();

            assertThat(read.getNameFirstRep().getFamily()).isEqualTo(Samples.NAME);
            assertThat(transaction.getEntry()).hasSize(6);
        }

        @Test
        void an_update_of_an_old_version_is_refused() {
            var stored = new Stored();
            var patient = Samples.patient("x");
            patient.setId(stored.id.id());
            var body = R4.json().encodeResourceToString(patient);
            var update =
                    HttpRequest.newBuilder(outside.at(FHIR + "/" + stored.patient))
                            .header("Content-Type", "application/fhir+json")
                            .header("If-Match", "W/\"7\"")
                            .PUT(HttpRequest.BodyPublishers.ofString(body));

            var answer = outside.send(STAFF, update);

            assertThat(answer.status()).as(answer.toString()).isEqualTo(412);
            assertThat(answer.diagnostics()).contains("expects version 7; the current one is 1");
        }

        @Test
        void patients_and_other_organisations_do_not_write() {
            var stored = new Stored();
            var body = R4.json().encodeResourceToString(Samples.condition(stored.patient, "1"));

            assertThat(outside.send(stored.self(), "POST", FHIR + "/Condition", body).status())
                    .isEqualTo(403);
            assertThat(outside.send(PEER, "POST", FHIR + "/Condition", body).status())
                    .isEqualTo(403);
        }
    }

    @Nested
    class BadInput {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"resourceType\":\"Patient\",",
                    "",
                    "[]",
                    "null",
                    "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"gender\":\"female\"}",
                    "{\"resourceType\":\"Patient\",\"colour\":\"green\"}",
                    "{\"resourceType\":\"Patient\",\"birthDate\":\"yesterday\"}",
                    "{\"resourceType\":\"Patient\",\"name\":\"x\"}",
                    "{\"resourceType\":\"Observation\"}",
                    "{\"resourceType\":\"Spaceship\"}",
                    "{\"id\":\"1\"}"
                })
        void a_body_that_is_no_patient_is_refused(String body) {
            var before = versions();

            var answer = outside.send(STAFF, "POST", FHIR + "/Patient", body);

            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.json().get("resourceType").asString()).isEqualTo("OperationOutcome");
            assertThat(answer.diagnostics()).isNotBlank().doesNotContain("HAPI-", "Exception");
            assertThat(versions()).isEqualTo(before);
        }

        @Test
        void a_body_nested_without_end_is_refused() {
            var deep = "{\"resourceType\":\"Patient\",\"contact\":" + "[".repeat(200_000);

            assertThat(outside.send(STAFF, "POST", FHIR + "/Patient", deep).status())
                    .isEqualTo(400);
        }

        @Test
        void entities_of_xml_are_refused() {
            var xml =
                    """
                    <!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]>
                    <Patient xmlns="http://hl7.org/fhir"><language value="&x;"/></Patient>
                    """;

            var answer =
                    outside.send(STAFF, "POST", FHIR + "/Patient", xml, "application/fhir+xml");

            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        }

        @Test
        void a_body_of_another_kind_is_refused() {
            var answer = outside.send(STAFF, "POST", FHIR + "/Patient", "hello", "text/plain");

            assertThat(answer.status()).as(answer.toString()).isIn(400, 415);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/Patient/%27%20or%201=1--",
                    "/Patient/a_b",
                    "/Patient/..%2F..%2Fetc",
                    "/Patient/x/_history/0",
                    "/Patient/x/_history/99999999999",
                    "/Patient/x/_history/abc",
                    "/Spaceship/1",
                    "/Patient/1/2/3",
                    "/$everything"
                })
        void paths_that_lead_nowhere_are_refused(String path) {
            var answer = outside.get(STAFF, FHIR + path);

            assertThat(answer.status()).as(answer.toString()).isIn(400, 404, 405);
            assertThat(answer.text())
                    .contains("OperationOutcome")
                    .doesNotContain("java.", "HAPI-", "<html");
        }

        @Test
        void another_organisations_token_and_an_unknown_organisation_are_refused() {
            var river = new Caller.Staff(RIVER, "dr-li", PurposeOfUse.TREAT);

            assertThat(outside.get(river, FHIR + "/Patient").status()).isIn(401, 403);
            assertThat(outside.get(STAFF, "/fhir/no-such-place/Patient").status())
                    .isIn(401, 403, 404);
        }

        @Test
        void nobody_is_not_let_in() {
            var request = HttpRequest.newBuilder(outside.at(FHIR + "/Patient")).build();

            assertThat(outside.send(request).status()).isEqualTo(401);
        }

        private long versions() {
            return jdbc.sql("select count(*) from records.version").query(Long.class).single();
        }
    }

    @Nested
    class Saying {
        @Test
        void the_capability_statement_is_public_and_lists_what_there_is() {
            var request = HttpRequest.newBuilder(outside.at(FHIR + "/metadata")).build();

            var answer = outside.send(request);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).contains("search-type", "Observation").doesNotContain("HAPI");
            assertThat(answer.response().headers().map()).doesNotContainKey("x-powered-by");
        }

        @Test
        void what_it_lists_it_understands() {
            var statement = outside.get(STAFF, FHIR + "/metadata").json();
            for (var resource : statement.at("/rest/0/resource")) {
                if (!resource.get("type").asString().equals("Observation")) {
                    continue;
                }
                for (var parameter : resource.get("searchParam")) {
                    var name = parameter.get("name").asString();
                    var value =
                            switch (parameter.get("type").asString()) {
                                case "date" -> "2024";
                                case "reference" -> "Patient/x";
                                case "number", "quantity" -> "1";
                                case "composite" -> "x$" + (name.endsWith("y") ? "1" : "2024");
                                default -> "x";
                            };
                    understands(name + "=" + value);
                }
                resource.get("searchInclude")
                        .forEach(include -> understands("_include=" + include.asString()));
                resource.get("searchRevInclude")
                        .forEach(include -> understands("_revinclude=" + include.asString()));
            }
        }

        private void understands(String parameter) {
            var answer = outside.get(STAFF, FHIR + "/Observation?patient=x&" + parameter);
            assertThat(answer.status()).as(parameter + answer).isEqualTo(200);
        }
    }

    private IGenericClient client() {
        return Clients.client(outside, EncodingEnum.JSON, SYSTEM);
    }

    private static List<String> ids(Outside.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var ids = new ArrayList<String>();
        for (var entry : answer.json().path("entry")) {
            ids.add(
                    entry.at("/resource/resourceType").asString()
                            + "/"
                            + entry.at("/resource/id").asString());
        }
        return ids;
    }
}
