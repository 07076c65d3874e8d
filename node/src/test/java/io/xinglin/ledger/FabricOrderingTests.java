package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.KeyKind;
import io.xinglin.ledger.TransactionOutcome.Committed;
import io.xinglin.ledger.TransactionOutcome.Refused;
import io.xinglin.platform.CannotStart;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FabricOrderingTests {
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
    void what_the_members_agree_on_is_on_the_ledger_and_can_be_asked_for() {
        var patient = node.patient();
        var id = UUID.randomUUID();

        assertThat(node.submit(patient, node.grant(id))).isInstanceOf(Committed.class);

        assertThat(node.ledger().consent(id).orElseThrow().withdrawn()).isFalse();
        assertThat(node.ledger().height()).isEqualTo(channel.height());
        assertThat(node.findings()).isEmpty();
        assertThat(node.outbox().size()).isZero();
    }

    @Test
    void nodes_make_the_same_blocks_of_it() {
        node.patient();
        try (var other = TestLedger.on(channel, elsewhere)) {
            await(() -> other.ledger().height() == channel.height());

            assertThat(other.chain().head()).isEqualTo(node.chain().head());
            assertThat(other.findings()).isEmpty();
        }
    }

    @Test
    void a_copy_of_a_channel_is_not_gone_on_with_alone() {
        assertThatThrownBy(() -> node.restartOn(Optional.empty()))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("xinglin.fabric.peers");

        node.restartOn(Optional.of(channel));
        assertThat(node.patient()).isNotNull();
    }

    @Test
    void a_ledger_that_a_node_began_alone_does_not_become_a_copy() {
        try (var alone = TestLedger.founded(elsewhere)) {
            assertThatThrownBy(() -> alone.restartOn(Optional.of(channel)))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("Leave out xinglin.fabric.peers");
            assertThat(alone.findings()).isEmpty();
        }
    }

    @Test
    void a_broken_rule_is_named_and_asks_nobody() {
        var before = channel.endorsements();

        var outcome = node.submit(node.hospital, new ConsentCommand.Withdraw(UUID.randomUUID()));

        assertThat(outcome).isInstanceOf(Refused.class);
        assertThat(channel.endorsements()).isEqualTo(before);
    }

    @Test
    void a_rule_that_only_the_others_see_broken_is_named_too() {
        var patient = TestKey.fresh();
        var register = node.register(patient, KeyKind.PATIENT);
        try (var other = TestLedger.on(channel, elsewhere)) {
            await(() -> other.ledger().height() == channel.height());
            channel.holding = true;
            var first = node.ledger().submitAsync(node.sign(patient, register));
            var second = other.ledger().submitAsync(node.sign(patient, register));
            await(() -> node.outbox().size() + other.outbox().size() == 2);
            await(() -> channel.endorsements() >= 4);
            channel.cut();
            channel.holding = false;
            var outcomes = new ArrayList<TransactionOutcome>();
            outcomes.add(first.join());
            outcomes.add(second.join());

            assertThat(outcomes).filteredOn(Committed.class::isInstance).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(Refused.class::isInstance)
                    .singleElement()
                    .extracting(it -> ((Refused) it).code())
                    .isEqualTo("already-exists");
            await(() -> other.chain().head().equals(node.chain().head()));
            assertThat(node.findings()).isEmpty();
        }
    }

    @Test
    void an_answer_that_gets_lost_has_exactly_one_effect() {
        var patient = node.patient();
        var before = channel.endorsements();
        channel.answersLost = true;

        var outcome = node.submit(patient, node.grant(UUID.randomUUID()));

        assertThat(outcome).isInstanceOf(Committed.class);
        assertThat(channel.endorsements()).isEqualTo(before + 1);
        assertThat(node.outbox().size()).isZero();
    }

    @Test
    void what_nobody_orders_any_more_since_its_certificate_ended_is_endorsed_anew() {
        var patient = node.patient();
        var id = UUID.randomUUID();
        channel.dropping = true;
        var before = channel.endorsements();
        var unanswered = node.ledger().submitAsync(node.sign(patient, node.grant(id)));
        await(() -> channel.endorsements() == before + 1);
        channel.signedUntil = node.now().minus(Duration.ofMinutes(9));
        await(() -> node.outbox().unresolved(Duration.ofSeconds(8)).size() == 1);
        assertThat(channel.endorsements()).isEqualTo(before + 1);

        channel.signedUntil = node.now().minus(Duration.ofMinutes(11));
        channel.dropping = false;

        await(() -> node.ledger().consent(id).isPresent());
        assertThat(channel.endorsements()).isGreaterThan(before + 1);
        assertThat(unanswered.join()).isNotInstanceOf(Refused.class);
        await(() -> node.outbox().size() == 0);
    }

    @Test
    void what_waits_when_the_node_stops_is_handed_in_after_the_next_start() {
        var patient = node.patient();
        var id = UUID.randomUUID();
        channel.down = true;
        var unanswered = node.ledger().submitAsync(node.sign(patient, node.grant(id)));
        await(() -> node.outbox().size() == 1);
        assertThat(node.ledger().waitsSince(Instant.parse("9999-01-01T00:00:00Z"))).isTrue();

        node.ledger().close();
        assertThatThrownBy(unanswered::join).hasCauseInstanceOf(LedgerUnavailable.class);
        channel.down = false;
        node.restart();

        await(() -> node.ledger().consent(id).isPresent());
        await(() -> node.outbox().size() == 0);
    }

    @Test
    void what_waits_is_not_dropped_because_this_node_is_behind() {
        var patient = TestKey.fresh();
        var id = UUID.randomUUID();
        channel.down = true;
        var unanswered =
                node.ledger()
                        .submitAsync(node.sign(patient, node.register(patient, KeyKind.PATIENT)));
        await(() -> node.outbox().size() == 1);
        node.ledger().close();
        assertThatThrownBy(unanswered::join).hasCauseInstanceOf(LedgerUnavailable.class);
        // What the patient's key signs is in the outbox too, and is looked at before its
        // registration is copied.
        var grant = node.sign(patient, node.grant(id));
        node.jdbc.update(
                "insert into ledger.outbox (id, jws, since) values (?, ?, now() - interval '1 hour')",
                PostgresLedgerTables.bytes(grant.id()),
                grant.jws());
        channel.down = false;
        node.restart();

        await(() -> node.ledger().consent(id).isPresent());
        await(() -> node.outbox().size() == 0);
    }

    @Test
    void one_that_the_others_have_already_is_answered_once_its_block_is_here() {
        var patient = node.patient();
        var grant = node.sign(patient, node.grant(UUID.randomUUID()));
        try (var other = TestLedger.on(channel, elsewhere)) {
            await(() -> other.ledger().height() == channel.height());
            channel.delivering = false;
            var here = node.ledger().submitAsync(grant);
            await(() -> channel.height() > node.ledger().height());
            var before = channel.attempts;
            var there = other.ledger().submitAsync(grant);
            await(() -> channel.attempts > before);
            channel.delivering = true;

            assertThat(there.join()).isEqualTo(here.join()).isInstanceOf(Committed.class);
        }
    }

    @Test
    void what_was_endorsed_when_the_node_stops_is_never_endorsed_again() {
        var patient = node.patient();
        var id = UUID.randomUUID();
        channel.holding = true;
        var unanswered = node.ledger().submitAsync(node.sign(patient, node.grant(id)));
        await(() -> channel.held() == 1);
        var endorsements = channel.endorsements();
        node.ledger().close();
        assertThatThrownBy(unanswered::join).hasCauseInstanceOf(LedgerUnavailable.class);

        channel.holding = false;
        channel.cut();
        node.restart();

        await(() -> node.ledger().consent(id).isPresent());
        await(() -> node.outbox().size() == 0);
        assertThat(channel.endorsements()).isEqualTo(endorsements);
    }

    @Test
    void a_block_copied_without_a_note_in_the_outbox_is_noticed() {
        var patient = node.patient();
        channel.holding = true;
        var lost = node.ledger().submitAsync(node.sign(patient, node.grant(UUID.randomUUID())));
        await(() -> channel.held() == 1);
        var endorsement = node.outbox().unresolved(Duration.ZERO).getFirst();
        var transaction = node.outbox().transactionsOf(endorsement.id());
        channel.cut();
        assertThat(lost.join()).isInstanceOf(Committed.class);
        node.jdbc.update(
                "insert into ledger.submission values (?, ?, now() - interval '1 hour')",
                endorsement.id(),
                endorsement.envelope());
        node.jdbc.update(
                "insert into ledger.outbox (id, jws, submission) values (?, 'x', ?)",
                PostgresLedgerTables.bytes(transaction.getFirst()),
                endorsement.id());

        await(() -> node.outbox().size() == 0);
        assertThat(node.outbox().unresolved(Duration.ZERO)).isEmpty();
    }

    @Test
    void what_is_in_a_block_is_acknowledged_though_the_outbox_cannot_be_written() {
        var patient = node.patient();
        channel.holding = true;
        var waiting = new ArrayList<CompletableFuture<TransactionOutcome>>();
        for (var i = 1; i <= 4; i++) {
            var submissions = i;
            var grant = node.sign(patient, node.grant(UUID.randomUUID()));
            waiting.add(node.ledger().submitAsync(grant));
            await(() -> channel.held() == submissions);
        }
        node.jdbc.execute("alter table ledger.submission rename to away");
        channel.cut();

        assertThat(waiting).allMatch(it -> it.join() instanceof Committed);

        node.jdbc.execute("alter table ledger.away rename to submission");
        channel.holding = false;
        assertThat(node.submit(patient, node.grant(UUID.randomUUID())))
                .isInstanceOf(Committed.class);
        await(() -> node.outbox().size() == 0);
    }

    @Test
    void one_that_the_orderers_do_not_take_keeps_no_other_waiting() {
        var patient = node.patient();
        channel.holding = true;
        channel.dropping = true;
        for (var i = 1; i <= 2; i++) {
            var submissions = i;
            var grant = node.sign(patient, node.grant(UUID.randomUUID()));
            var unused = node.ledger().submitAsync(grant);
            await(() -> node.outbox().unresolved(Duration.ZERO).size() == submissions);
        }

        channel.dropping = false;
        channel.answersLost = true;

        await(() -> channel.held() == 2);
    }

    @Test
    void a_peer_that_hangs_is_left_for_another() {
        var patient = node.patient();
        channel.hang();

        assertThat(node.submit(patient, node.grant(UUID.randomUUID())))
                .isInstanceOf(Committed.class);
    }

    @Test
    void many_at_once_share_a_few_endorsements() {
        var before = channel.endorsements();
        channel.holding = true;
        var waiting = new ArrayList<CompletableFuture<TransactionOutcome>>();
        for (var i = 0; i < 300; i++) {
            var key = TestKey.fresh();
            waiting.add(
                    node.ledger().submitAsync(node.sign(key, node.register(key, KeyKind.PATIENT))));
        }
        await(() -> channel.endorsements() == before + 4);
        channel.holding = false;
        channel.cut();

        assertThat(waiting).allMatch(it -> it.join() instanceof Committed);
        assertThat(channel.endorsements() - before).isLessThan(15);
        assertThat(node.findings()).isEmpty();
    }

    @Test
    void a_ledger_on_which_the_members_agreed_on_what_the_rules_do_not_give_stops() {
        var patient = node.patient();
        var height = node.ledger().height();
        channel.lying = true;

        assertThatThrownBy(() -> node.submit(patient, node.grant(UUID.randomUUID())))
                .isInstanceOf(LedgerUnavailable.class);

        assertThat(node.ledger().height()).isEqualTo(height);
        assertThat(node.findings()).isEmpty();
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for half a minute").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
