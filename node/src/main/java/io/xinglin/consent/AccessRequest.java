package io.xinglin.consent;

import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import java.util.Set;

/// A wish to read parts of one patient's record.
///
/// @param patient whose record
/// @param reader who asks
/// @param asked the parts asked for; never empty
public record AccessRequest(PatientId patient, Caller reader, Set<RecordCategory> asked) {
    public AccessRequest {
        asked = Set.copyOf(asked);
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("a request asks for something");
        }
    }
}
