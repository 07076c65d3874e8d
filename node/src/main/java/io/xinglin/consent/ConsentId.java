package io.xinglin.consent;

import java.util.UUID;

/// Names one consent, here and on the ledger.
public record ConsentId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
