package io.xinglin.consent;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static io.xinglin.consent.RecordCategory.CONDITIONS;
import static io.xinglin.consent.RecordCategory.LABORATORY;
import static io.xinglin.consent.RecordCategory.PRESCRIPTIONS;
import static io.xinglin.consent.RecordCategory.VITAL_SIGNS;
import static io.xinglin.consent.SensitivityClass.GENERAL;
import static io.xinglin.consent.SensitivityClass.MENTAL_HEALTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.consent.AccessDecision.DenialReason;
import io.xinglin.consent.AccessDecision.Deny;
import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.ConsentFact;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.KeyHolder;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Opening;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@TestNode
class ConsentsTests {
    private static final Deny NO_CONSENT = new Deny(DenialReason.NO_CONSENT);
    private static final Deny WITHDRAWN = new Deny(DenialReason.WITHDRAWN);

    @Autowired Consents consents;
    @Autowired ConsentTable table;
    @Autowired Identities identities;
    @Autowired Ledger ledger;
    @Autowired TransactionTemplate transaction;
    @Autowired JdbcClient jdbc;
    @Autowired DataSource dataSource;
    @Autowired TestClock clock;

    private PatientId patient = new PatientId(CITY, "nobody");

    @BeforeEach
    void enrolPatient() {
        patient = new PatientId(CITY, UUID.randomUUID().toString());
        identities.enrol(patient);
    }

    @Test
    void without_a_consent_another_organisation_reads_nothing() {
        assertThat(decide(doctor(), LABORATORY)).isEqualTo(NO_CONSENT);
    }

    @Test
    void a_consent_permits_what_it_says() {
        var consent = consents.grant(patient, terms(LABORATORY));

        var permit = (Permit) decide(doctor(), LABORATORY);

        assertThat(permit.covers(LABORATORY, Set.of(GENERAL))).isTrue();
        assertThat(permit.consents()).containsExactly(consent.id());
    }

    @Test
    void a_consent_permits_nothing_else() {
        consents.grant(patient, terms(LABORATORY));

        assertThat(decide(doctor(), PRESCRIPTIONS)).isEqualTo(NO_CONSENT);
        assertThat(decide(doctorOf(CLINIC), LABORATORY)).isEqualTo(NO_CONSENT);
        assertThat(decide(doctorFor(PurposeOfUse.HRESCH), LABORATORY)).isEqualTo(NO_CONSENT);
        var permit = (Permit) decide(doctor(), LABORATORY, PRESCRIPTIONS);
        assertThat(permit.categories()).containsExactly(LABORATORY);
        assertThat(permit.covers(LABORATORY, Set.of(MENTAL_HEALTH))).isFalse();
    }

    @Test
    void a_consent_of_one_patient_is_not_anothers() {
        consents.grant(patient, terms(LABORATORY));
        var other = new PatientId(CITY, "other-" + patient.id().substring(0, 8));
        var request = new AccessRequest(other, doctor(), Set.of(LABORATORY));

        assertThat(decide(request)).isEqualTo(NO_CONSENT);
    }

    @Test
    void a_consent_put_under_another_reader_in_the_database_permits_nobody() {
        var shared = consents.grant(patient, terms(LABORATORY));
        var other = consents.grant(patient, with(terms(PRESCRIPTIONS), CLINIC));
        var reader = reader(shared.id());

        refile(shared.id(), reader(other.id()));

        assertThat(decide(doctorOf(CLINIC), LABORATORY)).isEqualTo(NO_CONSENT);
        assertThat(decide(doctorOf(CLINIC), PRESCRIPTIONS)).isInstanceOf(Permit.class);
        refile(shared.id(), reader);
    }

    @Test
    void a_withdrawn_consent_denies_the_next_read() {
        var consent = consents.grant(patient, terms(LABORATORY));

        var withdrawn = consents.withdraw(patient, consent.id());

        assertThat(withdrawn.status()).isEqualTo(ConsentStatus.WITHDRAWN);
        assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
    }

