package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.xinglin.contracts.Ballot;
import io.xinglin.contracts.Decision;
import io.xinglin.contracts.Proposal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A proposal as `/ledger/proposals` shows it.
///
/// @param change what would change, JSON
/// @param status `open`, `accepted`, `rejected` or `expired`
/// @param votes who voted what
/// @param decision by which votes it was decided
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ProposalView(
        String id,
        String proposer,
        @JsonRawValue String change,
        Instant expires,
        String status,
        List<Vote> votes,
        Optional<Tally> decision) {
    /// A vote.
    record Vote(String member, String vote) {
        static Vote of(Ballot ballot) {
            return new Vote(ballot.member().value(), ballot.agreed() ? "yes" : "no");
        }
    }

    /// A decision.
    record Tally(long yes, long no, long entitled, Instant time) {
        static Tally of(Decision decision) {
            return new Tally(decision.yes(), decision.no(), decision.entitled(), decision.time());
        }
    }

    static ProposalView of(Proposal proposal, Ledger ledger, Instant now) {
        var decision = ledger.decision(proposal.id());
        return new ProposalView(
                proposal.id().toString(),
                proposal.proposer().value(),
                proposal.change().toJson(),
                proposal.expires(),
                decision.map(d -> d.accepted() ? "accepted" : "rejected")
                        .orElse(now.isAfter(proposal.expires()) ? "expired" : "open"),
                ledger.votes(proposal.id()).stream().map(Vote::of).toList(),
                decision.map(Tally::of));
    }
}
