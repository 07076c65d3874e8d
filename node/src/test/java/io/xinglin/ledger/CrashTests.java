package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/// The database server dies in the middle of it, more than once.
class CrashTests {
    private static final int CRASHES = 3;
    private static final int CLIENTS = 8;

    @TempDir Path data;

    @Test
    void after_kill_9_of_the_database_everything_acknowledged_is_there() throws Exception {
        try (var test = TestLedger.founded(data)) {
            var patient = test.patient();
            var acknowledged = new ConcurrentHashMap<UUID, TransactionOutcome>();
            var stop = new AtomicBoolean();

            try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
                IntStream.range(0, CLIENTS)
                        .forEach(
                                i ->
                                        clients.execute(
                                                () ->
                                                        grantUntil(
                                                                stop,
                                                                test,
                                                                patient,
                                                                acknowledged)));
                try {
                    for (var crash = 0; crash < CRASHES; crash++) {
                        awaitMore(acknowledged, 50);
                        kill(test);
                    }
                    awaitMore(acknowledged, 50);
                } finally {
                    stop.set(true);
                }
            }

            assertThat(acknowledged.values())
                    .allMatch(TransactionOutcome.Committed.class::isInstance);
            var ledger = test.restart();
            assertThat(acknowledged.keySet()).allMatch(id -> ledger.consent(id).isPresent());
            assertThat(test.findings()).isEmpty();
        }
    }

    private static void grantUntil(
            AtomicBoolean stop,
            TestLedger test,
            TestKey patient,
            Map<UUID, TransactionOutcome> acknowledged) {
        while (!stop.get()) {
            var id = UUID.randomUUID();
            try {
                acknowledged.put(id, test.submit(patient, test.grant(id)));
            } catch (LedgerUnavailable | DataAccessException e) {
                // Not acknowledged: it may be there or not.
                acknowledged.remove(id);
            }
        }
    }

    private static void awaitMore(Map<UUID, TransactionOutcome> acknowledged, int more) {
        var enough = acknowledged.size() + more;
        await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() >= enough);
    }

    /// When one of its processes is killed, PostgreSQL drops all connections and recovers from its log.
    private static void kill(TestLedger test) {
        var backend =
                Optional.ofNullable(
                        test.jdbc.queryForObject(
                                "select pid from pg_stat_activity where datname ="
                                        + " current_database() and pid <> pg_backend_pid()"
                                        + " order by query_start desc limit 1",
                                Long.class));
        backend.flatMap(ProcessHandle::of).orElseThrow().destroyForcibly();
    }
}
