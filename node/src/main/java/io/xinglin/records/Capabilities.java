package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.Metadata;
import ca.uhn.fhir.rest.api.server.RequestDetails;

import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

import java.util.Date;

/// Says what this server can do: what is listed works, what is not is refused. Public for the server, which calls it by
/// reflection.
public final class Capabilities {
    private static final TypeRestfulInteraction[] INTERACTIONS = {
        TypeRestfulInteraction.READ,
        TypeRestfulInteraction.VREAD,
        TypeRestfulInteraction.UPDATE,
        TypeRestfulInteraction.DELETE,
        TypeRestfulInteraction.HISTORYINSTANCE,
        TypeRestfulInteraction.CREATE,
        TypeRestfulInteraction.SEARCHTYPE
    };

    private final FhirApi api;
    private final Date started;

    Capabilities(FhirApi api, Date started) {
        this.api = api;
        this.started = started;
    }

    /// The statement of one organisation.
    // Kept by the server for a minute, it would be told to those who ask for another organisation.
    @Metadata(cacheMillis = 0)
    public CapabilityStatement of(RequestDetails request) {
        var custodian = api.custodian(request);
        var statement = new CapabilityStatement();
        statement
                .setStatus(PublicationStatus.ACTIVE)
                .setDate(started)
                .setKind(CapabilityStatementKind.INSTANCE)
                .setFhirVersion(FHIRVersion._4_0_1);
        statement.addFormat("application/fhir+json").addFormat("application/fhir+xml");
        statement.getSoftware().setName("Xinglin");
        statement
                .getImplementation()
                .setDescription(
                        "Sealed records, shared with the patient's consent. Every version and every"
                                + " read has an entry in the organisation's transparency log.")
                .setUrl(api.base() + "/" + custodian);
        rest(statement.addRest());
        return statement;
    }

    private static void rest(CapabilityStatementRestComponent rest) {
        rest.setMode(RestfulCapabilityMode.SERVER);
        rest.setDocumentation(
                "An unknown parameter is refused, never ignored. Readers from other organisations name"
                        + " one patient in every search.");
        rest.getSecurity()
                .addService()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/restful-security-service")
                .setCode("SMART-on-FHIR");
        rest.addInteraction().setCode(SystemRestfulInteraction.TRANSACTION);
        rest.addInteraction().setCode(SystemRestfulInteraction.BATCH);
        for (var name : R4.types()) {
            var byIdentifier = R4.type(name).orElseThrow().parameters().containsKey("identifier");
            var resource =
                    rest.addResource()
                            .setType(name)
                            .setVersioning(ResourceVersionPolicy.VERSIONEDUPDATE)
                            .setReadHistory(true)
                            .setUpdateCreate(true)
                            .setConditionalCreate(byIdentifier)
                            .setConditionalUpdate(byIdentifier)
                            .setConditionalDelete(
                                    byIdentifier
                                            ? ConditionalDeleteStatus.SINGLE
                                            : ConditionalDeleteStatus.NOTSUPPORTED);
            for (var interaction : INTERACTIONS) {
                resource.addInteraction().setCode(interaction);
            }
            resource.addSearchParam().setName("_id").setType(SearchParamType.TOKEN);
            resource.addSearchParam().setName("_lastUpdated").setType(SearchParamType.DATE);
            for (var parameter : R4.type(name).orElseThrow().parameters().values()) {
                resource.addSearchParam()
                        .setName(parameter.name())
                        .setType(type(parameter.kind()))
                        .setDocumentation(
                                parameter.description().isBlank() ? null : parameter.description());
            }
        }
    }

    private static SearchParamType type(SearchParameter.Kind kind) {
        return switch (kind) {
            case TOKEN -> SearchParamType.TOKEN;
            case DATE -> SearchParamType.DATE;
            case REFERENCE -> SearchParamType.REFERENCE;
        };
    }
}
