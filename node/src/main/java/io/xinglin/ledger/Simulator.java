package io.xinglin.ledger;

import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Simulation;
import java.time.Instant;

/// Runs the rules on the state of now and keeps what they read and would write.
final class Simulator {
    private final String ledger;
    private final WorldState state;
    private final Contracts contracts;

    Simulator(String ledger, WorldState state, Contracts contracts) {
        this.ledger = ledger;
        this.state = state;
        this.contracts = contracts;
    }

    /// Runs one transaction.
    ///
    /// @param timeMillis the transaction's time
    /// @param trusting whether what is expected to be new is taken for new without looking
    /// @throws ContractViolation if it breaks a rule
    Pending simulate(SignedTransaction transaction, long timeMillis, boolean trusting) {
        var height = state.height();
        var simulation =
                new Simulation(
                        ledger,
                        transaction.id(),
                        Instant.ofEpochMilli(timeMillis),
                        trusting ? new TrustingState(state) : state);
        contracts.apply(transaction, simulation);
        return new Pending(transaction, timeMillis, height, trusting, simulation.readWriteSet());
    }
}
