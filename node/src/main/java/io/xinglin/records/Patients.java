package io.xinglin.records;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Whose record a resource belongs to.
final class Patients {
    private static final String PATIENT = "Patient";
    private static final String PREFIX = PATIENT + "/";
    static final Set<String> SUBJECTS = Set.of("patient", "subject", "beneficiary");

    private static final Pattern RELATIVE =
            Pattern.compile("[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64}");
    private static final Pattern ABSOLUTE = Pattern.compile("https?://\\S+");
    private static final String UNCLEAR =
            "refers to whom it is about in a form that is not understood; write Patient/id.";

    private Patients() {}

    /// The logical ids of the patients that a resource is about: those its most telling parameter names. None if it is about
    /// nobody, or about a patient of another server. References within the organisation are relative once they are stored.
    static Set<String> of(ResourceId id, JsonNode resource) {
        if (id.type().equals("Patient")) {
            return Set.of(id.id());
        }
        if (id.type().equals("Binary")) {
            return patient(resource.path("securityContext").path("reference").asString(""))
                    .map(Set::of)
                    .orElseGet(Set::of);
        }
        // A group has members, but is not one's record.
        var parameters =
                id.type().equals("Group") ? null : R4.type(id.type()).map(R4.Type::patients);
        if (parameters == null) {
            return Set.of();
        }
        for (var parameter : parameters.orElseThrow()) {
            var patients = new TreeSet<String>();
            for (var reference : parameter.references(resource)) {
                patient(reference).ifPresent(patients::add);
            }
            if (!patients.isEmpty()) {
                return patients;
            }
        }
        return Set.of();
    }

    /// Why it is not clear whose record a resource belongs to, although it names a patient: then it must not become nobody's.
    static Optional<String> unresolved(String type, JsonNode resource) {
        if (type.equals("Binary")) {
            var context = resource.path("securityContext").path("reference").asString("");
            return context.isEmpty() || isClear(context) ? Optional.empty() : Optional.of(UNCLEAR);
        }
        var parameters = R4.type(type).map(R4.Type::patients).orElse(List.of());
        for (var parameter : parameters) {
            var elements = parameter.elements(resource).toList();
            for (var element : elements) {
                var why = unresolved(element, resource, SUBJECTS.contains(parameter.name()));
                if (why.isPresent()) {
                    return why;
                }
            }
            if (!elements.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unresolved(
            JsonNode element, JsonNode resource, boolean isSubject) {
        var reference = element.path("reference").asString("");
        if (reference.isEmpty()) {
            var type = element.path("type").asString("");
            return element.has("identifier")
                            && (type.equals(PATIENT) || (type.isEmpty() && isSubject))
                    ? Optional.of(
                            "names its patient by identifier only; refer to Patient/id or to"
                                    + " Patient?identifier=system|value.")
                    : Optional.empty();
        }
        if (reference.startsWith("#")) {
            return resource.path("contained")
                            .valueStream()
                            .filter(one -> ("#" + one.path("id").asString("")).equals(reference))
                            .anyMatch(one -> one.path("resourceType").asString("").equals(PATIENT))
                    ? Optional.of(
                            "contains its patient; store the Patient as a resource of its own.")
                    : Optional.empty();
        }
        if (reference.contains("/" + PREFIX)) {
            return Optional.of(
                    "is about a patient of another server; store the Patient here and refer to"
                            + " that.");
        }
        return isClear(reference) ? Optional.empty() : Optional.of(UNCLEAR);
    }

    /// Whether it is Type/id, or an address elsewhere: any other form might name a patient, and nobody would find the resource.
    private static boolean isClear(String reference) {
        return RELATIVE.matcher(reference).matches() || ABSOLUTE.matcher(reference).matches();
    }

    /// The patient that a relative reference names.
    static Optional<String> patient(String reference) {
        return reference.startsWith(PREFIX) && ResourceId.isId(reference.substring(PREFIX.length()))
                ? Optional.of(reference.substring(PREFIX.length()))
                : Optional.empty();
    }
}
