package io.xinglin.contracts;

import java.util.Optional;
import java.util.SortedMap;

/// The committed state of a ledger, as a [Simulation] reads it.
public interface CommittedState {
    /// The value under a key.
    Optional<Versioned> get(String key);

    /// The version of a key that a contract expects to be new: normally none; see [ContractContext#isNew].
    default Optional<Version> versionOfNew(String key) {
        return get(key).map(Versioned::version);
    }

    /// Every key that begins with `prefix`.
    SortedMap<String, Versioned> range(String prefix);
}
