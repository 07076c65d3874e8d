package io.xinglin.tlog;

/// The answer to: does this prove what it says?
public sealed interface Verification {
    /// It does.
    record Valid() implements Verification {}

    /// It does not.
    ///
    /// @param where which part fails, in a few words
    record Invalid(String where) implements Verification {}

    /// It does.
    static Verification valid() {
        return new Valid();
    }

    /// It does not, and this part says why.
    static Verification invalid(String where) {
        return new Invalid(where);
    }
}
