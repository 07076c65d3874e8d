package io.xinglin.platform;

/// The node cannot start, for a reason that its operator can do something about. The message says what is wrong and what to do.
public class CannotStart extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public CannotStart(String message) {
        super(message);
    }
}
