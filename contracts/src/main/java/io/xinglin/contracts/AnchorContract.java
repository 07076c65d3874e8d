package io.xinglin.contracts;

/// Checkpoint. From version 2 on, the note must be signed with the key of the member's log.
final class AnchorContract {
    private final SignatureVerifier signatures;

    AnchorContract(SignatureVerifier signatures) {
        this.signatures = signatures;
    }

    void checkpoint(
            AnchorCommand.Checkpoint command,
            long version,
            RegisteredKey signer,
            ContractContext context) {
        var member = MembershipContract.memberOf(signer, context);
        requireConsistent(command, member);
        if (version >= 2
                && !LogNote.isSignedBy(member.log().vkey(), command.checkpoint(), signatures)) {
            throw new ContractViolation(
                    ViolationCode.BAD_SIGNATURE,
                    "The checkpoint is not signed with the key of the member's log.");
        }
        var key = StateKeys.anchor(member.id(), command.size());
        var anchor =
                new Anchor(
                        member.id(),
                        command.origin(),
                        command.size(),
                        command.root(),
                        command.checkpoint());
        if (context.isNew(key)) {
            context.put(key, anchor.toJson());
            return;
        }
        var earlier = context.get(key).map(Anchor::parse).map(Anchor::root);
        if (earlier.filter(command.root()::equals).isEmpty()) {
            throw new ContractViolation(
                    ViolationCode.CONFLICTING_ROOT,
                    "Another root is anchored for size " + command.size() + " of this log.");
        }
    }

    /// The note's own text must say what the arguments say.
    ///
    /// @spec https://c2sp.org/tlog-checkpoint tlog-checkpoint
    private static void requireConsistent(AnchorCommand.Checkpoint command, Member member) {
        if (!command.origin().equals(member.log().origin())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "It is not the log of this member.");
        }
        var body = command.origin() + "\n" + command.size() + "\n" + command.root() + "\n";
        if (!command.checkpoint().startsWith(body)
                || !command.checkpoint().contains("\n\n\u2014 ")) {
            throw new ContractViolation(
                    ViolationCode.BAD_ARGUMENTS, "The checkpoint says something else.");
        }
    }
}
