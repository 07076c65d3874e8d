package io.xinglin.records;

import static io.xinglin.consent.RecordCategory.*;

import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import java.util.Map;
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
    private static final Map<Integer, SensitivityClass> CLASSES =
            Stream.of(SensitivityClass.values())
                    .collect(Collectors.toUnmodifiableMap(Categories::code, name -> name));

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

    /// The most sensitive class that a security label of the resource names.
    static SensitivityClass sensitivity(JsonNode resource) {
        var labels =
                resource.path("meta").path("security").valueStream().flatMap(Token::in).toList();
        return Stream.of(
                        SensitivityClass.GENETICS,
                        SensitivityClass.SEXUAL_HEALTH,
                        SensitivityClass.MENTAL_HEALTH,
                        SensitivityClass.ADDICTION)
                .filter(
                        name ->
                                labels.stream()
                                        .anyMatch(label -> labels(name).contains(label.code())))
                .findFirst()
                .orElse(SensitivityClass.GENERAL);
    }

    private static Set<String> labels(SensitivityClass name) {
        return switch (name) {
            case GENERAL -> Set.of();
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

    /// The small number a class is stored as.
    static int code(SensitivityClass name) {
        return switch (name) {
            case GENERAL -> 1;
            case MENTAL_HEALTH -> 2;
            case SEXUAL_HEALTH -> 3;
            case GENETICS -> 4;
            case ADDICTION -> 5;
        };
    }

    static RecordCategory category(int code) {
        return stored(CATEGORIES, code);
    }

    static SensitivityClass sensitivity(int code) {
        return stored(CLASSES, code);
    }

    private static <T> T stored(Map<Integer, T> labels, int code) {
        var label = labels.get(code);
        if (label == null) {
            throw new IllegalStateException("no label has code " + code);
        }
        return label;
    }
}
