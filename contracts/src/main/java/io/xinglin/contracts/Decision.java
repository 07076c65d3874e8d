package io.xinglin.contracts;

import java.time.Instant;

/// What became of a proposal, and by which votes.
///
/// @param accepted whether the change was made
/// @param yes how many agreed, of those entitled at the time
/// @param no how many did not
/// @param entitled how many might have voted
/// @param time when
public record Decision(boolean accepted, long yes, long no, long entitled, Instant time) {
    /// Reads the value stored on the ledger.
    public static Decision parse(String json) {
        var decision = JsonReader.object(json).only("outcome", "yes", "no", "entitled", "time");
        return new Decision(
                decision.string("outcome").equals("accepted"),
                decision.whole("yes"),
                decision.whole("no"),
                decision.whole("entitled"),
                Instant.ofEpochMilli(decision.whole("time")));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return JsonObject.with("outcome", accepted ? "accepted" : "rejected")
                .with("yes", yes)
                .with("no", no)
                .with("entitled", entitled)
                .with("time", time.toEpochMilli())
                .text();
    }
}
