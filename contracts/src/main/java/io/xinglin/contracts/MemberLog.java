package io.xinglin.contracts;

/// Where an organisation's transparency log is, and the key that signs its checkpoints.
///
/// @param origin its name for ever, the first line of each checkpoint
/// @param url where its checkpoint and tiles are
/// @param vkey the key, in the form of a C2SP signed note
public record MemberLog(String origin, String url, String vkey) {
    static MemberLog read(JsonObject log) {
        log.only("origin", "url", "vkey");
        return new MemberLog(
                log.string("origin", Patterns.ORIGIN),
                log.string("url", Patterns.URL),
                log.string("vkey", Patterns.VKEY));
    }

    JsonObject json() {
        return JsonObject.with("origin", origin).with("url", url).with("vkey", vkey).build();
    }
}
