package io.xinglin.ledger;

/// What is stored contradicts itself: a defect or tampering. The ledger does not go on.
public final class LedgerCorrupted extends IllegalStateException {
    private static final long serialVersionUID = 1;

    LedgerCorrupted(String message) {
        super(message);
    }

    LedgerCorrupted(String message, Throwable cause) {
        super(message, cause);
    }
}
