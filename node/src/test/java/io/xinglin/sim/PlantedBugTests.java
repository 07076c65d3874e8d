package io.xinglin.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.xinglin.ledger.PlantedStores;
import io.xinglin.log.PlantedTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The simulation can fail: what is built wrong at one of its edges is found, from fixed seeds.
class PlantedBugTests {
    private static final FastEd25519 PROVIDER = FastEd25519.install();
    private static Optional<Level> before = Optional.empty();

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.xinglin");
    }

    @BeforeAll
    static void prepare() {
        before = Optional.ofNullable(logger().getLevel());
        logger().setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        logger().setLevel(before.orElse(null));
        PROVIDER.close();
    }

    @Test
    void who_acknowledges_before_it_commits_is_found() {
        assertFound(
                5,
                "was acknowledged at",
                new Edges() {
                    @Override
                    public AutoCloseable store(MemoryDatabase.Session session) {
                        return PlantedStores.early(session);
                    }
                });
    }

    @Test
    void a_ledger_that_takes_a_transaction_twice_is_found() {
        assertFound(
                5,
                "ledger: ",
                new Edges() {
                    @Override
                    public AutoCloseable store(MemoryDatabase.Session session) {
                        return PlantedStores.forgetful(session);
                    }
                });
    }

    @Test
    void who_publishes_before_files_are_synced_is_found() {
        assertFound(
                80,
                "published size",
                new Edges() {
                    @Override
                    public void prepare(Disk disk) {
                        disk.ignoreDirectorySync();
                    }
                });
    }

    @Test
    void a_witness_that_answers_before_it_keeps_is_found() {
        assertFound(
                5,
                "does not hold it",
                new Edges() {
                    @Override
                    public Object witnessTable(MemoryDatabase.Session session) {
                        return PlantedTables.late(session);
                    }
                });
    }

    @Test
    void a_node_that_does_not_look_which_block_was_the_last_is_found() {
        assertFound(
                150,
                "ledger: ",
                new Edges() {
                    @Override
                    public Path remembered(Path data) {
                        return data.resolve("nowhere");
                    }
                });
    }

    @Test
    void a_world_that_breaks_is_found() {
        assertFound(
                5,
                "the world breaks: java.lang.IllegalStateException: broken",
                new Edges() {
                    @Override
                    public void prepare(Disk disk) {
                        throw new IllegalStateException("broken");
                    }
                });
    }

    private static void assertFound(int worldsMax, String words, Edges edges) {
        var simulation = Simulation.run(edges, 1, worldsMax, Duration.ofMinutes(5));

        assertThat(simulation.failed()).isPresent();
        assertThat(simulation.failed().get().why()).hasMessageContaining(words);
        System.out.printf("found after %d worlds: %s%n", simulation.worlds(), words);
    }
}
