package io.xinglin.contracts;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Runs a transaction against committed state and records what it read and would write.
public final class Simulation implements ContractContext {
    private final String ledger;
    private final TransactionId txId;
    private final Instant txTime;
    private final CommittedState state;
    private final SortedMap<String, Optional<Version>> reads = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Version>> ranges = new TreeMap<>();
    private final SortedMap<String, Optional<String>> writes = new TreeMap<>();

    /// A simulation that has not read or written yet.
    public Simulation(String ledger, TransactionId txId, Instant txTime, CommittedState state) {
        this.ledger = ledger;
        this.txId = txId;
        this.txTime = txTime;
        this.state = state;
    }

    /// What was read and written so far.
    public ReadWriteSet readWriteSet() {
        return new ReadWriteSet(reads, ranges, writes);
    }

    @Override
    public String ledger() {
        return ledger;
    }

    @Override
    public TransactionId txId() {
        return txId;
    }

    @Override
    public Instant txTime() {
        return txTime;
    }

    @Override
    public Optional<String> get(String key) {
        var found = state.get(key);
        reads.putIfAbsent(key, found.map(Versioned::version));
        return found.map(Versioned::value);
    }

    @Override
    public boolean isNew(String key) {
        var version = state.versionOfNew(key);
        reads.putIfAbsent(key, version);
        return version.isEmpty();
    }

    @Override
    public SortedMap<String, String> range(String prefix) {
        var values = new TreeMap<String, String>();
        var versions = new TreeMap<String, Version>();
        state.range(prefix)
                .forEach(
                        (key, found) -> {
                            values.put(key, found.value());
                            versions.put(key, found.version());
                        });
        ranges.putIfAbsent(prefix, versions);
        return values;
    }

    @Override
    public void put(String key, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a value must not be empty");
        }
        writes.put(key, Optional.of(value));
    }

    @Override
    public void delete(String key) {
        writes.put(key, Optional.empty());
    }
}
