package io.xinglin.contracts;

/// Whose key it is.
public enum KeyKind {
    /// An organisation's own.
    ORGANISATION("organisation"),
    /// A practitioner's of an organisation.
    PRACTITIONER("practitioner"),
    /// A patient's at one custodian.
    PATIENT("patient");

    private final String word;

    KeyKind(String word) {
        this.word = word;
    }

    /// The word on the ledger.
    public String word() {
        return word;
    }

    static KeyKind read(JsonObject object, String name) {
        for (var kind : values()) {
            if (kind.word.equals(object.string(name))) {
                return kind;
            }
        }
        throw JsonObject.bad(name, "is not a kind of key");
    }
}
