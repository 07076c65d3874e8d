package io.xinglin.contracts;

import java.util.regex.Pattern;

/// Names one organisation of the consortium, everywhere: on the ledger, in `/fhir/{org}`, in its log's origin.
///
/// @param value 3 to 40 characters of `a-z`, `0-9` and `-`, not beginning or ending with `-`
public record MemberId(String value) implements Comparable<MemberId> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{1,38}[a-z0-9]");

    public MemberId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a member id is 3 to 40 of a-z, 0-9 and -");
        }
    }

    @Override
    public int compareTo(MemberId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
