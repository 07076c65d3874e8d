package io.xinglin.tlog;

/// What was given is not what the specifications allow: a note, a proof, a tile or a key in a wrong form.
///
/// Well-formed data that proves nothing is not malformed; that is [Verification.Invalid].
public final class MalformedLogData extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /// With what is wrong, in one sentence.
    public MalformedLogData(String message) {
        super(message);
    }
}
