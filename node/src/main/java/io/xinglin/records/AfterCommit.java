package io.xinglin.records;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// What memory forgets or learns once the database has.
final class AfterCommit {
    private AfterCommit() {}

    /// Runs it when the transaction at hand has committed.
    static void run(Runnable task) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        task.run();
                    }
                });
    }
}
