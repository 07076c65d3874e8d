package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.Parameter;
import io.xinglin.ledger.TransactionOutcome.Committed;
import io.xinglin.ledger.TransactionOutcome.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTests {
    @TempDir Path data;
    private TestLedger test;

    @BeforeEach
    void found() {
        test = TestLedger.founded(data);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void members_join_by_their_own_signature() {
        assertThat(test.ledger().member(TestLedger.HOSPITAL)).contains(TestLedger.member());
        assertThat(test.ledger().members()).containsExactly(TestLedger.member());
        assertThat(test.ledger().key(test.hospital.id()).orElseThrow().isActive()).isTrue();
        assertThat(test.ledger().height()).isEqualTo(2);
    }

    @Test
    void a_withdrawn_consent_is_withdrawn_for_the_next_question() {
        var patient = test.patient();
        var id = UUID.randomUUID();
        test.submit(patient, test.grant(id));
        assertThat(test.ledger().consent(id).orElseThrow().withdrawn()).isFalse();

        test.submit(patient, new ConsentCommand.Withdraw(id));

        assertThat(test.ledger().consent(id).orElseThrow().withdrawn()).isTrue();
    }

    @Test
    void a_transaction_submitted_twice_is_on_the_ledger_once() {
        var patient = test.patient();
        var grant = test.sign(patient, test.grant(UUID.randomUUID()));

        var first = test.ledger().submit(grant);
        var second = test.ledger().submit(grant);

        assertThat(first).isInstanceOf(TransactionOutcome.Committed.class).isEqualTo(second);
        assertThat(test.tables().countTransactions()).isEqualTo(4);
    }

    @Test
    void the_answer_stays_when_the_signer_is_no_longer_what_it_was() {
        var patient = test.patient();
        var grant = test.sign(patient, test.grant(UUID.randomUUID()));
        var first = test.ledger().submit(grant);

        test.submit(patient, new KeysCommand.Revoke(patient.id()));

        assertThat(first).isInstanceOf(TransactionOutcome.Committed.class);
        assertThat(test.ledger().submit(grant)).isEqualTo(first);
    }

    @Test
    void those_who_lose_against_others_run_again_until_they_win() {
        var names =
                IntStream.range(0, 24).mapToObj(i -> "http://localhost:8080/fhir/" + i).toList();

        var outcomes =
                names.stream()
                        .map(name -> test.sign(test.hospital, fhir(name)))
                        .toList()
                        .parallelStream()
                        .map(test.ledger()::submitAsync)
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(outcomes).allMatch(TransactionOutcome.Committed.class::isInstance);
        assertThat(names).contains(test.ledger().member(TestLedger.HOSPITAL).orElseThrow().fhir());
        assertThat(test.findings()).isEmpty();
    }

    @Test
    void of_many_who_grant_the_same_consent_one_does() {
        var patient = test.patient();
        var id = UUID.randomUUID();
        var grants =
                IntStream.range(0, 16).mapToObj(i -> test.sign(patient, test.grant(id))).toList();

        var outcomes =
                grants.stream().map(test.ledger()::submitAsync).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(outcomes).filteredOn(Committed.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Refused.class::isInstance)
                .hasSize(15)
                .allMatch(o -> ((Refused) o).code().equals("already-exists"));
    }

    @Test
    void copies_of_one_transaction_submitted_at_once_are_on_the_ledger_once() {
        var grant = test.sign(test.patient(), test.grant(UUID.randomUUID()));
        var before = test.tables().countTransactions();

        var outcomes =
                IntStream.range(0, 16)
                        .mapToObj(i -> test.ledger().submitAsync(grant))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(outcomes).hasOnlyElementsOfType(Committed.class).containsOnly(outcomes.get(0));
        assertThat(test.tables().countTransactions()).isEqualTo(before + 1);
    }

    @Test
    void the_members_say_how_many_transactions_a_block_holds_and_the_check_sees_to_it() {
        test.agree(new Change.Setting(Parameter.BLOCK_TRANSACTIONS, 3), test.hospital);
        var patient = test.patient();
        var height = test.ledger().height();

        IntStream.range(0, 20)
                .mapToObj(i -> test.sign(patient, test.grant(UUID.randomUUID())))
                .map(test.ledger()::submitAsync)
                .toList()
                .forEach(CompletableFuture::join);

        var blocks = test.tables().blocks(height, 100);
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(7);
        assertThat(blocks).allMatch(block -> block.header().transactions() <= 3);
        assertThat(test.findings()).isEmpty();
        test.restart();
        assertThat(test.ledger().value(Parameter.BLOCK_TRANSACTIONS)).isEqualTo(3);
    }

    @Test
    void a_block_waits_for_more_as_long_as_the_members_say() {
        test.agree(new Change.Setting(Parameter.BLOCK_WAIT_MILLIS, 300), test.hospital);
        var patient = test.patient();
        var height = test.ledger().height();

        IntStream.range(0, 20)
                .mapToObj(i -> test.sign(patient, test.grant(UUID.randomUUID())))
                .map(test.ledger()::submitAsync)
                .toList()
                .forEach(CompletableFuture::join);

        assertThat(test.ledger().height() - height).isLessThanOrEqualTo(2);
    }

    /// Of a key that a proposal only names no index would object, so it is looked up.
    @Test
    void a_key_that_is_on_the_ledger_is_proposed_for_nobody_else() {
        var known = test.patient().id();
        test.agree(new Change.Upgrade("governance", 2), test.hospital);
        test.restart();
        var change = new Change.Admission(new MemberId("apricot-clinic"), known);
        var expires = test.now().plus(Duration.ofDays(1));

        var proposal = new GovernanceCommand.Propose(UUID.randomUUID(), change, expires);

        var outcome = test.ledger().submit(test.sign(test.hospital, proposal, 2));

        assertThat(outcome).isInstanceOf(Refused.class);
        assertThat(((Refused) outcome).code()).isEqualTo("already-exists");
    }

    @Test
    void a_suspension_is_effective_at_once_ends_with_readmission_and_replays() {
        var clinic = TestKey.fresh();
        var id = new MemberId("apricot-clinic");
        var member = TestLedger.member(id, new MemberName("诊所", "Clinic"));
        test.agree(new Change.Admission(id, clinic.id()), test.hospital);
        test.submit(clinic, new MembershipCommand.Join(clinic.jwk(), member));

        test.agree(new Change.Suspension(id), test.hospital, clinic);
        var refused = test.submit(clinic, fhir("http://localhost:8080/fhir/x"));

        assertThat(test.ledger().isSuspended(id)).isTrue();
        assertThat(refused).isInstanceOf(Refused.class);
        assertThat(((Refused) refused).code()).isEqualTo("suspended-member");
        test.agree(new Change.Readmission(id), test.hospital);
        assertThat(test.ledger().isSuspended(id)).isFalse();
        assertThat(test.submit(clinic, fhir("http://localhost:8080/fhir/x")))
                .isInstanceOf(Committed.class);
        test.agree(new Change.Suspension(id), test.hospital, clinic);
        assertThat(test.ledger().isSuspended(id)).isTrue();
        assertThat(test.findings()).isEmpty();
    }

    @Test
    void everything_is_there_after_a_restart() {
        var patient = test.patient();
        var id = UUID.randomUUID();
        var first = test.submit(patient, test.grant(id));
        var height = test.ledger().height();

        var ledger = test.restart();

        assertThat(ledger.height()).isEqualTo(height);
        assertThat(ledger.consent(id)).isPresent();
        assertThat(first).isInstanceOf(Committed.class);
        test.submit(patient, new ConsentCommand.Withdraw(id));
        assertThat(ledger.height()).isEqualTo(height + 1);
        assertThat(test.findings()).isEmpty();
    }

    @Test
    void a_follower_sees_every_transaction_once_and_goes_on_where_it_stopped() throws Exception {
        var seen = new LinkedBlockingQueue<LedgerEvent>();
        List<String> functions = new ArrayList<>();
        LedgerEvent last;
        try (var following = test.ledger().follow(Position.START, seen::add)) {
            assertThat(following).isNotNull();
            functions.add(next(seen).transaction().command().function());
            last = next(seen);
            functions.add(last.transaction().command().function());
        }
        test.patient();

        try (var following = test.ledger().follow(last.position(), seen::add)) {
            assertThat(following).isNotNull();
            functions.add(next(seen).transaction().command().function());
            test.submit(test.hospital, fhir("http://localhost:8080/fhir/b"));
            functions.add(next(seen).transaction().command().function());
        }

        assertThat(functions).containsExactly("found", "join", "register", "update");
        assertThat(seen).isEmpty();
    }

    @Test
    void a_listener_that_fails_gets_the_same_transaction_again() throws Exception {
        var attempts = new LinkedBlockingQueue<LedgerEvent>();
        var first = new AtomicBoolean(true);

        try (var following =
                test.ledger()
                        .follow(
                                Position.START,
                                event -> {
                                    attempts.add(event);
                                    if (first.getAndSet(false)) {
                                        throw new IllegalStateException("not yet");
                                    }
                                })) {
            assertThat(following).isNotNull();
            assertThat(next(attempts)).isEqualTo(next(attempts));
        }
    }

    private static LedgerEvent next(BlockingQueue<LedgerEvent> seen) throws InterruptedException {
        return Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS), "nothing came");
    }

    private static MembershipCommand.Update fhir(String address) {
        return new MembershipCommand.Update(
                Optional.empty(), Optional.of(address), Optional.empty());
    }
}
