package io.xinglin.consent;

import io.xinglin.identity.PatientId;

/// A consent was withdrawn, or its time is over. Told in the transaction that makes it so.
///
/// @param patient whose
public record ConsentEnded(PatientId patient) {}
