package io.xinglin.contracts;

import static io.xinglin.contracts.MemoryLedger.CLINIC;
import static io.xinglin.contracts.MemoryLedger.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.xinglin.contracts.GovernanceCommand.Decide;
import io.xinglin.contracts.GovernanceCommand.Propose;
import io.xinglin.contracts.GovernanceCommand.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// A hospital and a clinic founded the ledger; what happens after that, they decide together.
class GovernanceTests {
    private static final MemberId PHARMACY = new MemberId("spring-pharmacy");
    private static final MemberId STRANGER = new MemberId("strange-hospital");

    private final MemoryLedger ledger = MemoryLedger.founded();
    private final TestKey pharmacy = TestKey.es256();

    @Test
    void an_organisation_joins_after_the_founding_when_most_members_agree() {
        var proposal = ledger.propose(new Change.Admission(PHARMACY, pharmacy.id()));
        assertRefused(
                ViolationCode.NOT_ADMITTED,
                () -> ledger.submit(pharmacy, ledger.join(pharmacy, PHARMACY)));

        ledger.submit(ledger.hospital, new Vote(proposal, true));
        assertRefused(
                ViolationCode.UNDECIDED,
                () -> ledger.submit(ledger.hospital, new Decide(proposal)));
        ledger.submit(ledger.clinic, new Vote(proposal, true));
        ledger.submit(ledger.clinic, new Decide(proposal));
        ledger.submit(pharmacy, ledger.join(pharmacy, PHARMACY));

        assertThat(ledger.get(StateKeys.member(PHARMACY))).isPresent();
        assertThat(decision(proposal)).isEqualTo(new Decision(true, 2, 0, 2, ledger.time()));
        assertThat(ledger.range(StateKeys.votes(proposal)).values())
                .extracting(vote -> Ballot.parse(vote.value()))
                .containsExactly(new Ballot(CLINIC, true), new Ballot(HOSPITAL, true));
    }

    @Test
    void a_proposal_that_can_no_longer_win_is_rejected_and_changes_nothing() {
        var proposal = ledger.propose(new Change.Suspension(CLINIC));
        ledger.submit(ledger.clinic, new Vote(proposal, false));

        ledger.submit(ledger.hospital, new Decide(proposal));

        assertThat(decision(proposal).accepted()).isFalse();
        assertThat(ledger.get(StateKeys.suspension(CLINIC))).isEmpty();
        assertRefused(
                ViolationCode.PROPOSAL_CLOSED,
                () -> ledger.submit(ledger.hospital, new Vote(proposal, true)));
        assertRefused(
                ViolationCode.PROPOSAL_CLOSED,
                () -> ledger.submit(ledger.hospital, new Decide(proposal)));
    }

    @Test
    void a_proposal_expires() {
        var proposal = ledger.propose(new Change.Suspension(CLINIC));
        ledger.submit(ledger.hospital, new Vote(proposal, true));
        ledger.submit(ledger.clinic, new Vote(proposal, true));

        ledger.pass(Duration.ofDays(7).plusMillis(1));

        assertRefused(
                ViolationCode.PROPOSAL_CLOSED,
                () -> ledger.submit(ledger.hospital, new Decide(proposal)));
        assertRefused(
                ViolationCode.UNKNOWN_PROPOSAL,
                () -> ledger.submit(ledger.hospital, new Vote(UUID.randomUUID(), true)));
        for (var expires : List.of(ledger.time(), ledger.time().plus(Duration.ofDays(91)))) {
            assertRefused(
                    ViolationCode.BAD_ARGUMENTS,
                    () ->
                            ledger.submit(
                                    ledger.hospital,
                                    new Propose(
                                            UUID.randomUUID(),
                                            new Change.Suspension(CLINIC),
                                            expires)));
        }
    }

