package io.xinglin.records;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeResourceDefinition;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.fhirpath.IFhirPath;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.api.EncodingEnum;
import io.xinglin.records.SearchParameter.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Patient;

/// FHIR R4 as this store knows it: the resource types, what they can be searched by, and how they point at a patient.
///
/// @spec https://hl7.org/fhir/R4/compartmentdefinition-patient.html the patient compartment
final class R4 {
    /// What every resource can be searched by.
    private static final List<SearchParameter> COMMON =
            List.of(
                    SearchParameter.common("_id", Kind.TOKEN, "The logical id", "id"),
                    SearchParameter.common(
                            "_lastUpdated",
                            Kind.DATE,
                            "When it was last changed",
                            "meta",
                            "lastUpdated"),
                    SearchParameter.common(
                            "_profile", Kind.URI, "Profiles it claims", "meta", "profile"),
                    SearchParameter.common(
                            "_security", Kind.TOKEN, "Security labels", "meta", "security"),
                    SearchParameter.common(
                            "_source", Kind.URI, "Where it comes from", "meta", "source"),
                    SearchParameter.common("_tag", Kind.TOKEN, "Tags", "meta", "tag"));

    private static final FhirContext CONTEXT = newContext();
    private static final Map<String, Type> TYPES = types(CONTEXT);

    /// Types about the organisation itself and the words it uses; no patient is in them, whoever has a token may read them.
    private static final Set<String> DIRECTORY =
            Set.of(
                    "ActivityDefinition",
                    "CapabilityStatement",
                    "ChargeItemDefinition",
                    "CodeSystem",
                    "ConceptMap",
                    "DeviceDefinition",
                    "Endpoint",
                    "HealthcareService",
                    "InsurancePlan",
                    "Location",
                    "Medication",
                    "MedicationKnowledge",
                    "NamingSystem",
                    "ObservationDefinition",
                    "OperationDefinition",
                    "Organization",
                    "OrganizationAffiliation",
                    "PlanDefinition",
                    "Practitioner",
                    "PractitionerRole",
                    "Questionnaire",
                    "SearchParameter",
                    "SpecimenDefinition",
                    "StructureDefinition",
                    "Substance",
                    "ValueSet");

    /// How many digits a number may have written out, before or after the point.
    static final int DIGITS_MAX = 100;

    private R4() {}

    /// One resource type.
    ///
    /// @param parameters what it can be searched by, by name
    /// @param patients the parameters that point at the patient whose compartment it is in, most telling first
    record Type(
            String name, Map<String, SearchParameter> parameters, List<SearchParameter> patients) {

        /// Whether a parameter says whose record a resource is in.
        boolean isSubject(SearchParameter parameter) {
            return Patients.SUBJECTS.contains(parameter.name()) && patients.contains(parameter);
        }

        /// The parameters that are references.
        List<SearchParameter> references() {
            return parameters.values().stream()
                    .filter(parameter -> parameter.kind() == SearchParameter.Kind.REFERENCE)
                    .toList();
        }
    }

    static FhirContext context() {
        return CONTEXT;
    }

    static Set<String> types() {
        return TYPES.keySet();
    }

    static Optional<Type> type(String name) {
        return Optional.ofNullable(TYPES.get(name));
    }

    static boolean isDirectory(String type) {
        return DIRECTORY.contains(type);
    }

    /// FHIRPath over the object model. What it would look up elsewhere is not there.
    static IFhirPath fhirPath() {
        return FhirPathHolder.PATH;
    }

    private static final class FhirPathHolder {
        private static final IFhirPath PATH = CONTEXT.newFhirPath();
    }

    /// A parser of the form resources are stored in: JSON, not pretty, nothing left out.
    static IParser json() {
        return CONTEXT.newJsonParser();
    }

