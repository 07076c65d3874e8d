package io.xinglin.contracts;

import java.util.Base64;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads a [Command] from its JSON and refuses whatever is not in its form.
final class Commands {
    private static final int ADMITTED_MAX = 1000;
    private static final int CHECKPOINT_LENGTH_MAX = 16 * 1024;

    private Commands() {}

    static Command read(String contract, String function, JsonObject arguments) {
        return switch (contract + "." + function) {
            case "membership.found" -> found(arguments);
            case "membership.join" -> join(arguments);
            case "membership.update" -> update(arguments);
            case "keys.register" -> register(arguments);
            case "keys.rotate" -> rotate(arguments);
            case "keys.revoke" -> revoke(arguments);
            case "consent.grant" -> grant(arguments);
            case "consent.withdraw" -> withdraw(arguments);
            case "anchor.checkpoint" -> checkpoint(arguments);
            case "governance.propose" -> propose(arguments);
            case "governance.vote" -> vote(arguments);
            case "governance.decide" -> decide(arguments);
            default ->
                    throw new ContractViolation(
                            ViolationCode.UNKNOWN_FUNCTION, "There is no such contract function.");
        };
    }

    private static Command found(JsonObject arguments) {
        arguments.only("key", "admitted", "versions");
        var admitted = new TreeMap<MemberId, KeyId>();
        for (var item : arguments.items("admitted")) {
            if (!(item instanceof JsonObject organisation)) {
                throw JsonObject.bad("admitted", "must hold objects");
            }
            organisation.only("id", "kid");
            var id = Forms.member(organisation, "id");
            if (admitted.put(id, Forms.key(organisation, "kid")) != null) {
                throw JsonObject.bad("admitted", "names an organisation twice");
            }
        }
        if (admitted.isEmpty() || admitted.size() > ADMITTED_MAX) {
            throw JsonObject.bad("admitted", "must name 1 to " + ADMITTED_MAX + " organisations");
        }
        return new MembershipCommand.Found(
                PublicJwks.read(arguments.object("key")), admitted, versions(arguments));
    }

    private static SortedMap<String, Long> versions(JsonObject arguments) {
        var versions = new TreeMap<String, Long>();
        if (arguments.has("versions")) {
            var later = arguments.object("versions");
            for (var contract : later.members().keySet()) {
                ContractVersions.requireKnown(contract, later.whole(contract));
                versions.put(contract, later.whole(contract));
            }
        }
        return versions;
    }

    private static Command join(JsonObject arguments) {
        arguments.only("id", "key", "name", "roles", "fhir", "log", "witness");
        return new MembershipCommand.Join(
                PublicJwks.read(arguments.object("key")), Member.read(arguments.without("key")));
    }

    private static Command update(JsonObject arguments) {
        arguments.only("name", "fhir", "log", "witness");
        if (arguments.members().isEmpty()) {
            throw new ContractViolation(ViolationCode.BAD_ARGUMENTS, "Nothing to change.");
        }
        return new MembershipCommand.Update(
                arguments.has("name")
                        ? Optional.of(MemberName.read(arguments.object("name")))
                        : Optional.empty(),
                arguments.has("fhir")
                        ? Optional.of(arguments.string("fhir", Patterns.URL))
                        : Optional.empty(),
                arguments.has("log")
                        ? Optional.of(MemberLog.read(arguments.object("log")))
                        : Optional.empty(),
                Member.readWitness(arguments));
    }

    private static Command register(JsonObject arguments) {
        arguments.only("key", "voucher");
        return new KeysCommand.Register(
                PublicJwks.read(arguments.object("key")), arguments.string("voucher"));
    }

    private static Command rotate(JsonObject arguments) {
        arguments.only("key", "proof");
        return new KeysCommand.Rotate(
                PublicJwks.read(arguments.object("key")), arguments.string("proof"));
    }

    private static Command revoke(JsonObject arguments) {
        arguments.only("kid");
        return new KeysCommand.Revoke(Forms.key(arguments, "kid"));
    }

    private static Command grant(JsonObject arguments) {
        arguments.only("consent", "custodian", "commitment", "notAfter");
        return new ConsentCommand.Grant(
                Forms.uuid(arguments, "consent"),
                Forms.member(arguments, "custodian"),
                Forms.bytes(arguments, "commitment", 32),
                Forms.time(arguments, "notAfter"));
    }

    private static Command withdraw(JsonObject arguments) {
        arguments.only("consent");
        return new ConsentCommand.Withdraw(Forms.uuid(arguments, "consent"));
    }

    private static Command checkpoint(JsonObject arguments) {
        arguments.only("origin", "size", "root", "checkpoint");
        var size = arguments.whole("size");
        var checkpoint = arguments.string("checkpoint");
        if (size < 0) {
            throw JsonObject.bad("size", "must not be negative");
        }
        if (checkpoint.length() > CHECKPOINT_LENGTH_MAX) {
            throw JsonObject.bad("checkpoint", "is too long");
        }
        return new AnchorCommand.Checkpoint(
                arguments.string("origin", Patterns.ORIGIN), size, root(arguments), checkpoint);
    }

    private static Command propose(JsonObject arguments) {
        arguments.only("proposal", "change", "expires");
        return new GovernanceCommand.Propose(
                Forms.uuid(arguments, "proposal"),
                Change.read(arguments.object("change")),
                Forms.time(arguments, "expires"));
    }

    private static Command vote(JsonObject arguments) {
        arguments.only("proposal", "vote");
        return new GovernanceCommand.Vote(
                Forms.uuid(arguments, "proposal"), Ballot.agreed(arguments));
    }

    private static Command decide(JsonObject arguments) {
        arguments.only("proposal");
        return new GovernanceCommand.Decide(Forms.uuid(arguments, "proposal"));
    }

    private static String root(JsonObject arguments) {
        var text = arguments.string("root");
        try {
            var bytes = Base64.getDecoder().decode(text);
            if (bytes.length == 32 && Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            throw JsonObject.bad("root", "is not base64");
        }
        throw JsonObject.bad("root", "is not 32 bytes in base64");
    }
}