    @Test
    void each_member_votes_once_in_its_own_name() {
        var proposal = ledger.propose(new Change.Suspension(CLINIC));
        ledger.submit(ledger.hospital, new Vote(proposal, true));

        for (var second : List.of(true, false)) {
            assertRefused(
                    ViolationCode.ALREADY_EXISTS,
                    () -> ledger.submit(ledger.hospital, new Vote(proposal, second)));
        }
        assertRefused(
                ViolationCode.NOT_PERMITTED,
                () -> ledger.submit(ledger.patient(), new Vote(proposal, true)));
        assertRefused(
                ViolationCode.NOT_PERMITTED,
                () -> ledger.submit(ledger.patient(), new Decide(proposal)));
        assertRefused(
                ViolationCode.UNKNOWN_KEY, () -> ledger.submit(pharmacy, new Vote(proposal, true)));
    }

    @Test
    void who_is_admitted_but_has_not_joined_counts_so_that_the_first_cannot_decide_alone() {
        var founding = MemoryLedger.empty();
        founding.submit(founding.operator, founding.founding());
        founding.submit(founding.hospital, founding.join(founding.hospital, HOSPITAL));
        var proposal = founding.propose(new Change.Admission(PHARMACY, pharmacy.id()));
        founding.submit(founding.hospital, new Vote(proposal, true));

        assertRefused(
                ViolationCode.UNDECIDED,
                () -> founding.submit(founding.hospital, new Decide(proposal)));
    }

    @Test
    void a_suspended_member_and_its_staff_sign_nothing_until_it_is_readmitted() {
        var practitioner = TestKey.es256();
        ledger.submit(practitioner, ledger.register(practitioner, KeyKind.PRACTITIONER));
        admitPharmacy();
        suspendHospital();

        for (var signer : List.of(ledger.hospital, practitioner)) {
            assertRefused(
                    ViolationCode.SUSPENDED_MEMBER,
                    () -> ledger.submit(signer, new KeysCommand.Revoke(practitioner.id())));
        }
        var newcomer = TestKey.es256();
        assertRefused(
                ViolationCode.SUSPENDED_MEMBER,
                () -> ledger.submit(newcomer, ledger.register(newcomer, KeyKind.PATIENT)));

        var back = proposal(ledger.clinic, new Change.Readmission(HOSPITAL));
        ledger.submit(ledger.clinic, new Vote(back, true));
        ledger.submit(pharmacy, new Vote(back, true));
        ledger.submit(pharmacy, new Decide(back));

        ledger.submit(ledger.hospital, new KeysCommand.Revoke(practitioner.id()));
    }

    @Test
    void a_patient_of_a_suspended_member_still_withdraws() {
        var patient = ledger.patient();
        var consent = UUID.randomUUID();
        ledger.submit(patient, ledger.grant(consent));
        admitPharmacy();

        suspendHospital();

        ledger.submit(patient, new ConsentCommand.Withdraw(consent));
        assertThat(ledger.consent(consent).withdrawn()).isTrue();
    }

    @Test
    void a_vote_of_a_member_suspended_meanwhile_does_not_count() {
        admitPharmacy();
        var proposal = ledger.propose(new Change.Setting(Parameter.BLOCK_TRANSACTIONS, 100));
        ledger.submit(ledger.hospital, new Vote(proposal, true));
        ledger.submit(ledger.clinic, new Vote(proposal, true));

        suspendHospital();

        assertRefused(ViolationCode.UNDECIDED, () -> ledger.submit(pharmacy, new Decide(proposal)));
        ledger.submit(pharmacy, new Vote(proposal, true));
        ledger.submit(pharmacy, new Decide(proposal));
        assertThat(decision(proposal)).isEqualTo(new Decision(true, 2, 0, 2, ledger.time()));
    }

    /// What makes a decision lose when a vote or a suspension comes in between.
    @Test
    void a_decision_reads_the_ranges_it_counts() {
        var proposal = ledger.propose(new Change.Suspension(CLINIC));
        ledger.submit(ledger.clinic, new Vote(proposal, false));

        var effects = ledger.submit(ledger.hospital, new Decide(proposal));

        assertThat(effects.ranges().keySet())
                .containsExactly("admitted/", "suspension/", "vote/" + proposal + "/");
    }

