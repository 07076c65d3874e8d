package io.xinglin.ledger;

/// The answer to a transaction that was accepted.
record OutcomeView(String id, String outcome, long block, int index) {
    static OutcomeView of(TransactionOutcome.Committed committed) {
        return new OutcomeView(
                committed.id().value(), "committed", committed.block(), committed.index());
    }
}
