package io.xinglin.records;

import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.records.Compartment.Owner;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a change stores, in clear: the bytes as they will be answered, and what follows from them.
///
/// @param owner whose record it is in
@SuppressWarnings("ArrayRecordComponent") // Lives for one write, never compared.
record Document(
        Target target,
        byte[] json,
        JsonNode tree,
        Owner owner,
        RecordCategory category,
        Set<SensitivityClass> classes) {

    boolean isPatient() {
        return target.version().resource().type().equals("Patient");
    }

    @Override
    public String toString() {
        return "Document[" + target.version() + "]";
    }
}
