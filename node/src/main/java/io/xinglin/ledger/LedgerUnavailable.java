package io.xinglin.ledger;

/// It is not known whether the transaction was committed. Submit the very same one again: the answer will be the first one.
public final class LedgerUnavailable extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /// @param message what is not known, and of what
    public LedgerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
