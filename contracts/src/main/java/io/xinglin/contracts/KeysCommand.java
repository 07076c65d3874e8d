package io.xinglin.contracts;

/// Which keys people and organisations sign with.
public sealed interface KeysCommand extends Command {
    @Override
    default String contract() {
        return "keys";
    }

    /// Registers a key: signed by it, vouched for by a member.
    ///
    /// @param key the new key
    /// @param voucher a [Voucher], signed by the member
    record Register(PublicJwk key, String voucher) implements KeysCommand {
        @Override
        public String function() {
            return "register";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("key", PublicJwks.write(key)).with("voucher", voucher).text();
        }
    }

    /// Puts a new key in the place of the one that signs.
    ///
    /// @param key the new key
    /// @param proof a [RotationProof], signed by the new key
    record Rotate(PublicJwk key, String proof) implements KeysCommand {
        @Override
        public String function() {
            return "rotate";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("key", PublicJwks.write(key)).with("proof", proof).text();
        }
    }

    /// Ends a key at once: signed by its owner or by the member that vouched for it.
    ///
    /// @param kid the key
    record Revoke(KeyId kid) implements KeysCommand {
        @Override
        public String function() {
            return "revoke";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("kid", kid.value()).text();
        }
    }
}
