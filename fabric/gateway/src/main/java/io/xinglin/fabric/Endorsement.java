package io.xinglin.fabric;

import java.util.Arrays;
import java.util.Objects;

/// Transactions that enough members have endorsed, ready to be ordered.
public final class Endorsement {
    private final String id;
    private final byte[] envelope;

    /// What was stored of one.
    ///
    /// @param id Fabric's id of the transaction that holds them
    /// @param envelope what [#envelope] gave
    public Endorsement(String id, byte[] envelope) {
        this.id = id;
        this.envelope = envelope.clone();
    }

    /// Fabric's id of the transaction.
    public String id() {
        return id;
    }

    /// The transaction itself, to be stored until it is known what became of it.
    public byte[] envelope() {
        return envelope.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Endorsement that
                && id.equals(that.id)
                && Arrays.equals(envelope, that.envelope);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id);
    }

    @Override
    public String toString() {
        return "endorsement " + id;
    }
}
