package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import java.util.regex.Pattern;

/// A practitioner as one organisation knows them: the logical id of their FHIR Practitioner there.
///
/// @param organisation where they work
/// @param id a FHIR `id`: 1 to 64 of letters, digits, `-` and `.`
public record PractitionerId(MemberId organisation, String id) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    public PractitionerId {
        if (!FORM.matcher(id).matches()) {
            throw new IllegalArgumentException("a FHIR id is 1 to 64 of letters, digits, - and .");
        }
    }
}
