package io.xinglin.erasure;

import java.util.Arrays;
import java.util.Optional;

/// Why an officer may refuse to erase a record that no retention rule protects.
enum Refusal {
    /// It is needed for legal claims, or sealed because of a dispute.
    LEGAL_CLAIMS,
    /// It is needed for public health.
    PUBLIC_HEALTH,
    /// Whoever asked did not prove to be the patient.
    IDENTITY_NOT_PROVED;

    static Optional<Refusal> of(String name) {
        return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
    }
}
