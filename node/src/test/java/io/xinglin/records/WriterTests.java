package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@TestNode
class WriterTests {
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");

    @Autowired private Records records;
    @Autowired private Writer writer;
    @Autowired private RecordTable table;
    @Autowired private Unsealing unsealing;
    @Autowired private JdbcClient jdbc;

    @Test
    void a_transaction_stores_every_entry_with_its_references_resolved() {
        var response = records.transaction(CITY, Samples.record("w-1"), SYSTEM);

        assertThat(response.getEntry()).hasSize(6);
        var patient = reference(response, 0);
        var laboratory = json(reference(response, 1));
        assertThat(laboratory).contains("\"subject\":{\"reference\":\"" + patient + "\"}");
        assertThat(laboratory).doesNotContain("urn:uuid");
    }

    @Test
    void a_bundle_that_fails_at_its_last_entry_stores_nothing() {
        var before = rows();
        var bundle = Samples.record("w-2");
        bundle.addEntry()
                .setResource(Samples.condition("urn:uuid:nobody", "1"))
                .getRequest()
                .setMethod(Bundle.HTTPVerb.POST)
                .setUrl("Condition");

        assertThatThrownBy(() -> records.transaction(CITY, bundle, SYSTEM))
                .isInstanceOf(UnprocessableEntityException.class)
                .hasMessage("Entry 6 refers to urn:uuid:nobody, which is not in the bundle.");
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void a_conditional_create_finds_what_is_there() {
        var organisation = new Organization().setName("Clinic");
        organisation.addIdentifier().setSystem("urn:test:org").setValue("7+7 |x");
        var bundle =
                Samples.bundle(
                        BundleType.BATCH,
                        request -> request.setIfNoneExist("identifier=urn:test:org|7+7%20%7Cx"),
                        organisation);

        var first = records.transaction(CITY, bundle, SYSTEM);
        var second = records.transaction(CITY, bundle, SYSTEM);

        assertThat(first.getEntryFirstRep().getResponse().getStatus()).isEqualTo("201 Created");
        assertThat(second.getEntryFirstRep().getResponse().getStatus()).isEqualTo("200 OK");
        assertThat(reference(second, 0)).isEqualTo(reference(first, 0));
    }

    @Test
    void two_conditional_creates_at_once_make_one_resource() throws Exception {
        var practitioner = new Practitioner();
        practitioner.addIdentifier().setSystem("urn:test:npi").setValue("race");
        var bundle =
                Samples.json(
                        Samples.bundle(
                                BundleType.TRANSACTION,
                                request -> request.setIfNoneExist("identifier=urn:test:npi|race"),
                                practitioner));
        Callable<byte[]> store = () -> records.transaction(CITY, bundle, SYSTEM);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(Collections.nCopies(8, store));
            var ids = new HashSet<String>();
            for (var answer : answers) {
                var text = new String(answer.get(), StandardCharsets.UTF_8);
                ids.add(reference(R4.json().parseResource(Bundle.class, text), 0));
            }

            assertThat(ids).hasSize(1);
        }
    }

    @Test
    void a_conditional_reference_is_resolved_by_identifier() {
        var practitioner = new Practitioner();
        practitioner.addIdentifier().setSystem("urn:test:npi2").setValue("42");
        var doctor =
                reference(records.transaction(CITY, Samples.transaction(practitioner), SYSTEM), 0);
        var bundle = Samples.record("w-3");
        var laboratory = (org.hl7.fhir.r4.model.Observation) bundle.getEntry().get(1).getResource();
        laboratory.addPerformer(new Reference("Practitioner?identifier=urn:test:npi2|42"));

        var response = records.transaction(CITY, bundle, SYSTEM);

        assertThat(json(reference(response, 1))).contains(doctor);
    }

    @Test
    void a_conditional_reference_to_nothing_is_refused() {
        var bundle = Samples.record("w-4");
        var laboratory = (org.hl7.fhir.r4.model.Observation) bundle.getEntry().get(1).getResource();
        laboratory.addPerformer(new Reference("Practitioner?identifier=urn:test:npi2|nobody"));

        assertThatThrownBy(() -> records.transaction(CITY, bundle, SYSTEM))
                .isInstanceOf(UnprocessableEntityException.class)
                .hasMessageContaining("nothing here matches");
    }

