package io.xinglin.tlog;

/// A part of the log that its size says there is, and there is not.
public final class MissingTile extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Names the part.
    public MissingTile(TilePath path) {
        super("missing " + path);
    }
}
