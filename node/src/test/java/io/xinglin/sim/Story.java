package io.xinglin.sim;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What happened in a world, line by line; and a number that differs if anything did.
final class Story {
    private final LongSupplier now;
    private final Optional<PrintStream> out;
    private long digest = 17;

    Story(LongSupplier now, Optional<PrintStream> out) {
        this.now = now;
        this.out = out;
    }

    void tell(String who, String what) {
        digest = 31 * (31 * (31 * digest + now.getAsLong()) + who.hashCode()) + what.hashCode();
        out.ifPresent(it -> it.printf("%10.3f  %-10s %s%n", now.getAsLong() / 1e6, who, what));
    }

    long digest() {
        return digest;
    }
}
