package io.xinglin.identity;

import io.xinglin.ledger.TransactionOutcome;

/// The ledger refused what an organisation or a person of this node must be able to do.
public final class LedgerRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    LedgerRefusal(TransactionOutcome.Refused refused) {
        super("the ledger refused (" + refused.code() + "): " + refused.message());
        this.code = refused.code();
    }

    /// Why, in a stable word: see [TransactionOutcome.Refused#code].
    String code() {
        return code;
    }
}