    @Test
    void withdrawing_twice_is_the_same_as_once() {
        var consent = consents.grant(patient, terms(LABORATORY));

        var first = consents.withdraw(patient, consent.id());

        assertThat(consents.withdraw(patient, consent.id())).isEqualTo(first);
    }

    @Test
    void a_consent_ends_at_its_end() {
        consents.grant(patient, terms(LABORATORY));

        clock.pass(Duration.ofDays(7));

        assertThat(decide(doctor(), LABORATORY)).isEqualTo(new Deny(DenialReason.EXPIRED));
    }

    @Test
    void a_second_consent_permits_again_after_the_first_was_withdrawn() {
        consents.withdraw(patient, consents.grant(patient, terms(LABORATORY)).id());

        var second = consents.grant(patient, terms(LABORATORY));

        assertThat(((Permit) decide(doctor(), LABORATORY)).consents()).containsExactly(second.id());
    }

    @Test
    void two_consents_do_not_add_up_to_more_than_each_says() {
        consents.grant(patient, terms(Set.of(GENERAL), LABORATORY));
        consents.grant(patient, terms(Set.of(MENTAL_HEALTH), CONDITIONS));

        var permit = (Permit) decide(doctor(), LABORATORY, CONDITIONS, VITAL_SIGNS);

        assertThat(permit.categories()).containsExactlyInAnyOrder(LABORATORY, CONDITIONS);
        assertThat(permit.covers(LABORATORY, Set.of(GENERAL))).isTrue();
        assertThat(permit.covers(CONDITIONS, Set.of(MENTAL_HEALTH))).isTrue();
        assertThat(permit.covers(LABORATORY, Set.of(MENTAL_HEALTH))).isFalse();
        assertThat(permit.covers(CONDITIONS, Set.of(GENERAL))).isFalse();
    }

    @Test
    void the_patient_and_the_custodians_own_people_read_everything() {
        for (var caller :
                List.of(
                        new Caller.Patient(patient),
                        new Caller.Staff(CITY, "wu", PurposeOfUse.TREAT),
                        new Caller.Service(CITY, "integrator"))) {
            var permit = (Permit) decide(caller, LABORATORY, CONDITIONS);
            assertThat(permit.covers(CONDITIONS, Set.of(MENTAL_HEALTH))).isTrue();
            assertThat(permit.consents()).isEmpty();
        }
    }

    @Test
    void other_patients_and_callers_at_other_organisations_read_nothing() {
        for (var caller :
                List.of(
                        new Caller.Patient(new PatientId(CITY, "someone-else")),
                        new Caller.Patient(new PatientId(RIVER, patient.id())),
                        new Caller.Staff(RIVER, "li", PurposeOfUse.TREAT),
                        new Caller.Service(RIVER, "integrator"))) {
            assertThat(decide(caller, LABORATORY)).isEqualTo(NO_CONSENT);
        }
    }

    @Test
    void the_ledger_holds_the_patients_key_and_a_commitment_but_not_who_or_what() {
        var consent = consents.grant(patient, terms(LABORATORY));

        var fact = ledger.consent(consent.id().value()).orElseThrow();

        assertThat(fact.subject()).isEqualTo(identities.enrol(patient));
        assertThat(fact.toJson())
                .doesNotContain(patient.id(), RIVER.value(), "LABORATORY", "TREAT");
    }

    @Test
    void the_ledger_knows_of_a_withdrawal() {
        var consent = consents.grant(patient, terms(LABORATORY));

        consents.withdraw(patient, consent.id());

        assertThat(ledger.consent(consent.id().value()).map(ConsentFact::withdrawn)).hasValue(true);
        assertThat(table.unsettled()).doesNotContain(consent.id());
    }

    @Test
    void a_consent_withdrawn_on_the_ledger_alone_is_refused() {
        var consent = consents.grant(patient, terms(LABORATORY));

        identities.submit(patient, new ConsentCommand.Withdraw(consent.id().value()));

        assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
    }

