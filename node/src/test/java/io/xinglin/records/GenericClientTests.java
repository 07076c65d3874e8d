package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// What a client written by others makes of the API, in both forms.
@TestNode
@Import(Outside.class)
class GenericClientTests {
    private static final String SYSTEM = "urn:t";

    @Autowired private Outside outside;

    private final String identifier = Desk.unique("id");

    private IGenericClient client(EncodingEnum form) {
        return Clients.client(outside, form, Desk.STAFF);
    }

    private Organization organization(String name) {
        var organization = new Organization().setName(name);
        organization.addIdentifier().setSystem(SYSTEM).setValue(identifier);
        return organization;
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void creates_reads_updates_deletes_and_looks_back(EncodingEnum form) {
        var client = client(form);

        var created =
                client.create()
                        .resource(organization("one"))
                        .prefer(PreferReturnEnum.REPRESENTATION)
                        .execute();
        var id = created.getId().toUnqualifiedVersionless();
        assertThat(created.getCreated()).isTrue();
        assertThat(created.getId().getVersionIdPart()).isEqualTo("1");
        assertThat(((Organization) created.getResource()).getName()).isEqualTo("one");

        var second = organization("two");
        second.setId(id);
        var updated = client.update().resource(second).execute();
        assertThat(updated.getId().getVersionIdPart()).isEqualTo("2");
        assertThat(client.read().resource(Organization.class).withId(id).execute().getName())
                .isEqualTo("two");
        assertThat(
                        client.read()
                                .resource(Organization.class)
                                .withIdAndVersion(id.getIdPart(), "1")
                                .execute()
                                .getName())
                .isEqualTo("one");

        client.delete().resourceById(id).execute();
        assertThatThrownBy(() -> client.read().resource(Organization.class).withId(id).execute())
                .isInstanceOf(ResourceGoneException.class);

        var third = organization("three");
        third.setId(id);
        assertThat(client.update().resource(third).execute().getCreated()).isTrue();

        var history = client.history().onInstance(id).returnBundle(Bundle.class).execute();
        assertThat(history.getEntry())
                .extracting(entry -> entry.getRequest().getMethod())
                .containsExactly(HTTPVerb.PUT, HTTPVerb.DELETE, HTTPVerb.PUT, HTTPVerb.POST);
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void lines_stay_lines(EncodingEnum form) {
        var client = client(form);
        var id = client.create().resource(organization("one\n\ttwo\r\nthree")).execute().getId();

        var read = client.read().resource(Organization.class).withId(id.getIdPart()).execute();

        assertThat(read.getName()).isEqualTo("one\n\ttwo\r\nthree");
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void patches_with_fhirpath(EncodingEnum form) {
        var client = client(form);
        var id = client.create().resource(organization("one")).execute().getId();
        var patch = new Parameters();
        var operation = patch.addParameter().setName("operation");
        operation.addPart().setName("type").setValue(new CodeType("replace"));
        operation.addPart().setName("path").setValue(new StringType("Organization.name"));
        operation.addPart().setName("value").setValue(new StringType("patched"));

        client.patch().withFhirPatch(patch).withId(id.toUnqualifiedVersionless()).execute();

        assertThat(
                        client.read()
                                .resource(Organization.class)
                                .withId(id.toUnqualifiedVersionless())
                                .execute()
                                .getName())
                .isEqualTo("patched");
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void patches_with_json_and_by_condition(EncodingEnum form) {
        var client = client(form);
        client.create().resource(organization("one")).execute();
        var path = "Organization?identifier=" + SYSTEM + "%7C" + identifier;

        client.patch()
                .withBody("[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"patched\"}]")
                .conditionalByUrl(path)
                .execute();

        assertThat(found(client).getName()).isEqualTo("patched");
        assertThatThrownBy(
                        () ->
                                client.patch()
                                        .withBody("[{\"op\":\"remove\",\"path\":\"/nothing\"}]")
                                        .conditionalByUrl(path)
                                        .execute())
                .isInstanceOf(UnprocessableEntityException.class);
    }

    private Organization found(IGenericClient client) {
        var bundle =
                client.search()
                        .forResource(Organization.class)
                        .where(
                                Organization.IDENTIFIER
                                        .exactly()
                                        .systemAndIdentifier(SYSTEM, identifier))
                        .returnBundle(Bundle.class)
                        .execute();
        assertThat(bundle.getEntry()).hasSize(1);
        return (Organization) bundle.getEntryFirstRep().getResource();
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void writes_by_condition(EncodingEnum form) {
        var client = client(form);
        var condition = Organization.IDENTIFIER.exactly().systemAndIdentifier(SYSTEM, identifier);

        var created =
                client.create()
                        .resource(organization("one"))
                        .conditional()
                        .where(condition)
                        .execute();
        var found =
                client.create()
                        .resource(organization("two"))
                        .conditional()
                        .where(condition)
                        .execute();
        var updated =
                client.update()
                        .resource(organization("three"))
                        .conditional()
                        .where(condition)
                        .execute();
        client.delete().resourceConditionalByType("Organization").where(condition).execute();

        assertThat(found.getId().toUnqualifiedVersionless())
                .isEqualTo(created.getId().toUnqualifiedVersionless());
        assertThat(updated.getId().getVersionIdPart()).isEqualTo("2");
        assertThatThrownBy(
                        () ->
                                client.read()
                                        .resource(Organization.class)
                                        .withId(created.getId().getIdPart())
                                        .execute())
                .isInstanceOf(ResourceGoneException.class);
        assertThatThrownBy(
                        () -> client.read().resource(Organization.class).withId("never").execute())
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void does_many_things_at_once(EncodingEnum form) {
        var client = client(form);
        var id = client.create().resource(organization("one")).execute().getId();
        var bundle = new Bundle().setType(BundleType.TRANSACTION);
        bundle.addEntry()
                .getRequest()
                .setMethod(HTTPVerb.GET)
                .setUrl("Organization?identifier=" + SYSTEM + "|" + identifier);
        var second = organization("two");
        second.setId(id.toUnqualifiedVersionless());
        bundle.addEntry()
                .setResource(second)
                .getRequest()
                .setMethod(HTTPVerb.PUT)
                .setUrl(id.toUnqualifiedVersionless().getValue())
                .setIfMatch("W/\"1\"");

        var answer = client.transaction().withBundle(bundle).execute();

        assertThat(answer.getType()).isEqualTo(BundleType.TRANSACTIONRESPONSE);
        var read = (Bundle) answer.getEntry().get(0).getResource();
        assertThat(((Organization) read.getEntryFirstRep().getResource()).getName())
                .isEqualTo("two");
        assertThat(answer.getEntry().get(1).getResponse().getEtag()).isEqualTo("W/\"2\"");
        assertThatThrownBy(() -> client.transaction().withBundle(bundle).execute())
                .isInstanceOf(PreconditionFailedException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void looks_back_on_a_type_and_on_everything(EncodingEnum form) {
        var client = client(form);
        var id = client.create().resource(organization("one")).execute().getId();

        var ofType =
                client.history()
                        .onType(Organization.class)
                        .returnBundle(Bundle.class)
                        .count(1)
                        .execute();
        var ofAll =
                client.history()
                        .onServer()
                        .returnBundle(Bundle.class)
                        .count(1)
                        .since(new InstantType("2020-01-01T00:00:00Z"))
                        .execute();

        for (var bundle : new Bundle[] {ofType, ofAll}) {
            assertThat(bundle.getEntry()).hasSize(1);
            assertThat(bundle.getEntryFirstRep().getResource().getIdElement().getIdPart())
                    .isEqualTo(id.getIdPart());
            assertThat(client.loadPage().next(bundle).execute().getEntry()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void labels_and_takes_labels_off(EncodingEnum form) {
        var client = client(form);
        var id =
                new IdType(
                        client.create()
                                .resource(organization("one"))
                                .execute()
                                .getId()
                                .toUnqualifiedVersionless()
                                .getValue());
        var meta = new Meta();
        meta.addTag().setSystem("urn:tags").setCode("reviewed");

        var added = client.meta().add().onResource(id).meta(meta).execute();
        var seen = client.meta().get(Meta.class).fromResource(id).execute();
        var left = client.meta().delete().onResource(id).meta(meta).execute();

        assertThat(added.getTag()).hasSize(1);
        assertThat(seen.getTagFirstRep().getCode()).isEqualTo("reviewed");
        assertThat(left.getTag()).isEmpty();
        assertThat(
                        client.read()
                                .resource(Organization.class)
                                .withId(id)
                                .execute()
                                .getMeta()
                                .getVersionId())
                .isEqualTo("3");
    }
}
