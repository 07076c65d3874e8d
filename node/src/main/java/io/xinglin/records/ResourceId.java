package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import java.util.regex.Pattern;

/// Names a resource of one organisation.
///
/// @param custodian the organisation that keeps it
/// @param type an R4 resource type
/// @param id its logical id there
record ResourceId(MemberId custodian, String type, String id) {
    private static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9.-]{1,64}");

    ResourceId {
        if (!isId(id)) {
            throw new IllegalArgumentException("a FHIR id is 1 to 64 of letters, digits, - and .");
        }
    }

    static boolean isId(String text) {
        return FORM.matcher(text).matches();
    }

    /// As a reference within the organisation: `Observation/17`.
    String reference() {
        return type + "/" + id;
    }

    VersionId version(int number) {
        return new VersionId(this, number);
    }

    @Override
    public String toString() {
        return custodian + " " + reference();
    }
}
