package io.xinglin.fabric;

/// The channel cannot do it now. The message names the organisations that answered wrongly or not at all, and the policy that asks for them.
public final class FabricUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param message one sentence for operators
    public FabricUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
