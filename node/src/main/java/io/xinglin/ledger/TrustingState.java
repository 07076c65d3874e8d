package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.util.Optional;
import java.util.SortedMap;

/// The state for a first attempt: what a contract expects to be new is taken to be so, since the database will object if not.
///
/// That spares a round trip for every id that is burned and every fact that is added.
record TrustingState(CommittedState state) implements CommittedState {
    @Override
    public Optional<Versioned> get(String key) {
        return state.get(key);
    }

    @Override
    public Optional<Version> versionOfNew(String key) {
        return Optional.empty();
    }

    @Override
    public SortedMap<String, Versioned> range(String prefix) {
        return state.range(prefix);
    }
}
