package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.client.apache.GZipContentInterceptor;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.server.exceptions.AuthenticationException;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException;
import ca.uhn.fhir.rest.server.exceptions.UnclassifiedServerFailureException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// What a client written by others understands of refusals and of the ways a write is answered, in both forms.
@TestNode
@Import(Outside.class)
class GenericClientErrorTests {
    @Autowired private Outside outside;

    private IGenericClient client(EncodingEnum form) {
        return Clients.client(outside, form, Desk.STAFF);
    }

    private static <E extends BaseServerResponseException> void refused(
            Class<E> as, String words, Runnable act) {
        var refusal = catchThrowableOfType(as, act::run);
        assertThat(refusal).as(as.getSimpleName()).isNotNull();
        assertThat(refusal.getOperationOutcome())
                .isInstanceOfSatisfying(
                        OperationOutcome.class,
                        outcome -> {
                            assertThat(outcome.getIssueFirstRep().getDiagnostics())
                                    .containsIgnoringCase(words);
                            assertThat(outcome.getIssueFirstRep().getCode()).isNotNull();
                        });
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void every_refusal_is_an_exception_of_its_own_with_the_reason(EncodingEnum form) {
        var client = client(form);
        var desk = new Desk(outside);
        var patient = desk.patient();
        var laboratory = new IdType(desk.laboratory(patient));
        var gone = new IdType(desk.laboratory(patient));
        client.delete().resourceById(gone).execute();
        Consumer<IGenericClient> read =
                one -> one.read().resource(Observation.class).withId(laboratory).execute();

        refused(
                InvalidRequestException.class,
                "colour",
                () ->
                        client.search()
                                .byUrl("Observation?colour=green")
                                .returnBundle(Bundle.class)
                                .execute());
        refused(
                AuthenticationException.class,
                "token",
                () -> read.accept(Clients.nobody(outside, form)));
        refused(
                ForbiddenOperationException.class,
                "consent",
                () -> read.accept(Clients.client(outside, form, Desk.PEER)));
        refused(
                ResourceNotFoundException.class,
                "not known",
                () -> client.read().resource(Observation.class).withId("never-was").execute());
        refused(
                ResourceGoneException.class,
                "deleted",
                () -> client.read().resource(Observation.class).withId(gone).execute());
        refused(
                ResourceVersionConflictException.class,
                "still has a record",
                () -> client.delete().resourceById("Patient", patient).execute());
        refused(
                PreconditionFailedException.class,
                "expects version",
                () ->
                        client.update()
                                .resource(observation(laboratory.withVersion("7"), patient))
                                .execute());
        refused(
                UnprocessableEntityException.class,
                "another patient",
                () -> client.update().resource(observation(laboratory, desk.patient())).execute());
        refused(
                InvalidRequestException.class,
                "colour",
                () -> client.transaction().withBundle(failing(BundleType.TRANSACTION)).execute());
    }

    private static Observation observation(IdType id, String patient) {
        var observation = Samples.laboratory("Patient/" + patient, "2345-7", "2024-03-05");
        observation.setId(id);
        return observation;
    }

    private static Bundle failing(BundleType type) {
        var bundle = new Bundle().setType(type);
        bundle.addEntry().getRequest().setMethod(HTTPVerb.GET).setUrl("Organization?colour=green");
        bundle.addEntry()
                .setResource(new Organization().setName("one"))
                .getRequest()
                .setMethod(HTTPVerb.POST)
                .setUrl("Organization");
        return bundle;
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void in_a_batch_each_entry_has_its_own_answer(EncodingEnum form) {
        var answer = client(form).transaction().withBundle(failing(BundleType.BATCH)).execute();

        assertThat(answer.getType()).isEqualTo(BundleType.BATCHRESPONSE);
        assertThat(answer.getEntry().get(0).getResponse().getStatus()).startsWith("400");
        assertThat(answer.getEntry().get(0).getResponse().getOutcome())
                .isInstanceOf(OperationOutcome.class);
        assertThat(answer.getEntry().get(1).getResponse().getStatus()).startsWith("201");
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void in_a_transaction_what_is_new_refers_to_what_is_new(EncodingEnum form) {
        var patient = new Patient();
        patient.setId("urn:uuid:" + java.util.UUID.randomUUID());
        var bundle = Samples.transaction(patient, Samples.condition(patient.getId(), "44054006"));

        var answer = client(form).transaction().withBundle(bundle).execute();

        assertThat(answer.getEntry()).hasSize(2);
        var stored = new IdType(answer.getEntry().get(0).getResponse().getLocation());
        var condition = new IdType(answer.getEntry().get(1).getResponse().getLocation());
        assertThat(
                        client(form)
                                .read()
                                .resource(org.hl7.fhir.r4.model.Condition.class)
                                .withId(condition.toUnqualified())
                                .execute()
                                .getSubject())
                .extracting(Reference::getReference)
                .isEqualTo("Patient/" + stored.getIdPart());
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void a_write_is_answered_with_as_much_as_is_wanted(EncodingEnum form) {
        var client = client(form);

        var whole = created(client, PreferReturnEnum.REPRESENTATION);
        var outcome = created(client, PreferReturnEnum.OPERATION_OUTCOME);
        var minimal = created(client, PreferReturnEnum.MINIMAL);

        assertThat(whole.getResource()).isInstanceOf(Organization.class);
        assertThat(outcome.getOperationOutcome()).isInstanceOf(OperationOutcome.class);
        assertThat(minimal.getResource()).isNull();
        assertThat(List.of(whole, outcome, minimal))
                .allSatisfy(one -> assertThat(one.getId().getVersionIdPart()).isEqualTo("1"));
        var deleted =
                client.delete().resourceById(whole.getId().toUnqualifiedVersionless()).execute();
        assertThat(deleted.getOperationOutcome()).isNull();
    }

    private static MethodOutcome created(IGenericClient client, PreferReturnEnum wanted) {
        return client.create().resource(new Organization().setName("one")).prefer(wanted).execute();
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void what_the_client_has_already_is_not_sent_again(EncodingEnum form) {
        var client = client(form);
        var id = created(client, PreferReturnEnum.MINIMAL).getId().getIdPart();

        var again =
                client.read()
                        .resource(Organization.class)
                        .withId(id)
                        .ifVersionMatches("1")
                        .returnNull()
                        .execute();

        assertThat(again).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void validates_without_storing(EncodingEnum form) {
        var client = client(form);

        var good =
                client.validate()
                        .resource(Samples.laboratory("Patient/x", "2345-7", "2024"))
                        .execute();
        var bad =
                client.validate()
                        .resource(new Observation().setCode(Samples.concept("urn:t", "x")))
                        .execute();

        assertThat(((OperationOutcome) good.getOperationOutcome()).getIssueFirstRep().getSeverity())
                .isEqualTo(OperationOutcome.IssueSeverity.INFORMATION);
        assertThat(((OperationOutcome) bad.getOperationOutcome()).getIssue())
                .extracting(OperationOutcome.OperationOutcomeIssueComponent::getDiagnostics)
                .contains("Observation.status is missing.");
    }

    @Test
    void a_packed_body_is_refused_in_words() {
        var client = client(EncodingEnum.JSON);
        client.registerInterceptor(new GZipContentInterceptor());

        refused(
                UnclassifiedServerFailureException.class,
                "Content-Encoding",
                () -> created(client, PreferReturnEnum.MINIMAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/fhir+json", "application/fhir+xml"})
    void an_answer_is_packed_for_who_asks(String form) throws Exception {
        var desk = new Desk(outside);
        var id = Desk.unique("large");
        desk.put(
                "Organization/" + id,
                "{\"resourceType\": \"Organization\", \"id\": \"%s\", \"name\": \"%s\"}"
                        .formatted(id, "long ".repeat(1_000) + "name"));

        var answer = desk.get("Organization/" + id, "Accept", form, "Accept-Encoding", "gzip");

        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        try (var unpacked = new GZIPInputStream(new java.io.ByteArrayInputStream(answer.body()))) {
            assertThat(new String(unpacked.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("long name");
        }
    }
}
