package io.xinglin.fabric;

/// The rules of the ledger forbid a transaction; none of those it came with was endorsed.
public final class EndorsementRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int index;
    private final String code;
    private final String why;

    /// @param index which of the transactions
    /// @param code why, in a stable word
    /// @param message one sentence for people
    public EndorsementRefused(int index, String code, String message) {
        super(message);
        this.index = index;
        this.code = code;
        this.why = message;
    }

    /// Which of the transactions, from 0.
    public int index() {
        return index;
    }

    /// Why, in a stable word.
    public String code() {
        return code;
    }

    /// Why, in one sentence for people.
    public String why() {
        return why;
    }
}
