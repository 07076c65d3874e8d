package io.xinglin.consent;

import java.util.Optional;
import java.util.Set;

/// The answer to an [AccessRequest]. It is asked for before anything is matched.
public sealed interface AccessDecision {
    /// The reader may see these parts, and only these.
    ///
    /// @param categories those of the asked ones that may be read; never empty
    /// @param classes the sensitivity classes that may be read; never empty
    /// @param basis the consent it rests on; empty for the patient and the custodian's own staff
    record Permit(
            Set<RecordCategory> categories,
            Set<SensitivityClass> classes,
            Optional<ConsentId> basis)
            implements AccessDecision {}

    /// Nothing of what was asked may be read.
    record Deny(DenialReason reason) implements AccessDecision {}

    /// Why a read was refused. Told to the patient; the reader only learns that it was refused.
    enum DenialReason {
        /// No consent covers this reader, purpose and part.
        NO_CONSENT,
        /// A consent did, and was withdrawn.
        WITHDRAWN,
        /// A consent did, and has ended.
        EXPIRED
    }
}
