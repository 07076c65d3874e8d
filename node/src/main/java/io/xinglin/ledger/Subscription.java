package io.xinglin.ledger;

/// Someone follows the ledger, until this is closed.
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