    @Test
    void a_proposal_that_the_ledger_never_saw_permits_nothing_and_is_forgotten() {
        var id = propose(terms(LABORATORY));

        assertThat(decide(doctor(), LABORATORY)).isEqualTo(NO_CONSENT);
        assertThat(consents.of(patient))
                .extracting(Consent::id, Consent::status)
                .containsExactly(tuple(id, ConsentStatus.PROPOSED));
        assertThat(consents.receipt(patient, id)).isEmpty();

        clock.pass(Duration.ofMinutes(11));
        consents.settle();

        assertThat(consents.of(patient)).isEmpty();
        assertThat(table.unsettled()).doesNotContain(id);
    }

    @Test
    void a_proposal_that_was_withdrawn_stays_withdrawn_when_the_ledger_commits_it_late() {
        var terms = terms(LABORATORY);
        var id = propose(terms);

        assertThat(consents.withdraw(patient, id).status()).isEqualTo(ConsentStatus.WITHDRAWN);
        var opening = table.find(id).orElseThrow().opening();
        consents.propose(id, patient, opening, terms.until());
        consents.settle();

        assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
        assertThat(ledger.consent(id.value()).map(ConsentFact::withdrawn)).hasValue(true);
        assertThat(table.unsettled()).doesNotContain(id);
    }

    @Test
    void a_proposal_that_was_withdrawn_and_never_reached_the_ledger_is_not_owed_for_ever() {
        var id = propose(terms(LABORATORY));
        consents.withdraw(patient, id);
        assertThat(table.unsettled()).contains(id);

        clock.pass(Duration.ofMinutes(11));
        consents.settle();

        assertThat(table.unsettled()).doesNotContain(id);
        assertThat(consents.get(patient, id).status()).isEqualTo(ConsentStatus.WITHDRAWN);
    }

    @Test
    void a_consent_that_the_ledger_agreed_to_and_this_node_could_not_note_is_not_denied() {
        jdbc.sql("alter table consent.event add constraint broken check (kind = 'X') not valid")
                .update();
        try {
            assertThatThrownBy(() -> consents.grant(patient, terms(LABORATORY)))
                    .isInstanceOf(UnsettledConsent.class);
        } finally {
            jdbc.sql("alter table consent.event drop constraint broken").update();
        }
        var id = consents.of(patient).getFirst().id();
        assertThat(consents.get(patient, id).status()).isEqualTo(ConsentStatus.PROPOSED);

        consents.settle();

        assertThat(consents.get(patient, id).status()).isEqualTo(ConsentStatus.GRANTED);
    }

    @Test
    void one_consent_that_cannot_be_settled_does_not_keep_others_waiting() {
        var damaged = propose(terms(LABORATORY));
        jdbc.sql(
                        "update consent.consent set terms = set_byte(terms, 20, get_byte(terms, 20) # 1) where id = ?")
                .param(damaged.value())
                .update();
        var other = propose(terms(LABORATORY));
        clock.pass(Duration.ofMinutes(11));

        consents.settle();

        assertThat(table.unsettled()).contains(damaged).doesNotContain(other);
        table.drop(damaged);
    }

    @Test
    void a_consent_that_a_crash_stopped_after_the_ledger_comes_into_force() {
        var consent = consents.grant(patient, terms(LABORATORY));
        jdbc.sql("delete from consent.event where consent = ?")
                .param(consent.id().value())
                .update();
        jdbc.sql("update consent.consent set status = 'PROPOSED' where id = ?")
                .param(consent.id().value())
                .update();
        assertThat(decide(doctor(), LABORATORY)).isEqualTo(NO_CONSENT);

        consents.settle();

        assertThat(decide(doctor(), LABORATORY)).isInstanceOf(Permit.class);
    }

    @Test
    void a_withdrawal_that_a_crash_stopped_before_the_ledger_is_told_later() {
        var consent = consents.grant(patient, terms(LABORATORY));
        transaction.executeWithoutResult(_ -> table.withdraw(consent.id(), clock.instant()));
        assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);

