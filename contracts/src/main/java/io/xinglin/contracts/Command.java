package io.xinglin.contracts;

/// What a transaction asks a contract to do. Each record is one function of one contract.
public sealed interface Command
        permits MembershipCommand, KeysCommand, ConsentCommand, AnchorCommand, GovernanceCommand {
    /// The contract.
    String contract();

    /// The function of the contract.
    String function();

    /// The arguments as canonical JSON.
    String argumentsJson();
}
