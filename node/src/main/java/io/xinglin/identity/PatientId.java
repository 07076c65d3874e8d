package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import java.util.regex.Pattern;

/// A patient as one custodian knows them: the logical id of their FHIR Patient there.
///
/// @param custodian the organisation that keeps the record
/// @param id a FHIR `id`: 1 to 64 of letters, digits, `-` and `.`
public record PatientId(MemberId custodian, String id) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    public PatientId {
        if (!FORM.matcher(id).matches()) {
            throw new IllegalArgumentException("a FHIR id is 1 to 64 of letters, digits, - and .");
        }
    }
}
