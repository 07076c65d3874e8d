package io.xinglin.tlog;

import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Something that must hold for all inputs, tried on some; a failure names the seed that replays it with `-Dseed=`.
final class Property {
    private Property() {}

    static void forAll(int times, Consumer<RandomGenerator> property) {
        var first = Long.getLong("seed", System.nanoTime());
        for (var seed = first; seed < first + times; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("replay with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
