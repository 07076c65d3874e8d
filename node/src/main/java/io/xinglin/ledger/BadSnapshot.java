package io.xinglin.ledger;

/// A snapshot cannot be made, or is not what it should be; the message names the first thing that is wrong.
public final class BadSnapshot extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadSnapshot(String message) {
        super(message);
    }
}
