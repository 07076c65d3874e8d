package io.xinglin.records;

import static io.xinglin.consent.RecordCategory.*;

import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Which part of a patient's record a resource is, in the words of a consent, and how sensitive.
final class Categories {
    private static final Map<Integer, RecordCategory> CATEGORIES =
            Stream.of(RecordCategory.values())
                    .collect(Collectors.toUnmodifiableMap(Categories::code, name -> name));
    private static final String CONFIDENTIALITY =
            "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final Set<String> ORDINARY = Set.of("U", "L", "M", "N");

    /// Labels that say what a resource may be used for, or how far it can be trusted.
    private static final Set<String> NOT_ABOUT_SENSITIVITY =
            Set.of(
                    "http://terminology.hl7.org/CodeSystem/v3-ActReason",
                    "http://terminology.hl7.org/CodeSystem/v3-ObservationValue");

    private Categories() {}

    /// The part this resource is.
    static RecordCategory of(JsonNode resource) {
        var type = resource.path("resourceType").asString();
        return switch (type) {
            case "Observation" -> observation(resource);
            case "DiagnosticReport" -> report(resource);
            default -> possible(type).iterator().next();
        };
    }

    /// The parts a resource of this type can be; more than one where the content decides.
    static Set<RecordCategory> possible(String type) {
        return switch (type) {
            case "Observation" -> Set.of(LABORATORY, VITAL_SIGNS, IMAGING, PROCEDURES, OTHER);
            case "DiagnosticReport" -> Set.of(LABORATORY, IMAGING, DOCUMENTS);
            case "Patient", "RelatedPerson", "Person" -> Set.of(DEMOGRAPHICS);
            case "Specimen", "MolecularSequence" -> Set.of(LABORATORY);
            case "MedicationRequest",
                    "MedicationDispense",
                    "MedicationAdministration",
                    "MedicationStatement" ->
                    Set.of(PRESCRIPTIONS);
            case "Condition", "ClinicalImpression", "RiskAssessment", "FamilyMemberHistory" ->
                    Set.of(CONDITIONS);
            case "AllergyIntolerance", "AdverseEvent" -> Set.of(ALLERGIES);
            case "Immunization", "ImmunizationEvaluation", "ImmunizationRecommendation" ->
                    Set.of(IMMUNIZATIONS);
            case "Procedure", "ServiceRequest" -> Set.of(PROCEDURES);
            case "ImagingStudy" -> Set.of(IMAGING);
            case "CarePlan", "CareTeam", "Goal", "NutritionOrder", "RequestGroup" ->
                    Set.of(CARE_PLANS);
            case "DocumentReference", "DocumentManifest", "Composition", "Media", "Binary" ->
                    Set.of(DOCUMENTS);
            case "Encounter", "EpisodeOfCare", "Appointment", "AppointmentResponse" ->
                    Set.of(ENCOUNTERS);
            case "Claim",
                    "ClaimResponse",
                    "Coverage",
                    "CoverageEligibilityRequest",
                    "CoverageEligibilityResponse",
                    "EnrollmentRequest",
                    "ExplanationOfBenefit",
                    "Account",
                    "ChargeItem",
                    "Invoice" ->
                    Set.of(CLAIMS);
            default -> Set.of(OTHER);
        };
    }

    private static RecordCategory observation(JsonNode resource) {
        var codes = codes(resource);
        if (codes.contains("laboratory")) {
            return LABORATORY;
        }
        if (codes.contains("vital-signs")) {
            return VITAL_SIGNS;
        }
        if (codes.contains("imaging")) {
            return IMAGING;
        }
        return codes.contains("procedure") ? PROCEDURES : OTHER;
    }

    /// What is not said to be laboratory or imaging is a report to be read: a document.
    private static RecordCategory report(JsonNode resource) {
        var codes = codes(resource);
        if (codes.contains("LAB")) {
            return LABORATORY;
        }
        return Stream.of("RAD", "CT", "MR", "NMR", "US", "RUS", "imaging").anyMatch(codes::contains)
                ? IMAGING
                : DOCUMENTS;
    }

