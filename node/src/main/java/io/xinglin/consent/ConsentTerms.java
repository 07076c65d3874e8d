package io.xinglin.consent;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PurposeOfUse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/// What a patient permits.
///
/// @param grantee the organisation that may read
/// @param categories the parts of the record
/// @param classes how sensitive they may be
/// @param purposes what for
/// @param until when it ends by itself, in whole seconds
public record ConsentTerms(
        MemberId grantee,
        Set<RecordCategory> categories,
        Set<SensitivityClass> classes,
        Set<PurposeOfUse> purposes,
        Instant until) {
    public ConsentTerms {
        categories = Set.copyOf(categories);
        classes = Set.copyOf(classes);
        purposes = Set.copyOf(purposes);
        until = until.truncatedTo(ChronoUnit.SECONDS);
    }

    /// Who may read what about someone is itself about their health.
    @Override
    public String toString() {
        return "ConsentTerms[redacted]";
    }
}
