package io.xinglin.contracts;

/// A transaction breaks a rule; every member that runs it sees the same code.
///
/// The message names what is wrong and holds nothing that is not in the transaction itself.
public final class ContractViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Why, in a stable word.
    private final ViolationCode code;

    /// The message.
    private final String sentence;

    /// A violation with its code and one sentence for people.
    public ContractViolation(ViolationCode code, String message) {
        // Refusals are ordinary outcomes: no stack trace, so that bad input stays cheap.
        super(message, null, false, false);
        this.code = code;
        this.sentence = message;
    }

    /// What is wrong, in one sentence for people.
    @Override
    public String getMessage() {
        return sentence;
    }

    /// Why, in a stable word.
    public ViolationCode code() {
        return code;
    }
}
