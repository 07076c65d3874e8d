package io.xinglin.consent;

/// Where a consent is in its life.
public enum ConsentStatus {
    /// The patient signed it, the ledger has not agreed yet; it permits nothing.
    PROPOSED,
    /// It permits until it ends.
    GRANTED,
    /// The patient took it back; it permits nothing any more.
    WITHDRAWN
}
