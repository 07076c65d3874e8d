package io.xinglin.contracts;

import static io.xinglin.contracts.MemoryLedger.CLINIC;
import static io.xinglin.contracts.MemoryLedger.HOSPITAL;
import static io.xinglin.contracts.MemoryLedger.vkey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From version 2 of membership on, the key that a log or a witness signs with is one member's, and so is the name of a log.
class VerifierKeysTests {
    private static final String NAME = "localhost:8080/log/" + CLINIC;
    private static final int NOTE = 1;
    private static final int COSIGNATURE = 4;

    private final MemoryLedger ledger = MemoryLedger.empty();

    /// The hospital's log signs with 1, its witness with 2.
    private void hospitalJoins() {
        ledger.submit(
                ledger.operator,
                new MembershipCommand.Found(
                        ledger.operator.jwk(),
                        ledger.founding().admitted(),
                        new TreeMap<>(Map.of("membership", 2L))));
        var join = ledger.join(ledger.hospital, HOSPITAL, vkey("city", NOTE, 1));
        ledger.submit(
                ledger.hospital,
                new MembershipCommand.Join(
                        join.key(), join.member().witnessing(witness("city", COSIGNATURE, 2))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nobody_joins_with_the_key_of_anothers_log_or_witness(int taken) {
        hospitalJoins();

        for (var algorithm : List.of(NOTE, COSIGNATURE)) {
            assertTaken(
                    () ->
                            ledger.submit(
                                    ledger.clinic,
                                    ledger.join(
                                            ledger.clinic,
                                            CLINIC,
                                            vkey("another", algorithm, taken))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nobody_takes_the_key_of_anothers_log_or_witness_later(int taken) {
        hospitalJoins();
        clinicJoins(3);

        assertTaken(() -> ledger.submit(ledger.clinic, log(vkey(NAME, NOTE, taken))));
        assertTaken(
                () -> ledger.submit(ledger.clinic, witness(witness("mine", COSIGNATURE, taken))));
    }

    @Test
    void a_key_that_was_given_up_stays_its_owners() {
        hospitalJoins();
        clinicJoins(3);
        ledger.submit(ledger.clinic, log(vkey(NAME, NOTE, 4)));

        assertTaken(() -> ledger.submit(ledger.hospital, witness(witness("city", COSIGNATURE, 3))));
        ledger.submit(ledger.clinic, log(vkey(NAME, NOTE, 3)));
    }

    @Test
    void a_member_may_move_and_keep_its_keys() {
        hospitalJoins();

        assertThatNoException()
                .isThrownBy(
                        () ->
                                ledger.submit(
                                        ledger.hospital,
                                        witness(
                                                new MemberWitness(
                                                        "https://elsewhere.example",
                                                        vkey("city", COSIGNATURE, 2)))));
    }

    @Test
    void nobody_joins_with_the_name_of_anothers_log() {
        hospitalJoins();
        var join = ledger.join(ledger.clinic, CLINIC, vkey(NAME, NOTE, 3));
        var hospital = ledger.get(StateKeys.member(HOSPITAL)).map(it -> Member.parse(it.value()));
        var log = join.member().log();
        var same = new MemberLog(hospital.orElseThrow().log().origin(), log.url(), log.vkey());
        var member =
                Member.of(
                        CLINIC,
                        join.member().name(),
                        join.member().roles(),
                        join.member().fhir(),
                        same);

        assertTaken(
                () -> ledger.submit(ledger.clinic, new MembershipCommand.Join(join.key(), member)));
    }

    /// In [MemoryLedger] all logs sign with one key, which version 1 lets them.
    @Test
    void version_2_begins_once_no_two_members_have_the_same_and_counts_what_they_had() {
        var grown = MemoryLedger.founded();
        var id = grown.propose(new Change.Upgrade("membership", 2));
        grown.submit(grown.hospital, new GovernanceCommand.Vote(id, true));
        grown.submit(grown.clinic, new GovernanceCommand.Vote(id, true));
        assertTaken(() -> grown.submit(grown.clinic, new GovernanceCommand.Decide(id)));

        grown.submit(grown.clinic, log(vkey(NAME, NOTE, 5)));
        grown.submit(grown.clinic, new GovernanceCommand.Decide(id));

        assertTaken(() -> grown.submit(grown.hospital, witness(witness("city", COSIGNATURE, 5))));
        assertThat(grown.range("verifier/")).hasSize(2);
    }

    private void clinicJoins(int key) {
        ledger.submit(ledger.clinic, ledger.join(ledger.clinic, CLINIC, vkey(NAME, NOTE, key)));
    }

    private static MembershipCommand.Update log(String vkey) {
        return new MembershipCommand.Update(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new MemberLog(NAME, "http://" + NAME, vkey)));
    }

    private static MembershipCommand.Update witness(MemberWitness witness) {
        return new MembershipCommand.Update(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(witness));
    }

    private static MemberWitness witness(String name, int algorithm, int key) {
        return new MemberWitness("https://witness.example", vkey(name, algorithm, key));
    }

    private static void assertTaken(ThrowingCallable submission) {
        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(submission)
                .satisfies(
                        violation ->
                                assertThat(violation.code())
                                        .isEqualTo(ViolationCode.VERIFIER_KEY_TAKEN));
    }
}
