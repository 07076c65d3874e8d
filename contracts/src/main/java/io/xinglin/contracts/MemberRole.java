package io.xinglin.contracts;

/// What an organisation is in the consortium.
public enum MemberRole {
    /// A hospital.
    HOSPITAL("hospital"),
    /// A clinic or practice.
    CLINIC("clinic"),
    /// A pharmacy.
    PHARMACY("pharmacy"),
    /// A maker of medicines.
    MAKER("maker"),
    /// A distributor of medicines.
    DISTRIBUTOR("distributor"),
    /// An insurer.
    INSURER("insurer"),
    /// A regulator.
    REGULATOR("regulator"),
    /// A research institute.
    RESEARCH_INSTITUTE("research-institute");

    private final String word;

    MemberRole(String word) {
        this.word = word;
    }

    /// The word on the ledger.
    public String word() {
        return word;
    }

    static MemberRole of(Json json) {
        for (var role : values()) {
            if (json.equals(Json.text(role.word))) {
                return role;
            }
        }
        throw JsonObject.bad("roles", "holds an unknown role");
    }
}