    @Test
    void a_batch_stores_what_can_be_and_says_what_cannot() {
        var good = new Organization().setName("Good");
        var bad = Samples.condition("Patient/nobody", "1");

        var response =
                records.transaction(
                        CITY, Samples.bundle(BundleType.BATCH, _ -> {}, good, bad), SYSTEM);

        assertThat(response.getEntry().get(0).getResponse().getStatus()).startsWith("201");
        assertThat(response.getEntry().get(1).getResponse().getStatus()).isEqualTo("422");
        assertThat(response.getEntry().get(1).getResponse().getOutcome()).isNotNull();
    }

    @Test
    void of_many_writers_of_one_version_one_succeeds() throws Exception {
        var id = create("w-5");
        var stored = new AtomicInteger();
        var refused = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(
                    Collections.nCopies(
                            8,
                            () -> {
                                try {
                                    var changed =
                                            Change.update(
                                                    id,
                                                    Samples.patient("w-5"),
                                                    Optional.of(Etags.parse("1", "it")));
                                    writer.write(CITY, SYSTEM, List.of(changed));
                                    return stored.incrementAndGet();
                                } catch (ResourceVersionConflictException
                                        | PreconditionFailedException e) {
                                    return refused.incrementAndGet();
                                }
                            }));
        }

        assertThat(stored).hasValue(1);
        assertThat(refused).hasValue(7);
        assertThat(table.current(new ResourceId(CITY, "Patient", id)).orElseThrow().id().number())
                .isEqualTo(2);
    }

    @Test
    void a_resource_stays_in_the_record_of_its_patient() {
        var one = "Patient/" + create("w-6");
        var other = "Patient/" + create("w-7");
        var condition = Samples.condition(one, "1");
        var id =
                reference(records.transaction(CITY, Samples.transaction(condition), SYSTEM), 0)
                        .substring("Condition/".length());

        assertThatThrownBy(
                        () ->
                                writer.write(
                                        CITY,
                                        SYSTEM,
                                        List.of(
                                                Change.update(
                                                        id,
                                                        Samples.condition(other, "1"),
                                                        Optional.empty()))))
                .isInstanceOf(UnprocessableEntityException.class)
                .hasMessageContaining("another patient");
    }

    @Test
    void only_the_custodians_own_people_write() {
        var patient = new Caller.Patient(new PatientId(CITY, "1"));

        assertThatThrownBy(() -> records.transaction(CITY, Samples.record("w-8"), patient))
                .isInstanceOf(ForbiddenOperationException.class);
    }

    @Test
    void what_fhir_does_not_know_is_refused_not_dropped() {
        var bundle =
                """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":{"resourceType":"Patient","colour":"green"},
                  "request":{"method":"POST","url":"Patient"}}]}
                """;

        assertThatThrownBy(
                        () ->
                                records.transaction(
                                        CITY, bundle.getBytes(StandardCharsets.UTF_8), SYSTEM))
                .isInstanceOf(BaseServerResponseException.class)
                .hasMessageContaining("entry 0")
                .hasMessageContaining("colour");
    }

    private String create(String identifier) {
        var patient = Samples.transaction(Samples.patient(identifier));
        return reference(records.transaction(CITY, patient, SYSTEM), 0)
                .substring("Patient/".length());
    }

    private static String reference(Bundle response, int entry) {
        return response.getEntry()
                .get(entry)
                .getResponse()
                .getLocation()
                .replaceAll("/_history.*", "");
    }

    private String json(String reference) {
        var parts = List.of(reference.split("/", 2));
        var row = table.current(new ResourceId(CITY, parts.getFirst(), parts.getLast()));
        return unsealing.json(row.orElseThrow()).toString();
    }

    private long rows() {
        return jdbc.sql(
                        "select (select count(*) from records.version)"
                                + " + (select count(*) from records.resource)"
                                + " + (select count(*) from records.identifier)"
                                + " + (select count(*) from log.pending)"
                                + " + (select count(*) from log.entry)")
                .query(Long.class)
                .single();
    }
}
