package io.xinglin.contracts;

/// Keys in the state.
final class Keys {
    private Keys() {}

    static RegisteredKey require(KeyId kid, ContractContext context) {
        return context.get(StateKeys.key(kid))
                .map(RegisteredKey::parse)
                .orElseThrow(
                        () ->
                                new ContractViolation(
                                        ViolationCode.UNKNOWN_KEY,
                                        "No key " + kid + " is on the ledger."));
    }

    static RegisteredKey requireActive(KeyId kid, ContractContext context) {
        var key = require(kid, context);
        if (!key.isActive()) {
            throw new ContractViolation(
                    ViolationCode.INACTIVE_KEY,
                    "The key " + kid + " is " + key.status().word() + ".");
        }
        return key;
    }

    static void requireNew(KeyId kid, ContractContext context) {
        if (!context.isNew(StateKeys.key(kid))) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "The key " + kid + " is on the ledger already.");
        }
    }

    static void put(RegisteredKey key, ContractContext context) {
        context.put(StateKeys.key(key.id()), key.toJson());
    }
}
