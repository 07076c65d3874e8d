package io.xinglin.contracts;

import java.util.UUID;

/// Found, join, update; and what the members decide about each other. From version 2 on, no log and no key to verify with is two
/// members' own.
final class MembershipContract {
    private MembershipContract() {}

    static void found(MembershipCommand.Found command, ContractContext context) {
        if (context.get(StateKeys.FOUNDING).isPresent()) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_FOUNDED, "This ledger was founded already.");
        }
        context.put(
                StateKeys.FOUNDING,
                JsonObject.with("operator", command.key().keyId().value()).text());
        command.admitted().forEach((id, kid) -> putAdmission(id, kid, context));
        command.versions()
                .forEach((contract, version) -> ContractVersions.put(contract, version, context));
    }

    static void join(MembershipCommand.Join command, long version, ContractContext context) {
        var member = command.member();
        var kid = command.key().keyId();
        requireNotSuspended(member.id(), context);
        if (context.get(StateKeys.admitted(member.id())).filter(admission(kid)::equals).isEmpty()) {
            throw new ContractViolation(
                    ViolationCode.NOT_ADMITTED,
                    "The organisation is not admitted, or with another key.");
        }
        Keys.requireNew(kid, context);
        if (!context.isNew(StateKeys.member(member.id()))) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "The organisation joined already.");
        }
        if (version >= 2) {
            VerifierKeys.claim(member, context);
        }
        context.put(StateKeys.member(member.id()), member.toJson());
        Keys.put(RegisteredKey.first(command.key(), member.id(), KeyKind.ORGANISATION), context);
    }

    static void update(
            MembershipCommand.Update command,
            long version,
            RegisteredKey signer,
            ContractContext context) {
        var member = memberOf(signer, context);
        var log = command.log().orElse(member.log());
        if (!log.origin().equals(member.log().origin())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "A log keeps its origin for ever.");
        }
        var updated =
                new Member(
                        member.id(),
                        command.name().orElse(member.name()),
                        member.roles(),
                        command.fhir().orElse(member.fhir()),
                        log,
                        command.witness().or(member::witness));
        if (version >= 2 && (command.log().isPresent() || command.witness().isPresent())) {
            VerifierKeys.claim(updated, context);
        }
        context.put(StateKeys.member(member.id()), updated.toJson());
    }

    /// Lets an organisation join; one that has not joined yet gets another key.
    static void admit(MemberId id, KeyId kid, ContractContext context) {
        requireNotJoined(id, context);
        putAdmission(id, kid, context);
    }

    /// An organisation that has not joined, with a key that is new to the ledger and to its admission.
    static void requireAdmissible(MemberId id, KeyId kid, ContractContext context) {
        requireNotJoined(id, context);
        if (context.get(StateKeys.admitted(id)).filter(admission(kid)::equals).isPresent()) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS,
                    "The organisation is admitted with this key already.");
        }
        // Not asked as new: what is not written may not be taken on trust.
        if (context.get(StateKeys.key(kid)).isPresent()) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "The key " + kid + " is on the ledger already.");
        }
    }

    private static void requireNotJoined(MemberId id, ContractContext context) {
        if (context.get(StateKeys.member(id)).isPresent()) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "The organisation joined already.");
        }
    }

    /// A member, joined or not, that is not suspended.
    static void requireActive(MemberId id, ContractContext context) {
        requireAdmitted(id, context);
        if (context.get(StateKeys.suspension(id)).isPresent()) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "The organisation is suspended already.");
        }
    }

    /// A member that is suspended.
    static void requireSuspended(MemberId id, ContractContext context) {
        requireAdmitted(id, context);
        if (context.get(StateKeys.suspension(id)).isEmpty()) {
            throw new ContractViolation(
                    ViolationCode.NOT_SUSPENDED, "The organisation is not suspended.");
        }
    }

    private static void requireAdmitted(MemberId id, ContractContext context) {
        if (context.get(StateKeys.admitted(id)).isEmpty()) {
            throw new ContractViolation(
                    ViolationCode.UNKNOWN_MEMBER, "The organisation is not a member.");
        }
    }

    static void suspend(MemberId id, UUID proposal, ContractContext context) {
        requireAdmitted(id, context);
        requireNotSuspended(id, context);
        context.put(
                StateKeys.suspension(id), JsonObject.with("proposal", proposal.toString()).text());
    }

    static void readmit(MemberId id, ContractContext context) {
        if (context.get(StateKeys.suspension(id)).isEmpty()) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "The organisation is not suspended.");
        }
        context.delete(StateKeys.suspension(id));
    }

    /// What an organisation and its staff sign counts for nothing while it is suspended. Its patients' keys are their own.
    static void requireNotSuspended(MemberId id, ContractContext context) {
        if (context.get(StateKeys.suspension(id)).isPresent()) {
            throw new ContractViolation(
                    ViolationCode.SUSPENDED_MEMBER, "The members have suspended " + id + ".");
        }
    }

    private static void putAdmission(MemberId id, KeyId kid, ContractContext context) {
        context.put(StateKeys.admitted(id), admission(kid));
    }

    private static String admission(KeyId kid) {
        return JsonObject.with("kid", kid.value()).text();
    }

    /// The member in whose own name a key signs.
    static Member memberOf(RegisteredKey signer, ContractContext context) {
        if (!signer.isOf(signer.member())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "Only an organisation's own key may do this.");
        }
        return context.get(StateKeys.member(signer.member()))
                .map(Member::parse)
                .orElseThrow(
                        () ->
                                new ContractViolation(
                                        ViolationCode.UNKNOWN_MEMBER,
                                        "The organisation is not a member."));
    }
}
