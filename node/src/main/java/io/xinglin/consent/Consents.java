package io.xinglin.consent;

import org.springframework.stereotype.Component;

/// Who may read what, for what purpose, until when.
@Component
public class Consents {
    Consents() {}

    /// Decides on a read, by what the ledger and the patient say now.
    ///
    /// Called inside the transaction that records the disclosure: it locks the consent it rests on against withdrawal until then.
    public AccessDecision decide(AccessRequest request) {
        throw new UnsupportedOperationException();
    }
}
