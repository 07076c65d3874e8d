package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.SignedTransaction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentEventsTests {
    private static final int MORE_THAN_REMEMBERED = 10_000;

    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final SignedTransaction TRANSACTION = transaction();

    @TempDir Path data;

    @Test
    void what_is_remembered_is_what_the_database_tells() {
        try (var test = TestLedger.founded(data)) {
            var state = new WorldState(test.tables(), test.ledger().height());
            var followed = new CopyOnWriteArrayList<LedgerEvent>();
            var patient = test.patient();
            for (var i = 0; i < 5; i++) {
                test.submit(patient, test.grant(UUID.randomUUID()));
            }
            try (var following = test.ledger().follow(Position.START, followed::add)) {
                assertThat(following).isNotNull();
                Awaitility.await().until(() -> followed.size() == 8);
            }

            assertThat(state.after(Position.START, 100)).isEqualTo(followed);
        }
    }

    @Test
    void what_comes_before_the_first_remembered_is_not_known() {
        var recent = new RecentEvents(7);
        recent.add(events(7, 3));

        assertThat(recent.after(new Position(6, 2), 10)).isEmpty();
        assertThat(recent.after(new Position(7, -1), 10)).hasValue(events(7, 3));
        assertThat(recent.after(new Position(7, 0), 1)).hasValue(events(7, 3).subList(1, 2));
        assertThat(recent.after(new Position(7, 2), 10)).hasValue(List.of());
    }

    @Test
    void the_oldest_are_forgotten_and_said_to_be() {
        var recent = new RecentEvents(0);
        for (var block = 0; block < MORE_THAN_REMEMBERED / 100; block++) {
            recent.add(events(block, 100));
        }

        assertThat(recent.after(Position.START, 10)).isEmpty();
        var last = new Position(MORE_THAN_REMEMBERED / 100 - 1, 98);
        assertThat(recent.after(last, 10).orElseThrow()).hasSize(1);
    }

    @Test
    void after_a_doubtful_block_nothing_is_remembered() {
        var recent = new RecentEvents(7);
        recent.add(events(7, 3));

        recent.restart(8);

        assertThat(recent.after(new Position(7, 0), 10)).isEmpty();
        assertThat(recent.after(new Position(8, -1), 10)).hasValue(List.of());
    }

    private static SignedTransaction transaction() {
        var key = TestKey.fresh();
        var command = new ConsentCommand.Withdraw(new UUID(0, 1));
        return SignedTransaction.sign(
                "test", command, key.id(), key.signer(), new byte[16], NOW.plusSeconds(60));
    }

    private static List<LedgerEvent> events(long block, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> new LedgerEvent(new Position(block, index), NOW, TRANSACTION))
                .toList();
    }
}
