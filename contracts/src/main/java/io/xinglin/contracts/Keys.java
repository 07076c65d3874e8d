package io.xinglin.contracts;

import java.util.function.Function;

/// Keys in the state.
final class Keys {
    private Keys() {}

    static RegisteredKey require(KeyId kid, ContractContext context) {
        return require(kid, context, RegisteredKey::parse);
    }

    private static RegisteredKey require(
            KeyId kid, ContractContext context, Function<String, RegisteredKey> reader) {
        return context.get(StateKeys.key(kid))
                .map(reader)
                .orElseThrow(
                        () ->
                                new ContractViolation(
                                        ViolationCode.UNKNOWN_KEY,
                                        "No key " + kid + " is on the ledger."));
    }

    static RegisteredKey requireActive(KeyId kid, ContractContext context) {
        return requireActive(kid, context, RegisteredKey::parse);
    }

    static RegisteredKey requireActive(
            KeyId kid, ContractContext context, Function<String, RegisteredKey> reader) {
        var key = require(kid, context, reader);
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