        consents.settle();

        assertThat(ledger.consent(consent.id().value()).map(ConsentFact::withdrawn)).hasValue(true);
    }

    @Test
    void what_a_consent_says_lies_sealed() {
        var consent = consents.grant(patient, terms(LABORATORY));

        var bytes =
                jdbc.sql("select terms || patient || reader from consent.consent where id = ?")
                        .param(consent.id().value())
                        .query(byte[].class)
                        .single();

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .doesNotContain("LABORATORY", RIVER.value(), patient.id());
    }

    @Test
    void a_row_changed_behind_our_back_is_not_believed() {
        var consent = consents.grant(patient, terms(LABORATORY));
        jdbc.sql(
                        "update consent.consent set terms = set_byte(terms, 20, get_byte(terms, 20) # 1) where id = ?")
                .param(consent.id().value())
                .update();

        assertThatThrownBy(() -> decide(doctor(), LABORATORY))
                .hasMessageContaining("does not open");
    }

    @Test
    void the_terms_of_one_consent_do_not_pass_for_anothers() {
        var narrow = consents.grant(patient, terms(LABORATORY));
        var wide = propose(terms(RecordCategory.values()));
        jdbc.sql(
                        """
                        update consent.consent set terms = (select terms from consent.consent where id = ?)
                        where id = ?
                        """)
                .params(wide.value(), narrow.id().value())
                .update();

        assertThatThrownBy(() -> decide(doctor(), CONDITIONS))
                .hasMessageContaining("does not open");
    }

    @Test
    void terms_that_the_ledger_did_not_agree_to_are_not_believed() {
        var consent = consents.grant(patient, terms(LABORATORY));
        var other = propose(terms(RecordCategory.values()));
        jdbc.sql("delete from consent.event where consent = ?")
                .param(consent.id().value())
                .update();
        jdbc.sql("delete from consent.consent where id = ?").param(consent.id().value()).update();
        reseal(other, consent.id());

        assertThatThrownBy(() -> decide(doctor(), CONDITIONS))
                .hasMessageContaining("not the one that the ledger agreed to");
    }

    @Test
    void a_decision_needs_the_transaction_of_the_disclosure() {
        var request = new AccessRequest(patient, doctor(), Set.of(LABORATORY));

        assertThatThrownBy(() -> consents.decide(request))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_withdrawal_waits_for_a_disclosure_that_was_decided_before_it() throws Exception {
        var consent = consents.grant(patient, terms(LABORATORY));
        var decided = new CountDownLatch(1);
        var disclosed = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var read =
                    threads.submit(
                            () ->
                                    transaction.execute(
                                            _ -> {
                                                var decision =
                                                        consents.decide(
                                                                request(doctor(), LABORATORY));
                                                decided.countDown();
                                                await(disclosed);
                                                return decision;
                                            }));
            decided.await();
            var withdrawal = threads.submit(() -> consents.withdraw(patient, consent.id()));

            assertThatThrownBy(() -> withdrawal.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            disclosed.countDown();
            assertThat(read.get()).isInstanceOf(Permit.class);
            assertThat(withdrawal.get().status()).isEqualTo(ConsentStatus.WITHDRAWN);
        }
        assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
    }

    @Test
    void a_read_that_begins_during_a_withdrawal_waits_for_it_and_is_refused() throws Exception {
        var consent = consents.grant(patient, terms(LABORATORY));
        var withdrawing = new CountDownLatch(1);
        var commit = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var withdrawal =
                    threads.submit(
                            () ->
                                    transaction.executeWithoutResult(
                                            _ -> {
                                                table.findForUpdate(patient, consent.id());
                                                table.withdraw(consent.id(), clock.instant());
                                                withdrawing.countDown();
                                                await(commit);
                                            }));
            withdrawing.await();
            var read = threads.submit(() -> decide(doctor(), LABORATORY));

            assertThatThrownBy(() -> read.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            commit.countDown();
            assertThat(read.get()).isEqualTo(WITHDRAWN);
            withdrawal.get();
        }
    }

    @Test
    void no_read_is_permitted_once_a_withdrawal_has_returned() throws Exception {
        for (var round = 0; round < 10; round++) {
            var consent = consents.grant(patient, terms(LABORATORY));
            var withdrawn = new AtomicBoolean();
            var stop = new AtomicBoolean();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var readers =
                        Stream.generate(() -> threads.submit(() -> readUntil(stop, withdrawn)))
                                .limit(4)
                                .toList();
                Thread.sleep(20);
                consents.withdraw(patient, consent.id());
                withdrawn.set(true);
                assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
                Thread.sleep(20);
                stop.set(true);
                for (var reader : readers) {
                    assertThat(reader.get()).as("no read permitted after withdrawal").isTrue();
                }
            }
        }
    }

    @Test
    void reads_without_a_pause_do_not_delay_a_withdrawal() throws Exception {
        var consent = consents.grant(patient, terms(LABORATORY));
        var stop = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var reader = 0; reader < 24; reader++) {
                threads.execute(() -> discloseUntil(stop));
            }
            Thread.sleep(500);
            var withdrawal = threads.submit(() -> consents.withdraw(patient, consent.id()));
            try {
                assertThat(withdrawal.get(5, TimeUnit.SECONDS).status())
                        .isEqualTo(ConsentStatus.WITHDRAWN);
                assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
            } finally {
                stop.set(true);
            }
        }
    }

    /// Decides and takes the time of a disclosure, again and again.
    private void discloseUntil(AtomicBoolean stop) {
        while (!stop.get()) {
            transaction.executeWithoutResult(
                    _ -> {
                        consents.decide(request(doctor(), LABORATORY));
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                    });
        }
    }

    /// Reads again and again; whether no read that began after the withdrawal was permitted.
    private boolean readUntil(AtomicBoolean stop, AtomicBoolean withdrawn) {
        while (!stop.get()) {
            var after = withdrawn.get();
            if (after && decide(doctor(), LABORATORY) instanceof Permit) {
                return false;
            }
            decide(doctor(), LABORATORY);
        }
        return true;
    }

    @Test
    void nonsense_is_refused_with_what_is_wrong() {
        var good = terms(LABORATORY);
        var now = clock.instant();

        assertRefused(with(good, new MemberId("nobody-knows")), "unknown-member");
        assertRefused(with(good, CITY), "no-consent-needed");
        assertRefused(until(good, now.minusSeconds(1)), "past-end");
        assertRefused(until(good, now.plus(Duration.ofDays(5000))), "too-long");
        assertRefused(terms(), "nothing-shared");
        assertRefused(terms(Set.of(), LABORATORY), "nothing-shared");
        assertThat(consents.of(patient)).isEmpty();
    }

    @Test
    void a_patient_sees_and_withdraws_only_their_own() {
        var consent = consents.grant(patient, terms(LABORATORY));
        var other = new PatientId(CITY, UUID.randomUUID().toString());
        identities.enrol(other);

        assertThat(consents.of(other)).isEmpty();
        assertThatThrownBy(() -> consents.withdraw(other, consent.id()))
                .isInstanceOf(UnknownConsent.class);
        assertThatThrownBy(() -> consents.get(other, consent.id()))
                .isInstanceOf(UnknownConsent.class);
        assertThat(decide(doctor(), LABORATORY)).isInstanceOf(Permit.class);
    }

    @Test
    void a_patients_consent_survives_the_rotation_of_their_key() {
        var consent = consents.grant(patient, terms(LABORATORY));

        identities.rotate(new KeyHolder.Patient(patient));

        assertThat(decide(doctor(), LABORATORY)).isInstanceOf(Permit.class);
        consents.withdraw(patient, consent.id());
        assertThat(ledger.consent(consent.id().value()).map(ConsentFact::withdrawn)).hasValue(true);
    }

    @Test
    void a_withdrawal_is_answered_and_in_force_while_the_ledger_does_not_answer() throws Exception {
        var id = consents.grant(patient, terms(LABORATORY)).id();
        try (var stalled = dataSource.getConnection()) {
            stalled.setAutoCommit(false);
            stalled.createStatement().execute("lock table ledger.block in exclusive mode");

            var answer =
                    CompletableFuture.supplyAsync(
                            () -> consents.withdraw(patient, id), Thread::startVirtualThread);

            assertThat(answer.get(1, TimeUnit.MINUTES).status()).isEqualTo(ConsentStatus.WITHDRAWN);
            assertThat(decide(doctor(), LABORATORY)).isEqualTo(WITHDRAWN);
            assertThat(ledger.consent(id.value()).orElseThrow().withdrawn()).isFalse();
            stalled.rollback();
        }
        while (!ledger.consent(id.value()).orElseThrow().withdrawn()) {
            Thread.onSpinWait();
        }
    }

    private void assertRefused(ConsentTerms terms, String slug) {
        assertThatThrownBy(() -> consents.grant(patient, terms))
                .isInstanceOfSatisfying(
                        InvalidConsent.class,
                        e -> assertThat(e.getBody().getType()).hasToString("/problems/" + slug));
    }

    /// What a crash before the ledger leaves behind.
    private ConsentId propose(ConsentTerms terms) {
        var id = new ConsentId(UUID.randomUUID());
        var statement = Statement.granted(patient, id, terms, clock.instant());
        var opening = Opening.of(new byte[32], statement);
        table.propose(id, patient, terms, opening, clock.instant());
        return id;
    }

    /// Gives a proposal the id of a consent on the ledger, as somebody with the node's keys could.
    private void reseal(ConsentId from, ConsentId to) {
        var row = table.find(from).orElseThrow();
        table.propose(to, patient, row.terms(), row.opening(), clock.instant());
        table.grant(to);
    }

    private byte[] reader(ConsentId id) {
        return jdbc.sql("select reader from consent.consent where id = ?")
                .param(id.value())
                .query(byte[].class)
                .single();
    }

    private void refile(ConsentId id, byte[] reader) {
        jdbc.sql("update consent.consent set reader = ? where id = ?")
                .params(reader, id.value())
                .update();
    }

    private AccessDecision decide(Caller reader, RecordCategory... asked) {
        return decide(request(reader, asked));
    }

    private AccessDecision decide(AccessRequest request) {
        return transaction.execute(_ -> consents.decide(request));
    }

    private AccessRequest request(Caller reader, RecordCategory... asked) {
        return new AccessRequest(patient, reader, Set.of(asked));
    }

    private static Caller doctor() {
        return doctorOf(RIVER);
    }

    private static Caller doctorOf(MemberId organisation) {
        return new Caller.Peer(CITY, organisation, "li", PurposeOfUse.TREAT);
    }

    private static Caller doctorFor(PurposeOfUse purpose) {
        return new Caller.Peer(CITY, RIVER, "li", purpose);
    }

    private ConsentTerms terms(RecordCategory... categories) {
        return terms(Set.of(GENERAL), categories);
    }

    private ConsentTerms terms(Set<SensitivityClass> classes, RecordCategory... categories) {
        var parts = EnumSet.noneOf(RecordCategory.class);
        parts.addAll(Arrays.asList(categories));
        return new ConsentTerms(
                RIVER,
                parts,
                classes,
                Set.of(PurposeOfUse.TREAT),
                clock.instant().plus(Duration.ofDays(7)));
    }

    private static ConsentTerms with(ConsentTerms terms, MemberId grantee) {
        return new ConsentTerms(
                grantee, terms.categories(), terms.classes(), terms.purposes(), terms.until());
    }

    private static ConsentTerms until(ConsentTerms terms, Instant until) {
        return new ConsentTerms(
                terms.grantee(), terms.categories(), terms.classes(), terms.purposes(), until);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
