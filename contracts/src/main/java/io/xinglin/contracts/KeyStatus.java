package io.xinglin.contracts;

/// Whether a key may still sign.
public enum KeyStatus {
    /// It may.
    ACTIVE("active"),
    /// A newer key took its place.
    ROTATED("rotated"),
    /// It was given up or lost.
    REVOKED("revoked");

    private final String word;

    KeyStatus(String word) {
        this.word = word;
    }

    /// The word on the ledger.
    public String word() {
        return word;
    }

    static KeyStatus read(JsonObject object, String name) {
        for (var status : values()) {
            if (status.word.equals(object.string(name))) {
                return status;
            }
        }
        throw JsonObject.bad(name, "is not the status of a key");
    }
}