    private static Set<String> codes(JsonNode resource) {
        return StreamSupport.stream(resource.path("category").spliterator(), false)
                .flatMap(Token::in)
                .map(Token::code)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The classes that the security labels of the resource name; whoever reads it needs all of them.
    ///
    /// A label that is not understood makes it restricted: nobody can have meant to consent to that.
    static Set<SensitivityClass> sensitivity(JsonNode resource) {
        var classes = EnumSet.noneOf(SensitivityClass.class);
        for (var coding : resource.path("meta").path("security")) {
            Token.in(coding)
                    .findFirst()
                    .map(Categories::labelled)
                    .orElse(Optional.of(SensitivityClass.RESTRICTED))
                    .ifPresent(classes::add);
        }
        return classes.isEmpty() ? Set.of(SensitivityClass.GENERAL) : classes;
    }

    private static Optional<SensitivityClass> labelled(Token label) {
        var system = label.system().orElse(ACT_CODE);
        if (system.equals(CONFIDENTIALITY)) {
            return ORDINARY.contains(label.code())
                    ? Optional.empty()
                    : Optional.of(SensitivityClass.RESTRICTED);
        }
        if (NOT_ABOUT_SENSITIVITY.contains(system)) {
            return Optional.empty();
        }
        return Stream.of(SensitivityClass.values())
                .filter(name -> system.equals(ACT_CODE) && labels(name).contains(label.code()))
                .findFirst()
                .or(() -> Optional.of(SensitivityClass.RESTRICTED));
    }

    private static Set<String> labels(SensitivityClass name) {
        return switch (name) {
            case GENERAL, RESTRICTED -> Set.of();
            case MENTAL_HEALTH -> Set.of("PSY", "PSYTHPN", "MH");
            case SEXUAL_HEALTH -> Set.of("SEX", "HIV", "STD", "SDV");
            case GENETICS -> Set.of("GDIS");
            case ADDICTION -> Set.of("ETH", "SUD", "ETHUD", "ALC", "OPIOIDUD");
        };
    }

    /// The small number a category is stored as. It never changes; the order of the enum may.
    static int code(RecordCategory category) {
        return switch (category) {
            case DEMOGRAPHICS -> 1;
            case LABORATORY -> 2;
            case VITAL_SIGNS -> 3;
            case PRESCRIPTIONS -> 4;
            case CONDITIONS -> 5;
            case ALLERGIES -> 6;
            case IMMUNIZATIONS -> 7;
            case PROCEDURES -> 8;
            case IMAGING -> 9;
            case CARE_PLANS -> 10;
            case DOCUMENTS -> 11;
            case ENCOUNTERS -> 12;
            case CLAIMS -> 13;
            case OTHER -> 99;
        };
    }

    /// The small number a set of classes is stored as, a bit for each.
    static int code(Set<SensitivityClass> classes) {
        return classes.stream().mapToInt(Categories::bit).sum();
    }

    private static int bit(SensitivityClass name) {
        return switch (name) {
            case GENERAL -> 1;
            case MENTAL_HEALTH -> 2;
            case SEXUAL_HEALTH -> 4;
            case GENETICS -> 8;
            case ADDICTION -> 16;
            case RESTRICTED -> 32;
        };
    }

    static RecordCategory category(int code) {
        var category = CATEGORIES.get(code);
        if (category == null) {
            throw new IllegalStateException("no category has code " + code);
        }
        return category;
    }

    static Set<SensitivityClass> classes(int code) {
        var classes = EnumSet.allOf(SensitivityClass.class);
        classes.removeIf(name -> (code & bit(name)) == 0);
        if (classes.isEmpty() || code(classes) != code) {
            throw new IllegalStateException("no classes have code " + code);
        }
        return classes;
    }
}
