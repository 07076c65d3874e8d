package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Versioned;

/// When a block is cut, as the members agreed before it.
///
/// @param transactionsMax how many transactions it may hold
/// @param waitMillis how long it waits for more after its first
record BlockLimits(int transactionsMax, long waitMillis) {
    /// About how large a block gets; this is the node's own affair.
    static final int CHARACTERS_MAX = 8 * 1024 * 1024;

    /// What holds for the block after this state.
    static BlockLimits after(CommittedState state) {
        return new BlockLimits(
                Math.toIntExact(value(Parameter.BLOCK_TRANSACTIONS, state)),
                value(Parameter.BLOCK_WAIT_MILLIS, state));
    }

    static long value(Parameter parameter, CommittedState state) {
        return parameter.value(state.get(StateKeys.parameter(parameter)).map(Versioned::value));
    }
}
