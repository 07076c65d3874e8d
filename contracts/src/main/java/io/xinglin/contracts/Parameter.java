package io.xinglin.contracts;

import java.util.Optional;

/// A number that the members agree on, and may change by vote. It counts from the block after the one that changed it.
public enum Parameter {
    /// How many transactions a block may hold.
    BLOCK_TRANSACTIONS("block-transactions", 2_000, 1, 10_000),
    /// How long a block waits for more transactions after its first, in milliseconds.
    BLOCK_WAIT_MILLIS("block-wait-millis", 0, 0, 1_000),
    /// What share of those entitled to vote must be exceeded, in percent.
    MAJORITY_PERCENT("majority-percent", 50, 50, 90);

    private final String word;
    private final long initial;
    private final long min;
    private final long max;

    Parameter(String word, long initial, long min, long max) {
        this.word = word;
        this.initial = initial;
        this.min = min;
        this.max = max;
    }

    /// The word on the ledger.
    public String word() {
        return word;
    }

    /// Its number, given the value stored on the ledger, if any.
    public long value(Optional<String> stored) {
        return stored.map(JsonReader::object).map(json -> json.whole("value")).orElse(initial);
    }

    long value(ContractContext context) {
        return value(context.get(StateKeys.parameter(this)));
    }

    long requireInRange(long value) {
        if (value < min || value > max) {
            throw new ContractViolation(
                    ViolationCode.BAD_ARGUMENTS, word + " must be " + min + " to " + max + ".");
        }
        return value;
    }

    static Parameter read(JsonObject object, String name) {
        for (var parameter : values()) {
            if (parameter.word.equals(object.string(name))) {
                return parameter;
            }
        }
        throw JsonObject.bad(name, "is not a parameter of the ledger");
    }
}