    /// Refuses decimals that would take more memory written out than anything is worth. JSON is checked before it is parsed, see
    /// [BundleReader#check].
    static void refuseHugeNumbers(IBaseResource resource) {
        CONTEXT.newTerser()
                .getAllPopulatedChildElementsOfType(resource, DecimalType.class)
                .forEach(
                        number -> {
                            if (Math.abs(number.getValue().scale()) >= DIGITS_MAX
                                    || number.getValue().precision() > DIGITS_MAX) {
                                throw Outcomes.malformed("A number is out of reach.");
                            }
                        });
    }

    /// Does once what the first request would otherwise wait a second for.
    static void warmUp() {
        var patient = new Patient().addName(new org.hl7.fhir.r4.model.HumanName().setText("杏林"));
        patient.getMeta().setVersionId("1");
        var json = json().encodeResourceToString(patient);
        json().parseResource(json);
        EncodingEnum.XML
                .newParser(CONTEXT)
                .parseResource(EncodingEnum.XML.newParser(CONTEXT).encodeResourceToString(patient));
    }

    private static FhirContext newContext() {
        var context = FhirContext.forR4();
        // What a client sends is stored whole or refused; the lenient default would drop what it
        // does not know.
        context.setParserErrorHandler(new StrictErrorHandler());
        context.setValidationSupport(new NoProfiles(context));
        context.getParserOptions().setStripVersionsFromReferences(false);
        context.getParserOptions().setAutoContainReferenceTargetsWithNoId(false);
        context.getParserOptions().setOverrideResourceIdWithBundleEntryFullUrl(false);
        return context;
    }

    private static Map<String, Type> types(FhirContext context) {
        var types = new TreeMap<String, Type>();
        for (var name : context.getResourceTypes()) {
            types.put(name, type(context.getResourceDefinition(name)));
        }
        return types;
    }

    private static Type type(RuntimeResourceDefinition definition) {
        var parameters = new TreeMap<String, SearchParameter>();
        var compartment = new LinkedHashMap<String, SearchParameter>();
        var byAddress = new HashMap<String, SearchParameter>();
        for (var declared : definition.getSearchParams()) {
            SearchParameter.of(definition, declared)
                    .ifPresent(
                            parameter -> {
                                parameters.put(parameter.name(), parameter);
                                byAddress.put(declared.getUri(), parameter);
                                var compartments = declared.getProvidesMembershipInCompartments();
                                if (compartments != null && compartments.contains("Patient")) {
                                    compartment.put(parameter.name(), parameter);
                                }
                            });
        }
        for (var declared : definition.getSearchParams()) {
            parameters.computeIfPresent(
                    declared.getName(),
                    (_, parameter) ->
                            parameter.kind() == Kind.COMPOSITE
                                    ? parameter.composed(declared, byAddress).orElse(null)
                                    : parameter);
        }
        COMMON.forEach(parameter -> parameters.put(parameter.name(), parameter));
        return new Type(definition.getName(), parameters, patients(parameters, compartment));
    }

    /// The parameters of the standard that are not offered, as `Type.name`.
    static Set<String> refused() {
        var refused = new TreeSet<String>();
        TYPES.forEach(
                (name, type) -> {
                    for (var declared : CONTEXT.getResourceDefinition(name).getSearchParams()) {
                        if (!type.parameters.containsKey(declared.getName())) {
                            refused.add(name + "." + declared.getName());
                        }
                    }
                });
        return refused;
    }

    /// `patient` and `subject` say whose record it is; the other parameters of the compartment only who took part.
    private static List<SearchParameter> patients(
            Map<String, SearchParameter> parameters, Map<String, SearchParameter> compartment) {
        return Stream.concat(
                        Stream.of("patient", "subject", "beneficiary")
                                .map(parameters::get)
                                .flatMap(Stream::ofNullable),
                        compartment.values().stream())
                .filter(parameter -> parameter.kind() == Kind.REFERENCE)
                .distinct()
                .toList();
    }

    /// Profiles and code systems are not looked up, in files or anywhere else: there are none here.
    private record NoProfiles(FhirContext context) implements IValidationSupport {
        @Override
        public FhirContext getFhirContext() {
            return context;
        }

        @Override
        public <T extends IBaseResource> List<T> fetchAllStructureDefinitions() {
            return List.of();
        }
    }
}
