package io.xinglin.consent;

import java.time.Instant;
import java.util.Optional;

/// A patient's consent, as the patient sees it.
///
/// @param granted when the patient signed it
/// @param withdrawn when they took it back, if they did
public record Consent(
        ConsentId id,
        ConsentTerms terms,
        ConsentStatus status,
        Instant granted,
        Optional<Instant> withdrawn) {}
