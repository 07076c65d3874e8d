package io.xinglin.ledger;

/// What ordering made of a transaction. The words are those of Hyperledger Fabric where it has one.
enum Validity {
    /// Its writes count.
    VALID(0, "valid"),
    /// A key it read was written by a transaction before it.
    MVCC_READ_CONFLICT(1, "mvcc-read-conflict"),
    /// A range it read gained, lost or changed a key.
    PHANTOM_READ_CONFLICT(2, "phantom-read-conflict"),
    /// Its not-after lies before the time of its block.
    EXPIRED(3, "expired"),
    /// The peers refused it for a reason of Fabric's own, such as too few endorsements.
    NOT_AGREED(4, "not-agreed");

    private final int code;
    private final String word;

    Validity(int code, String word) {
        this.code = code;
        this.word = word;
    }

    String word() {
        return word;
    }

    short code() {
        return (short) code;
    }

    static Validity named(String word) {
        for (var validity : values()) {
            if (validity.word.equals(word)) {
                return validity;
            }
        }
        throw new IllegalArgumentException("there is no such validity");
    }

    static Validity of(int code) {
        for (var validity : values()) {
            if (validity.code == code) {
                return validity;
            }
        }
        throw new LedgerCorrupted("there is no validity " + code);
    }
}
