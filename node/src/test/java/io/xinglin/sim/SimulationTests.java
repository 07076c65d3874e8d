package io.xinglin.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;

/// Nothing that must never happen happens, whatever goes wrong.
class SimulationTests {
    private static final String SEED = "sim.seed";
    private static final String SEEDS = "sim.seeds";
    private static final int SEEDS_IN_TESTS = 2_000;
    private static final Duration TIME_IN_TESTS = Duration.ofSeconds(170);

    private static final FastEd25519 PROVIDER = FastEd25519.install();
    private static Optional<Level> before = Optional.empty();

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.xinglin");
    }

    @BeforeAll
    static void prepare() {
        before = Optional.ofNullable(logger().getLevel());
        logger().setLevel(Boolean.getBoolean("sim.log") ? Level.INFO : Level.OFF);
    }

    @AfterAll
    static void restore() {
        logger().setLevel(before.orElse(null));
        PROVIDER.close();
    }

    @Test
    @DisabledIfSystemProperty(named = SEED, matches = ".+")
    void in_many_worlds_nothing_happens_that_must_never_happen() {
        var exploring = System.getProperty(SEEDS) != null;
        var count = Integer.getInteger(SEEDS, SEEDS_IN_TESTS);
        // Who tests a change meets the same worlds as everyone else; who explores, new ones.
        var first = Long.getLong("sim.first", exploring ? System.currentTimeMillis() : 1);
        System.out.printf("simulation: seeds %d to %d%n", first, first + count - 1);
        var start = System.nanoTime();

        var limit = exploring ? Duration.ofDays(1) : TIME_IN_TESTS;
        var simulation = Simulation.run(Edges.SOUND, first, count, limit);

        var seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "simulation: %s; %.1f s, %.1f worlds/s%n",
                simulation.summary(), seconds, simulation.worlds() / seconds);
        simulation
                .failed()
                .ifPresent(
                        it -> {
                            throw new AssertionError(
                                    it.why().getMessage() + "\nagain: make sim SEED=" + it.seed(),
                                    it.why());
                        });
    }

    /// What never goes wrong is not survived either.
    @Test
    @DisabledIfSystemProperty(named = SEED, matches = ".+")
    void in_a_few_worlds_everything_goes_wrong_that_can() {
        var simulation = Simulation.run(Edges.SOUND, 1, 60, TIME_IN_TESTS);

        assertThat(simulation.worlds()).isEqualTo(60);
        assertThat(simulation.faults()).containsExactlyInAnyOrder(Fault.values());
    }

    @Test
    @EnabledIfSystemProperty(named = SEED, matches = ".+")
    void the_story_of_one_seed() {
        var seed = Long.getLong(SEED, 0);

        var told = Simulation.run(seed, Edges.SOUND, Optional.of(System.out));

        System.out.printf("simulation: seed %d, %s%n", seed, told.faults());
        told.failed()
                .ifPresent(
                        it -> {
                            throw it.why();
                        });
    }

    @Test
    @DisabledIfSystemProperty(named = SEED, matches = ".+")
    void one_seed_has_one_story() {
        for (var seed = 0; seed < 10; seed++) {
            var once = Simulation.run(seed, Edges.SOUND, Optional.empty());
            var again = Simulation.run(seed, Edges.SOUND, Optional.empty());

            assertThat(again.digest()).as("seed %s", seed).isEqualTo(once.digest());
        }
    }
}
