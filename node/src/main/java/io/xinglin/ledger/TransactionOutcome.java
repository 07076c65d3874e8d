package io.xinglin.ledger;

import io.xinglin.contracts.TransactionId;

/// What became of a submitted transaction. Submitting it again gives the same answer once it is committed.
public sealed interface TransactionOutcome {
    /// The transaction it is about.
    TransactionId id();

    /// It is on the ledger, durably, and its writes are visible.
    ///
    /// @param id the transaction
    /// @param block the number of its block
    /// @param index its place in the block
    record Committed(TransactionId id, long block, int index) implements TransactionOutcome {}

    /// It broke a rule or lost against a transaction that came before it; nothing of it counts.
    ///
    /// @param id the transaction
    /// @param code why, in a stable word: those of [io.xinglin.contracts.ViolationCode], or `conflict`
    /// @param message one sentence for people, naming what is wrong
    record Refused(TransactionId id, String code, String message) implements TransactionOutcome {
        /// It lost against others again and again.
        public static final String CONFLICT = "conflict";
    }
}
