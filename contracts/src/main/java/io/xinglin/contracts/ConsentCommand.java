package io.xinglin.contracts;

import java.time.Instant;
import java.util.UUID;

/// What a patient permits, and takes back.
public sealed interface ConsentCommand extends Command {
    /// The consent it is about.
    UUID consent();

    @Override
    default String contract() {
        return "consent";
    }

    /// Grants a consent: signed by a patient's key that is registered at the custodian.
    ///
    /// @param consent a new id
    /// @param custodian the organisation whose records it is about
    /// @param commitment a salted commitment to its content, 32 bytes base64url
    /// @param notAfter when it ends by itself, in whole seconds
    record Grant(UUID consent, MemberId custodian, String commitment, Instant notAfter)
            implements ConsentCommand {
        @Override
        public String function() {
            return "grant";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("consent", consent.toString())
                    .with("custodian", custodian.value())
                    .with("commitment", commitment)
                    .with("notAfter", notAfter.getEpochSecond())
                    .text();
        }
    }

    /// Takes a consent back: signed by the same patient.
    ///
    /// @param consent the consent
    record Withdraw(UUID consent) implements ConsentCommand {
        @Override
        public String function() {
            return "withdraw";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("consent", consent.toString()).text();
        }
    }
}
