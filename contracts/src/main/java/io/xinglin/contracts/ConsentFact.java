package io.xinglin.contracts;

import java.time.Instant;
import java.util.UUID;

/// That someone consented to something at a custodian: who and what only the custodian can tell.
///
/// The ledger proves that the patient's key granted it, until when, and whether it was withdrawn.
///
/// @param id the consent
/// @param custodian the organisation whose records it is about
/// @param subject the patient's pseudonym at this custodian
/// @param commitment a salted commitment to its content, 32 bytes base64url
/// @param notAfter when it ends by itself
/// @param withdrawn whether the patient took it back
public record ConsentFact(
        UUID id,
        MemberId custodian,
        KeyId subject,
        String commitment,
        Instant notAfter,
        boolean withdrawn) {
    /// Reads the value stored on the ledger.
    public static ConsentFact parse(String json) {
        var consent = JsonReader.object(json);
        consent.only("id", "custodian", "subject", "commitment", "notAfter", "status");
        return new ConsentFact(
                Forms.uuid(consent, "id"),
                Forms.member(consent, "custodian"),
                Forms.key(consent, "subject"),
                Forms.bytes(consent, "commitment", 32),
                Forms.time(consent, "notAfter"),
                consent.string("status").equals("withdrawn"));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return JsonObject.with("id", id.toString())
                .with("custodian", custodian.value())
                .with("subject", subject.value())
                .with("commitment", commitment)
                .with("notAfter", notAfter.getEpochSecond())
                .with("status", withdrawn ? "withdrawn" : "granted")
                .text();
    }

    /// Whether it permits at this time; from its not-after on it does not.
    public boolean isEffectiveAt(Instant time) {
        return !withdrawn && time.isBefore(notAfter);
    }

    ConsentFact withdraw() {
        return new ConsentFact(id, custodian, subject, commitment, notAfter, true);
    }
}
