package io.xinglin.contracts;

import java.time.Instant;
import java.util.UUID;

/// A change that a member proposed to the others.
///
/// @param id its id
/// @param proposer who proposed it
/// @param change what is to change
/// @param expires until when it may be voted on and decided
public record Proposal(UUID id, MemberId proposer, Change change, Instant expires) {
    /// Reads the value stored on the ledger.
    public static Proposal parse(String json) {
        var proposal = JsonReader.object(json).only("id", "proposer", "change", "expires");
        return new Proposal(
                Forms.uuid(proposal, "id"),
                Forms.member(proposal, "proposer"),
                Change.read(proposal.object("change")),
                Forms.time(proposal, "expires"));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return JsonObject.with("id", id.toString())
                .with("proposer", proposer.value())
                .with("change", change.json())
                .with("expires", expires.getEpochSecond())
                .text();
    }
}
