package io.xinglin.fabric.chaincode;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Simulation;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Transactions that become one transaction of Fabric's: all of them, or none.
///
/// Each is judged against the committed state. That says the same as judging them one after the other only if none reads, or
/// writes again, what an earlier one writes; so that is refused.
final class Batch {
    static final int SIZE_MAX = 100;

    private final Contracts contracts;
    private final String ledger;
    private final Instant time;
    private final CommittedState state;
    private final NavigableMap<String, Optional<String>> writes = new TreeMap<>();

    Batch(Contracts contracts, String ledger, Instant time, CommittedState state) {
        this.contracts = contracts;
        this.ledger = ledger;
        this.time = time;
        this.state = state;
    }

    /// Runs transactions in their order up to the first that must be refused.
    Optional<Refusal> run(List<String> transactions) {
        if (transactions.isEmpty() || transactions.size() > SIZE_MAX) {
            return Optional.of(
                    Refusal.of("bad-batch", "A call has 1 to " + SIZE_MAX + " transactions."));
        }
        for (var index = 0; index < transactions.size(); index++) {
            var refusal = run(index, transactions.get(index));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /// What all of them write, a removal being empty.
    SortedMap<String, Optional<String>> writes() {
        return writes;
    }

    private Optional<Refusal> run(int index, String jws) {
        try {
            return run(index, SignedTransaction.parse(jws));
        } catch (ContractViolation malformed) {
            return Optional.of(Refusal.of(index, malformed));
        }
    }

    private Optional<Refusal> run(int index, SignedTransaction transaction) {
        var simulation = new Simulation(ledger, transaction.id(), time, state);
        var violation = violation(transaction, simulation);
        var effects = simulation.readWriteSet();
        // First, since a rule that is broken now may be obeyed once the earlier one has been
        // committed.
        if (dependsOnEarlier(effects)) {
            return Optional.of(
                    Refusal.of(
                            index,
                            "conflict",
                            "It depends on an earlier transaction of the same call."));
        }
        writes.putAll(effects.writes());
        return violation.map(broken -> Refusal.of(index, broken));
    }

    private Optional<ContractViolation> violation(
            SignedTransaction transaction, Simulation simulation) {
        try {
            contracts.apply(transaction, simulation);
            return Optional.empty();
        } catch (ContractViolation violation) {
            return Optional.of(violation);
        }
    }

    private boolean dependsOnEarlier(ReadWriteSet effects) {
        return effects.reads().keySet().stream().anyMatch(writes::containsKey)
                || effects.writes().keySet().stream().anyMatch(writes::containsKey)
                || effects.ranges().keySet().stream().anyMatch(this::writesIn);
    }

    private boolean writesIn(String prefix) {
        @Nullable String first = writes.ceilingKey(prefix);
        return first != null && first.startsWith(prefix);
    }
}
