package io.xinglin.sim;

/// The machine that ran this code is off: nothing it would still do happens.
///
/// An error, so that no code that goes on after failures goes on after this.
public final class Crashed extends Error {
    private static final long serialVersionUID = 1;

    Crashed(String who) {
        super(who, null, false, false);
    }
}