    @Test
    void the_majority_is_itself_decided_by_majority() {
        admitPharmacy();
        ledger.agree(new Change.Setting(Parameter.MAJORITY_PERCENT, 67));
        var proposal = ledger.propose(new Change.Suspension(CLINIC));
        ledger.submit(ledger.hospital, new Vote(proposal, true));
        ledger.submit(pharmacy, new Vote(proposal, true));

        assertRefused(ViolationCode.UNDECIDED, () -> ledger.submit(pharmacy, new Decide(proposal)));
    }

    @Test
    void changes_that_cannot_be_made_are_not_proposed() {
        for (var change :
                List.<Change>of(
                        new Change.Setting(Parameter.MAJORITY_PERCENT, 49),
                        new Change.Setting(Parameter.BLOCK_TRANSACTIONS, 0))) {
            assertRefused(ViolationCode.BAD_ARGUMENTS, () -> ledger.propose(change));
        }
        for (var change :
                List.<Change>of(
                        new Change.Upgrade("anchor", 3),
                        new Change.Upgrade("anchor", 0),
                        new Change.Upgrade("lottery", 1))) {
            assertRefused(ViolationCode.UNKNOWN_FUNCTION, () -> ledger.propose(change));
        }
        assertRefused(
                ViolationCode.UNKNOWN_MEMBER, () -> ledger.agree(new Change.Suspension(PHARMACY)));
        assertRefused(
                ViolationCode.NOT_PERMITTED, () -> ledger.agree(new Change.Readmission(CLINIC)));
        assertRefused(
                ViolationCode.ALREADY_EXISTS,
                () -> ledger.agree(new Change.Admission(CLINIC, pharmacy.id())));
    }

    @Test
    void from_version_2_on_nothing_impossible_is_proposed_about_an_organisation() {
        admitPharmacy();
        ledger.agree(new Change.Upgrade("governance", 2));
        var stranger = TestKey.es256();

        assertNotProposed(new Change.Suspension(STRANGER), ViolationCode.UNKNOWN_MEMBER);
        assertNotProposed(new Change.Readmission(STRANGER), ViolationCode.UNKNOWN_MEMBER);
        assertNotProposed(new Change.Readmission(CLINIC), ViolationCode.NOT_SUSPENDED);
        assertNotProposed(
                new Change.Admission(CLINIC, stranger.id()), ViolationCode.ALREADY_EXISTS);
        assertNotProposed(
                new Change.Admission(STRANGER, pharmacy.id()), ViolationCode.ALREADY_EXISTS);
        ledger.agree(new Change.Admission(STRANGER, stranger.id()));
        assertNotProposed(
                new Change.Admission(STRANGER, stranger.id()), ViolationCode.ALREADY_EXISTS);
    }

    @Test
    void what_version_2_lets_be_proposed_can_be_done() {
        ledger.agree(new Change.Upgrade("governance", 2));
        ledger.agree(new Change.Admission(PHARMACY, TestKey.es256().id()));
        ledger.agree(new Change.Admission(PHARMACY, pharmacy.id()));
        ledger.submit(pharmacy, ledger.join(pharmacy, PHARMACY));

        suspendHospital();
        assertRefused(
                ViolationCode.ALREADY_EXISTS,
                () -> proposal(ledger.clinic, new Change.Suspension(HOSPITAL)));
        var back = proposal(ledger.clinic, new Change.Readmission(HOSPITAL));
        ledger.submit(ledger.clinic, new Vote(back, true));
        ledger.submit(pharmacy, new Vote(back, true));
        ledger.submit(pharmacy, new Decide(back));

        assertThat(ledger.get(StateKeys.suspension(HOSPITAL))).isEmpty();
    }

