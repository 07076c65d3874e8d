package io.xinglin.ledger;

import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Version;

/// What the writer says about one simulated transaction.
sealed interface Verdict {
    /// It is in a block.
    ///
    /// @param place where
    /// @param validity what ordering made of it
    /// @param cause the key or range that others changed, empty when valid
    record Ordered(Version place, Validity validity, String cause) implements Verdict {}

    /// It was not ordered, since something it took on trust does not hold; simulate it again without trust.
    record RunAgain() implements Verdict {}

    /// It lost against another; simulate it again after a while.
    record Lost() implements Verdict {}

    /// The members refuse it: it breaks a rule on the state that they have.
    record Broken(ContractViolation violation) implements Verdict {}

    /// It is kept, and goes on waiting, but nobody here waits for it any longer.
    record Waiting(Exception why) implements Verdict {}

    /// The database failed in between: it may be in a block or not.
    record Unclear(Exception cause) implements Verdict {}
}
