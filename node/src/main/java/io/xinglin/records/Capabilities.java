package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.Metadata;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import io.xinglin.contracts.MemberId;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalReadStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.UriType;

/// Says what this server can do: what is listed works, what is not is refused. Public for the server, which calls it by
/// reflection.
public final class Capabilities {
    private static final TypeRestfulInteraction[] INTERACTIONS = {
        TypeRestfulInteraction.READ,
        TypeRestfulInteraction.VREAD,
        TypeRestfulInteraction.UPDATE,
        TypeRestfulInteraction.PATCH,
        TypeRestfulInteraction.DELETE,
        TypeRestfulInteraction.HISTORYINSTANCE,
        TypeRestfulInteraction.HISTORYTYPE,
        TypeRestfulInteraction.CREATE,
        TypeRestfulInteraction.SEARCHTYPE
    };

    private static final String SEARCHES =
            """
            **Searches.** What is not understood is refused; with `Prefer: handling=lenient` it is ignored and named in the answer.
            Consent is asked for every type that a search touches, chains and includes as well; what it does not cover is as if it
            were not there.

            - Modifiers: all kinds `:missing`, but composites; token `:not :text :in :not-in :of-type`; string `:exact :contains`;
              uri `:above :below`; reference `:[type] :identifier`. Value sets of `:in` are those stored here that list their codes.
            - Prefixes of dates, numbers and quantities: eq ne gt lt ge le sa eb ap. Quantities are compared across units of UCUM.
            - Chains and `_has` have five steps at most. Those not the custodian's own go no further than the patient's record.
            - `_sort` by any parameter but composites, five keys at most; what has no value comes last. `_total`, `_summary`, `_elements`.
            - `_include`, `_revinclude`, `:iterate` and `*`; canonical references are not followed.
            - Across patients, for the custodian's own: Patient by identifier, name, day of birth and telecom at once; anything else
              record by record, from page to page.

            **`$everything`.** Of a Patient or an Encounter, with `start`, `end`, `_since`, `_type` and `_count`: what of the record the
            reader may see, and what that refers to outside of any record. Without `_count` it is one answer up to 5,000
            resources; then a link goes on.

            **`$summary`.** An International Patient Summary of what the reader may see, who the patient is included. What is not known, and
            what a consent leaves out, reads the same.

            **`$export`.** Of everything, of patients or of a Group, with `_type`, `_since` and, of patients, `patient`; `_typeFilter` and
            other parameters are refused. It holds what the requester may read, asked record by record; can be fetched for a day by
            the requester alone; and whoever takes back a consent meanwhile is left out of what is fetched.

            **`[base]/$import`.** An operation of this server, for the custodian's own: `POST` of `application/fhir+ndjson`, one resource a line,
            each stored as a PUT would be. Asynchronous like an export; the manifest's `error` says which lines were refused and why. To
            send the same again changes nothing.
            """;

    private static final String BULK = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/";

    private static final Map<String, String> OPERATIONS =
            new TreeMap<>(
                    Map.of(
                            "meta", "http://hl7.org/fhir/OperationDefinition/Resource-meta",
                            "meta-add", "http://hl7.org/fhir/OperationDefinition/Resource-meta-add",
                            "meta-delete",
                                    "http://hl7.org/fhir/OperationDefinition/Resource-meta-delete",
                            "validate",
                                    "http://hl7.org/fhir/OperationDefinition/Resource-validate"));

    /// Operations of some types.
    private static final Map<String, Map<String, String>> OPERATIONS_OF =
            Map.of(
                    "Patient",
                    Map.of(
                            "everything",
                            "http://hl7.org/fhir/OperationDefinition/Patient-everything",
                            "export",
                            BULK + "patient-export",
                            "summary",
                            "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"),
                    "Group",
                    Map.of("export", BULK + "group-export"),
                    "Encounter",
                    Map.of(
                            "everything",
                            "http://hl7.org/fhir/OperationDefinition/Encounter-everything"));

