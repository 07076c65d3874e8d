package io.xinglin.contracts;

/// A checkpoint of an organisation's log that the whole consortium has seen.
///
/// @param member whose log
/// @param origin the log's name
/// @param size how many entries
/// @param root the Merkle root, 32 bytes in the base64 of checkpoints
/// @param checkpoint the signed note
public record Anchor(MemberId member, String origin, long size, String root, String checkpoint) {
    /// Reads the value stored on the ledger.
    public static Anchor parse(String json) {
        var anchor = JsonReader.object(json);
        anchor.only("member", "origin", "size", "root", "checkpoint");
        return new Anchor(
                Forms.member(anchor, "member"),
                anchor.string("origin"),
                anchor.whole("size"),
                anchor.string("root"),
                anchor.string("checkpoint"));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return JsonObject.with("member", member.value())
                .with("origin", origin)
                .with("size", size)
                .with("root", root)
                .with("checkpoint", checkpoint)
                .text();
    }
}
