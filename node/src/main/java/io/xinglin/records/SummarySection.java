package io.xinglin.records;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The sections of a patient summary, and which resources belong to each.
///
/// @spec https://hl7.org/fhir/uv/ips/ International Patient Summary
enum SummarySection {
    PROBLEMS("11450-4", "Problem list", "no-problem-info") {
        @Override
        boolean takes(JsonNode resource) {
            return isValid(resource) && isActive(resource);
        }
    },
    ALLERGIES("48765-2", "Allergies and intolerances", "no-allergy-info") {
        @Override
        boolean takes(JsonNode resource) {
            return isValid(resource) && isActive(resource);
        }
    },
    MEDICATIONS("10160-0", "Medication summary", "no-medication-info") {
        @Override
        boolean takes(JsonNode resource) {
            return status(resource, "active", "on-hold", "intended", "unknown");
        }
    },
    IMMUNIZATIONS("11369-6", "Immunizations", "") {
        @Override
        boolean takes(JsonNode resource) {
            return status(resource, "completed");
        }
    },
    RESULTS("30954-2", "Results", "") {
        @Override
        boolean takes(JsonNode resource) {
            return isFinal(resource)
                    && (resource.path("resourceType").asString("").equals("DiagnosticReport")
                            || isOf(resource, "laboratory")
                            || isOf(resource, "imaging"));
        }

        @Override
        boolean isNewestOnly() {
            return true;
        }
    },
    PROCEDURES("47519-4", "History of procedures", "") {
        @Override
        boolean takes(JsonNode resource) {
            return status(resource, "completed", "in-progress", "on-hold", "stopped");
        }
    },
    DEVICES("46264-8", "Medical devices", "") {
        @Override
        boolean takes(JsonNode resource) {
            return !status(resource, "entered-in-error");
        }
    },
    VITAL_SIGNS("8716-3", "Vital signs", "") {
        @Override
        boolean takes(JsonNode resource) {
            return isFinal(resource) && isOf(resource, "vital-signs");
        }

        @Override
        boolean isNewestOnly() {
            return true;
        }
    },
    SOCIAL_HISTORY("29762-2", "Social history", "") {
        @Override
        boolean takes(JsonNode resource) {
            return isFinal(resource) && isOf(resource, "social-history");
        }

        @Override
        boolean isNewestOnly() {
            return true;
        }
    },
    PAST_PROBLEMS("11348-0", "History of past problems", "") {
        @Override
        boolean takes(JsonNode resource) {
            return isValid(resource) && !isActive(resource);
        }
    },
    PLANS("18776-5", "Plan of care", "") {
        @Override
        boolean takes(JsonNode resource) {
            return status(resource, "active", "on-hold", "draft");
        }
    };

    private static final Set<String> OVER = Set.of("inactive", "resolved", "remission");

    private final String code;
    private final String title;
    private final String nothing;

    SummarySection(String code, String title, String nothing) {
        this.code = code;
        this.title = title;
        this.nothing = nothing;
    }

    /// Its code of LOINC.
    String code() {
        return code;
    }

    String title() {
        return title;
    }

    /// The types of what can be in it.
    Set<String> types() {
        return switch (this) {
            case PROBLEMS, PAST_PROBLEMS -> Set.of("Condition");
            case ALLERGIES -> Set.of("AllergyIntolerance");
            case MEDICATIONS -> Set.of("MedicationRequest", "MedicationStatement");
            case IMMUNIZATIONS -> Set.of("Immunization");
            case RESULTS -> Set.of("Observation", "DiagnosticReport");
            case PROCEDURES -> Set.of("Procedure");
            case DEVICES -> Set.of("DeviceUseStatement");
            case VITAL_SIGNS, SOCIAL_HISTORY -> Set.of("Observation");
            case PLANS -> Set.of("CarePlan");
        };
    }

    /// The code that says that nothing is known; none for a section that may be left out.
    Optional<String> nothing() {
        return nothing.isEmpty() ? Optional.empty() : Optional.of(nothing);
    }

    static Set<String> allTypes() {
        var all = new HashSet<String>();
        Arrays.stream(values()).forEach(section -> all.addAll(section.types()));
        return all;
    }

    abstract boolean takes(JsonNode resource);

    /// Whether of what has the same code the newest stands for all.
    boolean isNewestOnly() {
        return false;
    }

    /// Those of the resources that belong here, the newest first.
    List<Match> of(List<Match> resources, int most) {
        var codes = new HashSet<String>();
        return resources.stream()
                .filter(one -> types().contains(one.type()) && takes(one.json()))
                .sorted(Comparator.comparing(SummarySection::when).reversed())
                .filter(one -> !isNewestOnly() || codes.add(code(one.json())))
                .limit(most)
                .toList();
    }

    private static java.time.Instant when(Match match) {
        return CareDates.of(match).map(TimeSpan::from).orElse(TimeSpan.EVER);
    }

    private static String code(JsonNode resource) {
        var code = resource.path("code");
        return code.path("coding")
                .valueStream()
                .findFirst()
                .map(one -> one.path("system").asString("") + "|" + one.path("code").asString(""))
                .orElse(code.path("text").asString(""));
    }

    private static boolean status(JsonNode resource, String... some) {
        return List.of(some).contains(resource.path("status").asString(""));
    }

    private static boolean isFinal(JsonNode resource) {
        return status(resource, "final", "amended", "corrected", "appended");
    }

    private static boolean isOf(JsonNode resource, String category) {
        return codes(resource.path("category")).anyMatch(category::equals);
    }

    private static boolean isActive(JsonNode resource) {
        return codes(resource.path("clinicalStatus")).noneMatch(OVER::contains);
    }

    private static boolean isValid(JsonNode resource) {
        return codes(resource.path("verificationStatus"))
                .noneMatch(one -> one.equals("entered-in-error") || one.equals("refuted"));
    }

    private static Stream<String> codes(JsonNode concepts) {
        var all = concepts.isArray() ? concepts.valueStream() : Stream.of(concepts);
        return all.flatMap(concept -> concept.path("coding").valueStream())
                .map(coding -> coding.path("code").asString(""));
    }
}
