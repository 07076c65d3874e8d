package io.xinglin.sim;

/// One run of a program, from its start until it crashes or is stopped.
public final class Life {
    private final String name;
    private boolean over;

    Life(String name) {
        this.name = name;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    /// Stops whoever runs on after the end.
    void require() {
        if (over) {
            throw new Crashed(name);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
