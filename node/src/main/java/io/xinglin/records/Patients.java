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
    /// nobody, or about a patient of another server.
    ///
    /// @param base the organisation's own address, under which a reference may be absolute
    static Set<String> of(ResourceId id, JsonNode resource, String base) {
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
                patient(reference, base).ifPresent(patients::add);
            }
            if (!patients.isEmpty()) {
                return patients;
            }
        }
        return Set.of();
    }

    /// The patient that a reference names, if it is one of this organisation.
    static Optional<String> patient(String reference, String base) {
        var relative = relative(reference, base);
        return relative.startsWith(PREFIX) && ResourceId.isId(relative.substring(PREFIX.length()))
                ? Optional.of(relative.substring(PREFIX.length()))
                : Optional.empty();
    }

    /// The reference without the organisation's own address.
    static String relative(String reference, String base) {
        return reference.startsWith(base) ? reference.substring(base.length()) : reference;
    }
}
