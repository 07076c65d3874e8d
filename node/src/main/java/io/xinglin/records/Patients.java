package io.xinglin.records;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Whose record a resource belongs to.
final class Patients {
    private static final String PREFIX = "Patient/";

    private Patients() {}

    /// The logical ids of the patients that a resource is about: those its most telling parameter names. None if it is about
    /// nobody, or about a patient of another server. References within the organisation are relative once they are stored.
    static Set<String> of(ResourceId id, JsonNode resource) {
        if (id.type().equals("Patient")) {
            return Set.of(id.id());
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

    /// The patient that a relative reference names.
    static Optional<String> patient(String reference) {
        return reference.startsWith(PREFIX) && ResourceId.isId(reference.substring(PREFIX.length()))
                ? Optional.of(reference.substring(PREFIX.length()))
                : Optional.empty();
    }
}
