package io.xinglin.contracts;

/// Where an organisation witnesses the logs of the others, and the key it cosigns with.
///
/// @param url where checkpoints are submitted; `add-checkpoint` follows
/// @param vkey the key, in the form of a C2SP signed note
/// @spec https://c2sp.org/tlog-witness tlog-witness
public record MemberWitness(String url, String vkey) {
    static MemberWitness read(JsonObject witness) {
        witness.only("url", "vkey");
        return new MemberWitness(
                witness.string("url", Patterns.URL), witness.string("vkey", Patterns.VKEY));
    }

    JsonObject json() {
        return JsonObject.with("url", url).with("vkey", vkey).build();
    }
}
