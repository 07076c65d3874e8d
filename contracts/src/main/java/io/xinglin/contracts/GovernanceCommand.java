package io.xinglin.contracts;

import java.time.Instant;
import java.util.UUID;

/// What the members decide together: anyone of them proposes, each votes once, and what most agree to is done.
public sealed interface GovernanceCommand extends Command {
    /// The proposal it is about.
    UUID proposal();

    @Override
    default String contract() {
        return "governance";
    }

    /// Proposes a change: signed by a member.
    ///
    /// @param proposal a new id
    /// @param change what is to change
    /// @param expires until when it may be voted on and decided, in whole seconds
    record Propose(UUID proposal, Change change, Instant expires) implements GovernanceCommand {
        @Override
        public String function() {
            return "propose";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("proposal", proposal.toString())
                    .with("change", change.json())
                    .with("expires", expires.getEpochSecond())
                    .text();
        }
    }

    /// Votes: signed by a member, once.
    ///
    /// @param proposal the proposal
    /// @param agreed whether the member agrees
    record Vote(UUID proposal, boolean agreed) implements GovernanceCommand {
        @Override
        public String function() {
            return "vote";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("proposal", proposal.toString())
                    .with("vote", Ballot.word(agreed))
                    .text();
        }
    }

    /// Counts the votes and, if enough agree, makes the change: signed by any member.
    ///
    /// @param proposal the proposal
    record Decide(UUID proposal) implements GovernanceCommand {
        @Override
        public String function() {
            return "decide";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("proposal", proposal.toString()).text();
        }
    }
}
