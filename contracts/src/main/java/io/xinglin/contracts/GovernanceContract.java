package io.xinglin.contracts;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/// Propose, vote, decide. From version 2 on, nothing is proposed about an organisation that could not be done to it now.
///
/// A vote is a fact of its own, so that voters never get in each other's way. Deciding reads the range of the votes and the
/// ranges of those admitted and suspended: whatever of it changes meanwhile makes the decision lose and count again.
final class GovernanceContract {
    private static final Duration LIFETIME_MAX = Duration.ofDays(90);

    private GovernanceContract() {}

    static void propose(
            GovernanceCommand.Propose command,
            long version,
            RegisteredKey signer,
            ContractContext context) {
        var proposer = MembershipContract.memberOf(signer, context);
        if (!command.expires().isAfter(context.txTime())
                || command.expires().isAfter(context.txTime().plus(LIFETIME_MAX))) {
            throw new ContractViolation(
                    ViolationCode.BAD_ARGUMENTS, "A proposal expires within 90 days.");
        }
        var key = StateKeys.proposal(command.proposal());
        if (!context.isNew(key)) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS,
                    "A proposal of this id is on the ledger already.");
        }
        if (version >= 2) {
            requirePossible(command.change(), context);
        }
        var proposal =
                new Proposal(
                        command.proposal(), proposer.id(), command.change(), command.expires());
        context.put(key, proposal.toJson());
    }

    /// Whether it still is when it is decided shows then.
    private static void requirePossible(Change change, ContractContext context) {
        switch (change) {
            case Change.Admission(var member, var kid) ->
                    MembershipContract.requireAdmissible(member, kid, context);
            case Change.Suspension(var member) -> MembershipContract.requireActive(member, context);
            case Change.Readmission(var member) ->
                    MembershipContract.requireSuspended(member, context);
            // Read no state: judged where they are parsed.
            case Change.Upgrade _, Change.Setting _ -> {}
        }
    }

    static void vote(
            GovernanceCommand.Vote command, RegisteredKey signer, ContractContext context) {
        var voter = MembershipContract.memberOf(signer, context).id();
        requireOpen(command.proposal(), context);
        var key = StateKeys.vote(command.proposal(), voter);
        if (!context.isNew(key)) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "The member has voted; a vote stands.");
        }
        context.put(key, new Ballot(voter, command.agreed()).toJson());
    }

    static void decide(
            GovernanceCommand.Decide command, RegisteredKey signer, ContractContext context) {
        MembershipContract.memberOf(signer, context);
        var proposal = requireOpen(command.proposal(), context);
        var decision = count(command.proposal(), context);
        if (decision.accepted()) {
            make(proposal, context);
        }
        context.put(StateKeys.decision(proposal.id()), decision.toJson());
    }

    private static Proposal requireOpen(UUID id, ContractContext context) {
        var proposal =
                context.get(StateKeys.proposal(id))
                        .map(Proposal::parse)
                        .orElseThrow(
                                () ->
                                        new ContractViolation(
                                                ViolationCode.UNKNOWN_PROPOSAL,
                                                "No proposal of this id is on the ledger."));
        if (context.txTime().isAfter(proposal.expires())) {
            throw new ContractViolation(ViolationCode.PROPOSAL_CLOSED, "The proposal has expired.");
        }
        if (context.get(StateKeys.decision(id)).isPresent()) {
            throw new ContractViolation(ViolationCode.PROPOSAL_CLOSED, "The proposal is decided.");
        }
        return proposal;
    }

    /// Accepted when more than the majority agree, rejected when that can no longer happen.
    private static Decision count(UUID proposal, ContractContext context) {
        var entitled = entitled(context);
        var yes = 0;
        var no = 0;
        for (var value : context.range(StateKeys.votes(proposal)).values()) {
            var ballot = Ballot.parse(value);
            if (entitled.contains(ballot.member())) {
                yes += ballot.agreed() ? 1 : 0;
                no += ballot.agreed() ? 0 : 1;
            }
        }
        var threshold = Parameter.MAJORITY_PERCENT.value(context) * entitled.size();
        var accepted = 100L * yes > threshold;
        var rejected = 100L * (entitled.size() - no) <= threshold;
        if (!accepted && !rejected) {
            throw new ContractViolation(
                    ViolationCode.UNDECIDED,
                    "Of " + entitled.size() + " members " + yes + " agree and " + no + " do not.");
        }
        return new Decision(accepted, yes, no, entitled.size(), context.txTime());
    }

    /// Whoever is admitted and not suspended now, joined or not: else the first to join could decide for all.
    private static SortedSet<MemberId> entitled(ContractContext context) {
        var entitled = members(StateKeys.ADMISSIONS, context);
        entitled.removeAll(members(StateKeys.SUSPENSIONS, context));
        return entitled;
    }

    private static SortedSet<MemberId> members(String prefix, ContractContext context) {
        var members = new TreeSet<MemberId>();
        for (var key : context.range(prefix).keySet()) {
            members.add(new MemberId(key.substring(prefix.length())));
        }
        return members;
    }

    private static void make(Proposal proposal, ContractContext context) {
        switch (proposal.change()) {
            case Change.Admission(var member, var kid) ->
                    MembershipContract.admit(member, kid, context);
            case Change.Suspension(var member) ->
                    MembershipContract.suspend(member, proposal.id(), context);
            case Change.Readmission(var member) -> MembershipContract.readmit(member, context);
            case Change.Upgrade(var contract, var version) -> {
                if (contract.equals("membership") && version >= 2) {
                    VerifierKeys.claimAll(context);
                }
                ContractVersions.put(contract, version, context);
            }
            case Change.Setting(var parameter, var value) ->
                    context.put(
                            StateKeys.parameter(parameter), JsonObject.with("value", value).text());
        }
    }
}
