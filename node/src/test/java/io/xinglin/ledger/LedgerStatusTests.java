package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.xinglin.ledger.LedgerStatus.Engine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

class LedgerStatusTests {
    @TempDir Path data;
    @TempDir Path elsewhere;
    private MemoryChannel channel;
    private TestLedger node;

    @BeforeEach
    void found() {
        channel = new MemoryChannel(TestLedger.NAME, () -> Instant.parse("2026-03-01T08:00:00Z"));
        node = TestLedger.on(channel, data);
        node.found();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void a_ledger_that_one_node_orders_has_no_channel() {
        try (var alone = TestLedger.founded(elsewhere)) {
            var status = alone.ledger().status();

            assertThat(status.engine()).isEqualTo(Engine.EMBEDDED);
            assertThat(status.channel()).isEmpty();
            assertThat(status.stopped()).isEmpty();
            assertThat(status.lastBlock().orElseThrow().hash())
                    .isEqualTo(BlockHeader.hex(alone.chain().head().hash()));
        }
    }

    @Test
    void what_waits_for_the_members_is_counted_until_a_block_has_it() {
        var patient = node.patient();
        channel.holding = true;
        var answer = node.ledger().submitAsync(node.sign(patient, node.grant(UUID.randomUUID())));
        await().until(() -> channel().underWay() == 1);

        assertThat(channel().waiting()).isEqualTo(1);

        channel.cut();
        assertThat(answer.join()).isInstanceOf(TransactionOutcome.Committed.class);
        await().until(() -> channel().underWay() == 0);
        assertThat(channel().waiting()).isZero();
    }

    @Test
    void who_loses_to_another_is_counted() {
        var patient = node.patient();
        var grant = node.grant(UUID.randomUUID());
        assertThat(node.ledger().status().conflicts()).isZero();
        try (var other = TestLedger.on(channel, elsewhere)) {
            await().until(() -> other.ledger().height() == channel.height());
            channel.holding = true;
            var here = node.ledger().submitAsync(node.sign(patient, grant));
            var there = other.ledger().submitAsync(node.sign(patient, grant));
            await().until(() -> channel().underWay() + of(other).underWay() == 2);
            channel.cut();
            channel.holding = false;
            here.join();
            there.join();

            assertThat(node.ledger().status().conflicts() + other.ledger().status().conflicts())
                    .isEqualTo(1);
        }
    }

    @Test
    void peers_that_do_not_answer_are_told_of_and_the_node_goes_on_reading() {
        channel.down = true;

        var health = new LedgerHealth(node.ledger()).health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("peersAnswering", 0L)
                .containsEntry("peers", 1);
        assertThat(channel().peers())
                .containsExactly(
                        new LedgerStatus.Peer(
                                "memory",
                                false,
                                Optional.of(MemoryChannel.CERTIFICATE_ENDS),
                                List.of()));
        assertThat(node.ledger().members()).hasSize(1);
    }

    @Test
    void a_node_whose_copy_stopped_is_not_to_be_asked_any_more() {
        var patient = node.patient();
        assertThat(new LedgerHealth(node.ledger()).health().getStatus()).isEqualTo(Status.UP);
        channel.lying = true;
        assertThatThrownBy(() -> node.submit(patient, node.grant(UUID.randomUUID())))
                .isInstanceOf(LedgerUnavailable.class);

        var health = new LedgerHealth(node.ledger()).health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(node.ledger().status().stopped().orElseThrow())
                .contains("is not what the rules give here")
                .isEqualTo(health.getDetails().get("stopped"));
    }

    private LedgerStatus.Channel channel() {
        return of(node);
    }

    private static LedgerStatus.Channel of(TestLedger ledger) {
        return ledger.ledger().status().channel().orElseThrow();
    }
}
