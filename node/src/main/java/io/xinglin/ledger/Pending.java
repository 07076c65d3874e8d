package io.xinglin.ledger;

import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// A simulated transaction that waits to be ordered.
///
/// @param transaction the transaction
/// @param timeMillis the time it was simulated at
/// @param height how many blocks the state had at least when it was simulated
/// @param trusting whether keys were taken for new without looking
/// @param effects what it read and would write
/// @param verdict completed by the writer
record Pending(
        SignedTransaction transaction,
        long timeMillis,
        long height,
        boolean trusting,
        ReadWriteSet effects,
        CompletableFuture<Verdict> verdict) {
    Pending(
            SignedTransaction transaction,
            long timeMillis,
            long height,
            boolean trusting,
            ReadWriteSet effects) {
        this(transaction, timeMillis, height, trusting, effects, new CompletableFuture<>());
    }

    /// How many characters it has.
    int length() {
        return transaction.jws().length();
    }

    /// The state keys that were taken for new, or seen to be.
    Set<String> keysTakenForNew() {
        return effects.reads().entrySet().stream()
                .filter(read -> read.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .filter(key -> !key.startsWith(StateKeys.TRANSACTIONS))
                .collect(Collectors.toUnmodifiableSet());
    }
}
