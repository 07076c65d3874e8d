package io.xinglin.contracts;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// In which version each contract is run: what the ledger says, and 1 where it says nothing.
///
/// A transaction names the version its signer had in mind; if the ledger runs another, it is refused. Each version this
/// program knows is kept for ever, since old blocks must stay checkable.
public final class ContractVersions {
    private static final List<String> CONTRACTS =
            List.of("membership", "keys", "consent", "anchor", "governance");

    private ContractVersions() {}

    /// The newest version of each contract that this program knows.
    public static SortedMap<String, Long> newest() {
        var newest = new TreeMap<String, Long>();
        CONTRACTS.forEach(contract -> newest.put(contract, newest(contract)));
        return Collections.unmodifiableSortedMap(newest);
    }

    /// Those of [#newest] that are not the first: what a new ledger begins with.
    public static SortedMap<String, Long> later() {
        var later = new TreeMap<>(newest());
        later.values().removeIf(version -> version == 1);
        return Collections.unmodifiableSortedMap(later);
    }

    /// The version to run, given the value stored on the ledger, if any.
    public static long inForce(Optional<String> stored) {
        return stored.map(JsonReader::object).map(json -> json.whole("version")).orElse(1L);
    }

    static void requireKnown(String contract, long version) {
        if (version < 1 || version > newest(contract)) {
            throw new ContractViolation(
                    ViolationCode.UNKNOWN_FUNCTION, "There is no such version of the contract.");
        }
    }

    static void put(String contract, long version, ContractContext context) {
        context.put(
                StateKeys.contractVersion(contract), JsonObject.with("version", version).text());
    }

    static void requireInForce(SignedTransaction transaction, ContractContext context) {
        var contract = transaction.command().contract();
        var inForce = inForce(context.get(StateKeys.contractVersion(contract)));
        if (transaction.version() != inForce) {
            throw new ContractViolation(
                    ViolationCode.WRONG_VERSION,
                    "The ledger runs version " + inForce + " of the contract " + contract + ".");
        }
    }

    private static long newest(String contract) {
        if (!CONTRACTS.contains(contract)) {
            throw new ContractViolation(
                    ViolationCode.UNKNOWN_FUNCTION, "There is no such contract.");
        }
        return switch (contract) {
            case "anchor", "governance", "membership" -> 2;
            default -> 1;
        };
    }
}
