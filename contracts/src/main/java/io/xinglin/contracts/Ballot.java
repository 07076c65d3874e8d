package io.xinglin.contracts;

/// How a member voted; it stays on the ledger for ever.
///
/// @param member who
/// @param agreed whether it agreed
public record Ballot(MemberId member, boolean agreed) {
    /// Reads the value stored on the ledger.
    public static Ballot parse(String json) {
        var ballot = JsonReader.object(json).only("member", "vote");
        return new Ballot(Forms.member(ballot, "member"), agreed(ballot));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return JsonObject.with("member", member.value()).with("vote", word(agreed)).text();
    }

    /// The word on the ledger.
    static String word(boolean agreed) {
        return agreed ? "yes" : "no";
    }

    static boolean agreed(JsonObject object) {
        return switch (object.string("vote")) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw JsonObject.bad("vote", "must be yes or no");
        };
    }
}
