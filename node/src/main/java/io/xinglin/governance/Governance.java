package io.xinglin.governance;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.ViolationCode;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Proposes, votes and has votes counted in the name of an organisation of this node. What the rules do not allow, the ledger refuses.
@Component
public class Governance {
    private final Identities identities;
    private final Ledger ledger;
    private final InstantSource clock;

    Governance(Identities identities, Ledger ledger, InstantSource clock) {
        this.identities = identities;
        this.ledger = ledger;
        this.clock = clock;
    }

    /// Proposes a change to all members.
    ///
    /// @param open how long it may be voted on
    /// @return the id of the proposal
    /// @throws GovernanceProblem if the ledger refuses it
    public UUID propose(MemberId organisation, Change change, Duration open) {
        var id = UUID.randomUUID();
        var expires = clock.instant().plus(open).truncatedTo(ChronoUnit.SECONDS);
        submit(organisation, new GovernanceCommand.Propose(id, change, expires));
        return id;
    }

    /// Votes, once and for good.
    ///
    /// @throws GovernanceProblem if the ledger refuses it
    public void vote(MemberId organisation, UUID proposal, boolean agreed) {
        submit(organisation, new GovernanceCommand.Vote(proposal, agreed));
    }

    /// Has the votes counted, and the change made if enough agree.
    ///
    /// @return whether it was made
    /// @throws GovernanceProblem if the ledger refuses it: too few have voted yet, or it is decided
    public boolean decide(MemberId organisation, UUID proposal) {
        submit(organisation, new GovernanceCommand.Decide(proposal));
        return ledger.decision(proposal).orElseThrow().accepted();
    }

    private void submit(MemberId organisation, GovernanceCommand command) {
        if (identities.submit(organisation, command) instanceof Refused refused) {
            throw refused.code().equals(ViolationCode.UNKNOWN_PROPOSAL.word())
                    ? GovernanceProblem.unknownProposal()
                    : GovernanceProblem.refusedByLedger(refused);
        }
    }
}
