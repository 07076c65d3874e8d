package io.xinglin.contracts;

/// What a proposal would change.
public sealed interface Change {
    /// An organisation may join, with this key.
    ///
    /// @param member its id
    /// @param kid the key it will join with
    record Admission(MemberId member, KeyId kid) implements Change {
        @Override
        public String kind() {
            return "admission";
        }

        @Override
        public Json json() {
            return begin(this).with("member", member.value()).with("kid", kid.value()).build();
        }
    }

    /// A member may do nothing more, until it is readmitted.
    ///
    /// @param member the member
    record Suspension(MemberId member) implements Change {
        @Override
        public String kind() {
            return "suspension";
        }

        @Override
        public Json json() {
            return begin(this).with("member", member.value()).build();
        }
    }

    /// A suspended member may act again.
    ///
    /// @param member the member
    record Readmission(MemberId member) implements Change {
        @Override
        public String kind() {
            return "readmission";
        }

        @Override
        public Json json() {
            return begin(this).with("member", member.value()).build();
        }
    }

    /// A contract is run in another version.
    ///
    /// @param contract the contract
    /// @param version one that the program knows
    record Upgrade(String contract, long version) implements Change {
        @Override
        public String kind() {
            return "upgrade";
        }

        @Override
        public Json json() {
            return begin(this).with("contract", contract).with("version", version).build();
        }
    }

    /// A rule of the consortium gets another number.
    ///
    /// @param parameter which
    /// @param value its new value
    record Setting(Parameter parameter, long value) implements Change {
        @Override
        public String kind() {
            return "setting";
        }

        @Override
        public Json json() {
            return begin(this).with("parameter", parameter.word()).with("value", value).build();
        }
    }

    /// The word on the ledger.
    String kind();

    /// The canonical JSON.
    default String toJson() {
        return json().text();
    }

    /// The same, inside a proposal.
    Json json();

    private static JsonObject.Builder begin(Change change) {
        return JsonObject.with("kind", change.kind());
    }

    /// Reads the JSON of a change.
    ///
    /// @throws ContractViolation if it is none, or one that could never be made
    static Change parse(String json) {
        return read(JsonReader.object(json));
    }

    /// Reads a change and refuses one that could never be made.
    static Change read(JsonObject change) {
        return switch (change.string("kind")) {
            case "admission" -> {
                change.only("kind", "member", "kid");
                yield new Admission(Forms.member(change, "member"), Forms.key(change, "kid"));
            }
            case "suspension" -> {
                change.only("kind", "member");
                yield new Suspension(Forms.member(change, "member"));
            }
            case "readmission" -> {
                change.only("kind", "member");
                yield new Readmission(Forms.member(change, "member"));
            }
            case "upgrade" -> {
                change.only("kind", "contract", "version");
                var contract = change.string("contract", Patterns.NAME);
                var version = change.whole("version");
                ContractVersions.requireKnown(contract, version);
                yield new Upgrade(contract, version);
            }
            case "setting" -> {
                change.only("kind", "parameter", "value");
                var parameter = Parameter.read(change, "parameter");
                yield new Setting(parameter, parameter.requireInRange(change.whole("value")));
            }
            default -> throw JsonObject.bad("kind", "is not a kind of change");
        };
    }
}