    /// Where SMART 1.0 says in a capability statement what is in `smart-configuration`, too. Clients ask for both at once and
    /// take what comes first.
    private static final String OAUTH_URIS =
            "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

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
        return of(api.custodian(request));
    }

    CapabilityStatement of(MemberId custodian) {
        var statement = new CapabilityStatement();
        statement
                .setStatus(PublicationStatus.ACTIVE)
                .setDate(started)
                .setKind(CapabilityStatementKind.INSTANCE)
                .setFhirVersion(FHIRVersion._4_0_1);
        statement.addFormat("application/fhir+json").addFormat("application/fhir+xml");
        statement
                .addPatchFormat(Patches.JSON_PATCH)
                .addPatchFormat("application/fhir+json")
                .addPatchFormat("application/fhir+xml");
        statement.addInstantiates("http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data");
        statement.getSoftware().setName("Xinglin");
        statement
                .getImplementation()
                .setDescription(
                        "Sealed records, shared with the patient's consent. Every version and every"
                                + " read has an entry in the organisation's transparency log.")
                .setUrl(api.base() + "/" + custodian);
        rest(statement.addRest(), api.base() + "/" + custodian + "/oauth2/token");
        return statement;
    }

    private static void rest(CapabilityStatementRestComponent rest, String tokens) {
        rest.setMode(RestfulCapabilityMode.SERVER);
        rest.setDocumentation(
                "Readers from other organisations name one patient in every search. The history of a type or"
                        + " of everything is for the custodian's own people.\n\n"
                        + SEARCHES);
        rest.getSecurity()
                .addService()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/restful-security-service")
                .setCode("SMART-on-FHIR");
        rest.addOperation().setName("export").setDefinition(BULK + "export");
        rest.getSecurity()
                .addExtension()
                .setUrl(OAUTH_URIS)
                .addExtension("token", new UriType(tokens));
        rest.addInteraction().setCode(SystemRestfulInteraction.TRANSACTION);
        rest.addInteraction().setCode(SystemRestfulInteraction.BATCH);
        rest.addInteraction().setCode(SystemRestfulInteraction.HISTORYSYSTEM);
        for (var name : R4.types()) {
            var resource =
                    rest.addResource()
                            .setType(name)
                            .setVersioning(ResourceVersionPolicy.VERSIONEDUPDATE)
                            .setReadHistory(true)
                            .setConditionalRead(ConditionalReadStatus.FULLSUPPORT)
                            .setUpdateCreate(true)
                            .setConditionalCreate(true)
                            .setConditionalUpdate(true)
                            .setConditionalDelete(ConditionalDeleteStatus.SINGLE);
            var operations = new TreeMap<>(OPERATIONS);
            operations.putAll(OPERATIONS_OF.getOrDefault(name, Map.of()));
            for (var operation : operations.entrySet()) {
                resource.addOperation()
                        .setName(operation.getKey())
                        .setDefinition(operation.getValue());
            }
            for (var interaction : INTERACTIONS) {
                resource.addInteraction().setCode(interaction);
            }
            includes(resource, R4.type(name).orElseThrow());
            for (var parameter : R4.type(name).orElseThrow().parameters().values()) {
                resource.addSearchParam()
                        .setName(parameter.name())
                        .setType(type(parameter.kind()))
                        .setDocumentation(
                                parameter.description().isBlank() ? null : parameter.description());
            }
        }
    }

    private static void includes(CapabilityStatementRestResourceComponent resource, R4.Type type) {
        resource.addSearchInclude("*");
        type.references().forEach(by -> resource.addSearchInclude(type.name() + ":" + by.name()));
        for (var source : R4.types()) {
            for (var by : R4.type(source).orElseThrow().references()) {
                if (by.targets().contains(type.name())) {
                    resource.addSearchRevInclude(source + ":" + by.name());
                }
            }
        }
    }

    private static SearchParamType type(SearchParameter.Kind kind) {
        return switch (kind) {
            case TOKEN -> SearchParamType.TOKEN;
            case DATE -> SearchParamType.DATE;
            case REFERENCE -> SearchParamType.REFERENCE;
            case STRING -> SearchParamType.STRING;
            case NUMBER -> SearchParamType.NUMBER;
            case QUANTITY -> SearchParamType.QUANTITY;
            case URI -> SearchParamType.URI;
            case COMPOSITE -> SearchParamType.COMPOSITE;
        };
    }
}
