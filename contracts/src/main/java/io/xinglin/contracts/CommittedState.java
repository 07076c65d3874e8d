package io.xinglin.contracts;

import java.util.Optional;
import java.util.SortedMap;

/// The committed state of a ledger, as a [Simulation] reads it.
public interface CommittedState {
    /// The value under a key.
    Optional<Versioned> get(String key);

    /// Whether nothing is under a key; see [ContractContext#isNew].
    default boolean isNew(String key) {
        return get(key).isEmpty();
    }

    /// Every key that begins with `prefix`.
    SortedMap<String, Versioned> range(String prefix);
}