    @Test
    void version_1_says_so_only_when_it_is_decided() {
        ledger.propose(new Change.Suspension(STRANGER));
        ledger.propose(new Change.Readmission(CLINIC));
        ledger.propose(new Change.Admission(CLINIC, pharmacy.id()));
    }

    @Test
    void after_a_vote_the_ledger_runs_another_version_of_a_contract_and_no_other() {
        var said = ledger.checkpoint(8, (byte) 1);
        var unsigned =
                new AnchorCommand.Checkpoint(
                        said.origin(),
                        said.size(),
                        said.root(),
                        said.checkpoint().replaceFirst("(?s)(.*) .*", "$1 AAAA\n"));
        var version2 = ledger.sign(ledger.hospital, said, 2);
        assertRefused(ViolationCode.WRONG_VERSION, () -> ledger.submit(version2));
        ledger.simulate(ledger.sign(ledger.hospital, unsigned, 1));

        ledger.agree(new Change.Upgrade("anchor", 2));

        assertRefused(
                ViolationCode.WRONG_VERSION,
                () -> ledger.submit(ledger.sign(ledger.hospital, said, 1)));
        assertRefused(
                ViolationCode.BAD_SIGNATURE,
                () -> ledger.submit(ledger.sign(ledger.hospital, unsigned, 2)));
        ledger.submit(ledger.sign(ledger.hospital, said, 2));
    }

    @Test
    void a_founding_may_begin_with_later_versions() {
        var fresh = MemoryLedger.empty();
        var founding =
                new MembershipCommand.Found(
                        fresh.operator.jwk(),
                        fresh.founding().admitted(),
                        new TreeMap<>(Map.of("anchor", 2L)));

        fresh.submit(fresh.operator, founding);

        assertThat(fresh.get(StateKeys.contractVersion("anchor")).map(Versioned::value))
                .contains("{\"version\":2}");
        assertThat(ContractVersions.inForce(Optional.empty())).isEqualTo(1);
    }

    @Test
    void a_note_of_another_key_or_text_is_not_signed_by_the_log() {
        ledger.agree(new Change.Upgrade("anchor", 2));
        var said = ledger.checkpoint(8, (byte) 1);
        var other = MemoryLedger.founded().checkpoint(8, (byte) 1);
        var extended =
                new AnchorCommand.Checkpoint(
                        said.origin(),
                        said.size(),
                        said.root(),
                        said.checkpoint().replace("\n\n", "\nextension\n\n"));

        for (var forged : List.of(other, extended)) {
            assertRefused(
                    ViolationCode.BAD_SIGNATURE,
                    () -> ledger.submit(ledger.sign(ledger.hospital, forged, 2)));
        }
    }

    private void admitPharmacy() {
        ledger.agree(new Change.Admission(PHARMACY, pharmacy.id()));
        ledger.submit(pharmacy, ledger.join(pharmacy, PHARMACY));
    }

    private void suspendHospital() {
        var proposal = proposal(ledger.clinic, new Change.Suspension(HOSPITAL));
        ledger.submit(ledger.clinic, new Vote(proposal, true));
        ledger.submit(pharmacy, new Vote(proposal, true));
        ledger.submit(ledger.clinic, new Decide(proposal));
    }

    private UUID proposal(TestKey proposer, Change change) {
        var id = UUID.randomUUID();
        ledger.submit(proposer, new Propose(id, change, ledger.time().plusSeconds(3600)));
        return id;
    }

    private Decision decision(UUID proposal) {
        return ledger.get(StateKeys.decision(proposal))
                .map(value -> Decision.parse(value.value()))
                .orElseThrow();
    }

    private void assertNotProposed(Change change, ViolationCode code) {
        assertRefused(code, () -> ledger.propose(change));
    }

    private static void assertRefused(ViolationCode code, ThrowingCallable submission) {
        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(submission)
                .satisfies(violation -> assertThat(violation.code()).isEqualTo(code));
    }
}
