package io.xinglin.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The faults of one world: which ones it has, by lot, and how often they came.
final class Faults {
    private final RandomGenerator random;
    private final Map<Fault, Double> chances = new EnumMap<>(Fault.class);
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private boolean on;

    /// Each world lacks some faults, so that they do not hide each other.
    Faults(RandomGenerator random) {
        this.random = random;
        for (var fault : Fault.values()) {
            chances.put(
                    fault, random.nextInt(3) == 0 ? 0 : fault.chanceMax() * random.nextDouble());
        }
    }

    void turn(boolean toOn) {
        on = toOn;
    }

    boolean areOn() {
        return on;
    }

    /// Whether this fault comes now.
    boolean comes(Fault fault) {
        var chance = chances.getOrDefault(fault, 0.0);
        if (!on || chance == 0 || random.nextDouble() >= chance) {
            return false;
        }
        count(fault);
        return true;
    }

    void count(Fault fault) {
        count(fault, 1);
    }

    void count(Fault fault, int times) {
        counts.merge(fault, times, Integer::sum);
    }

    Map<Fault, Integer> counts() {
        return counts;
    }
}
