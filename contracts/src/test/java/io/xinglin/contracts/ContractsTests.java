package io.xinglin.contracts;

import static io.xinglin.contracts.MemoryLedger.CLINIC;
import static io.xinglin.contracts.MemoryLedger.HOSPITAL;
import static io.xinglin.contracts.MemoryLedger.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ContractsTests {
    private final MemoryLedger ledger = MemoryLedger.founded();

    private static void assertRefused(ViolationCode code, ThrowingCallable submission) {
        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(submission)
                .satisfies(violation -> assertThat(violation.code()).isEqualTo(code));
    }

    /// What others got wrong: each of these let someone read or change what was not theirs.
    @Nested
    class Attacks {
        @Test
        void a_signature_by_another_key_is_refused() {
            var patient = ledger.patient();
            var thief = new TestKey(patient.jwk(), patient.id(), TestKey.es256().signer());

            assertRefused(
                    ViolationCode.BAD_SIGNATURE,
                    () -> ledger.submit(thief, ledger.grant(UUID.randomUUID())));
        }

        @Test
        void a_key_that_nobody_registered_is_refused() {
            assertRefused(
                    ViolationCode.UNKNOWN_KEY,
                    () -> ledger.submit(TestKey.es256(), ledger.grant(UUID.randomUUID())));
        }

        @Test
        void a_key_cannot_sign_under_the_name_of_another() {
            var patient = ledger.patient();
            var other = ledger.patient();
            var forged = new TestKey(patient.jwk(), other.id(), patient.signer());

            assertRefused(
                    ViolationCode.BAD_SIGNATURE,
                    () -> ledger.submit(forged, ledger.grant(UUID.randomUUID())));
        }

        @Test
        void an_algorithm_that_is_not_the_keys_is_refused() {
            var patient = ledger.patient();
            var confused = new TestKey(patient.jwk(), patient.id(), ledger.clinic.signer());

            assertRefused(
                    ViolationCode.BAD_SIGNATURE,
                    () -> ledger.submit(confused, ledger.grant(UUID.randomUUID())));
        }

        @Test
        void only_the_patient_withdraws_a_consent() {
            var id = UUID.randomUUID();
            ledger.submit(ledger.patient(), ledger.grant(id));

            assertRefused(
                    ViolationCode.NOT_PERMITTED,
                    () -> ledger.submit(ledger.patient(), new ConsentCommand.Withdraw(id)));
            assertRefused(
                    ViolationCode.NOT_PERMITTED,
                    () -> ledger.submit(ledger.hospital, new ConsentCommand.Withdraw(id)));
            assertThat(ledger.consent(id).withdrawn()).isFalse();
        }

        @Test
        void an_organisation_cannot_consent_for_a_patient() {
            assertRefused(
                    ViolationCode.NOT_PERMITTED,
                    () -> ledger.submit(ledger.hospital, ledger.grant(UUID.randomUUID())));
        }

        @Test
        void a_patient_consents_only_where_they_are_known() {
            var patient = ledger.patient();
            var elsewhere =
                    new ConsentCommand.Grant(
                            UUID.randomUUID(),
                            CLINIC,
                            ledger.grant(UUID.randomUUID()).commitment(),
                            ledger.time().plusSeconds(60));

            assertRefused(ViolationCode.NOT_PERMITTED, () -> ledger.submit(patient, elsewhere));
        }

        @Test
        void a_transaction_expires_by_the_ledgers_time() {
            var patient = ledger.patient();
            var grant = ledger.sign(patient, ledger.grant(UUID.randomUUID()));

            ledger.setTime(grant.notAfter().plusMillis(1));

            assertRefused(ViolationCode.EXPIRED, () -> ledger.submit(grant));
        }

        @Test
        void a_transaction_for_later_than_a_day_is_refused() {
            var patient = ledger.patient();
            var notAfter = ledger.time().plus(Contracts.LIFETIME_MAX).plusSeconds(1);
            var grant = ledger.sign(patient, ledger.grant(UUID.randomUUID()), NAME, notAfter);

            assertRefused(ViolationCode.LIFETIME_TOO_LONG, () -> ledger.submit(grant));
        }

        @Test
        void a_transaction_counts_once() {
            var patient = ledger.patient();
            var grant = ledger.sign(patient, ledger.grant(UUID.randomUUID()));
            ledger.submit(grant);

            assertRefused(ViolationCode.REPLAYED, () -> ledger.submit(grant));
        }

        @Test
        void a_withdrawn_consent_does_not_come_back_by_replay() {
            var patient = ledger.patient();
            var id = UUID.randomUUID();
            var grant = ledger.sign(patient, ledger.grant(id));
            ledger.submit(grant);
            ledger.submit(patient, new ConsentCommand.Withdraw(id));

            assertRefused(ViolationCode.REPLAYED, () -> ledger.submit(grant));
            assertRefused(
                    ViolationCode.ALREADY_EXISTS, () -> ledger.submit(patient, ledger.grant(id)));
            assertThat(ledger.consent(id).withdrawn()).isTrue();
        }

        @Test
        void a_revoked_key_signs_nothing_not_even_what_it_signed_before() {
            var patient = ledger.patient();
            var signedBefore = ledger.sign(patient, ledger.grant(UUID.randomUUID()));
            ledger.submit(patient, new KeysCommand.Revoke(patient.id()));

            assertRefused(ViolationCode.INACTIVE_KEY, () -> ledger.submit(signedBefore));
            assertRefused(
                    ViolationCode.ALREADY_EXISTS,
                    () -> ledger.submit(patient, ledger.register(patient, KeyKind.PATIENT)));
        }

        @Test
        void a_transaction_of_another_ledger_is_refused() {
            var patient = ledger.patient();
            var elsewhere =
                    ledger.sign(
                            patient,
                            ledger.grant(UUID.randomUUID()),
                            "another-ledger",
                            ledger.time().plusSeconds(60));

            assertRefused(ViolationCode.WRONG_LEDGER, () -> ledger.submit(elsewhere));
        }

        @Test
        void a_voucher_of_another_ledger_or_key_is_refused() {
            var patient = TestKey.es256();
            var hospital = ledger.hospital;
            var elsewhere = new Voucher("another", patient.id(), HOSPITAL, KeyKind.PATIENT);
            var another = new Voucher(NAME, TestKey.es256().id(), HOSPITAL, KeyKind.PATIENT);

            for (var voucher : new Voucher[] {elsewhere, another}) {
                var signed = voucher.sign(hospital.id(), hospital.signer());
                assertRefused(
                        ViolationCode.BAD_VOUCHER,
                        () ->
                                ledger.submit(
                                        patient, new KeysCommand.Register(patient.jwk(), signed)));
            }
        }

        @Test
        void nobody_vouches_for_another_member_nor_with_a_patients_key() {
            var key = TestKey.es256();
            var patient = ledger.patient();
            var voucher = new Voucher(NAME, key.id(), HOSPITAL, KeyKind.ORGANISATION);

            for (var voucherKey : new TestKey[] {ledger.clinic, patient}) {
                var signed = voucher.sign(voucherKey.id(), voucherKey.signer());
                assertRefused(
                        ViolationCode.BAD_VOUCHER,
                        () -> ledger.submit(key, new KeysCommand.Register(key.jwk(), signed)));
            }
        }

        @Test
        void a_voucher_is_no_transaction() {
            var hospital = ledger.hospital;
            var voucher =
                    new Voucher(NAME, hospital.id(), HOSPITAL, KeyKind.PATIENT)
                            .sign(hospital.id(), hospital.signer());

            assertRefused(ViolationCode.BAD_HEADER, () -> SignedTransaction.parse(voucher));
        }
    }

    @Nested
    class Membership {
        @Test
        void a_ledger_is_founded_once() {
            var other = TestKey.es256();
            var founding = new MembershipCommand.Found(other.jwk(), ledger.founding().admitted());

            assertRefused(ViolationCode.ALREADY_FOUNDED, () -> ledger.submit(other, founding));
        }

        @Test
        void only_the_admitted_key_joins() {
            var empty = MemoryLedger.empty();
            var stranger = TestKey.es256();
            empty.submit(empty.operator, empty.founding());

            assertRefused(
                    ViolationCode.NOT_ADMITTED,
                    () -> empty.submit(stranger, empty.join(stranger, HOSPITAL)));
            assertRefused(
                    ViolationCode.NOT_ADMITTED,
                    () -> empty.submit(stranger, empty.join(stranger, new MemberId("nobody"))));
        }

        @Test
        void nobody_joins_before_the_founding() {
            var empty = MemoryLedger.empty();

            assertRefused(
                    ViolationCode.NOT_ADMITTED,
                    () -> empty.submit(empty.hospital, empty.join(empty.hospital, HOSPITAL)));
        }

        @Test
        void an_organisation_joins_once() {
            assertRefused(
                    ViolationCode.ALREADY_EXISTS,
                    () -> ledger.submit(ledger.hospital, ledger.join(ledger.hospital, HOSPITAL)));
        }

        @Test
        void a_member_moves_its_services_but_keeps_the_origin_of_its_log() {
            var moved = "https://hospital.example/fhir";
            ledger.submit(
                    ledger.hospital,
                    new MembershipCommand.Update(
                            Optional.empty(), Optional.of(moved), Optional.empty()));
            var member = Member.parse(ledger.get(StateKeys.member(HOSPITAL)).orElseThrow().value());
            var renamed = new MemberLog("elsewhere/log", member.log().url(), member.log().vkey());

            assertThat(member.fhir()).isEqualTo(moved);
            assertThat(member.name().zh()).isEqualTo("医院");
            assertRefused(
                    ViolationCode.NOT_PERMITTED,
                    () ->
                            ledger.submit(
                                    ledger.hospital,
                                    new MembershipCommand.Update(
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.of(renamed))));
        }
    }

    @Nested
    class Witnesses {
        @Test
        void a_member_says_itself_how_it_witnesses_and_keeps_it_when_it_moves() {
            var patient = ledger.patient();
            assertThat(member().witness()).isEmpty();

            ledger.submit(ledger.hospital, ledger.witness("AAAA"));
            ledger.submit(
                    ledger.hospital,
                    new MembershipCommand.Update(
                            Optional.empty(),
                            Optional.of("https://hospital.example/fhir"),
                            Optional.empty()));

            assertThat(member().witness()).isEqualTo(ledger.witness("AAAA").witness());
            assertThat(Member.parse(member().toJson())).isEqualTo(member());
            assertRefused(
                    ViolationCode.NOT_PERMITTED,
                    () -> ledger.submit(patient, ledger.witness("BBBB")));
        }

        @Test
        void a_member_may_join_as_a_witness() {
            var empty = MemoryLedger.empty();
            empty.submit(empty.operator, empty.founding());
            var witness = empty.witness("AAAA").witness().orElseThrow();
            var join = empty.join(empty.hospital, HOSPITAL);

            empty.submit(
                    empty.hospital,
                    new MembershipCommand.Join(join.key(), join.member().witnessing(witness)));

            var member = Member.parse(empty.get(StateKeys.member(HOSPITAL)).orElseThrow().value());
            assertThat(member.witness()).contains(witness);
        }

        @Test
        void a_key_or_an_address_in_another_form_is_refused() {
            for (var key : new String[] {"", "AA AA", "AAAA\n"}) {
                assertRefused(
                        ViolationCode.BAD_ARGUMENTS,
                        () -> ledger.submit(ledger.hospital, ledger.witness(key)));
            }
        }

        private Member member() {
            return Member.parse(ledger.get(StateKeys.member(HOSPITAL)).orElseThrow().value());
        }
    }

    @Nested
    class Keys {
        @Test
        void a_rotated_key_hands_its_owner_over_to_the_next() {
            var patient = ledger.patient();
            var next = TestKey.ed25519();
            var id = UUID.randomUUID();
            ledger.submit(patient, ledger.grant(id));

            ledger.submit(
                    patient,
                    new KeysCommand.Rotate(
                            next.jwk(),
                            new RotationProof(NAME, patient.id()).sign(next.id(), next.signer())));

            assertThat(ledger.key(patient.id()).status()).isEqualTo(KeyStatus.ROTATED);
            assertThat(ledger.key(next.id()).subject()).isEqualTo(patient.id());
            assertRefused(
                    ViolationCode.INACTIVE_KEY,
                    () -> ledger.submit(patient, new ConsentCommand.Withdraw(id)));
            ledger.submit(next, new ConsentCommand.Withdraw(id));
            assertThat(ledger.consent(id).withdrawn()).isTrue();
        }

        @Test
        void a_key_is_not_rotated_into_without_its_holder() {
            var patient = ledger.patient();
            var next = TestKey.es256();
            var other = ledger.patient();
            var forOther = new RotationProof(NAME, other.id()).sign(next.id(), next.signer());
            var byThief =
                    new RotationProof(NAME, patient.id()).sign(next.id(), TestKey.es256().signer());

            for (var proof : new String[] {forOther, byThief}) {
                assertRefused(
                        ViolationCode.BAD_VOUCHER,
                        () -> ledger.submit(patient, new KeysCommand.Rotate(next.jwk(), proof)));
            }
        }

        @Test
        void an_organisation_revokes_a_key_it_vouched_for_and_no_other() {
            var patient = ledger.patient();

            assertRefused(
                    ViolationCode.NOT_PERMITTED,
                    () -> ledger.submit(ledger.clinic, new KeysCommand.Revoke(patient.id())));
            ledger.submit(ledger.hospital, new KeysCommand.Revoke(patient.id()));
            assertThat(ledger.key(patient.id()).status()).isEqualTo(KeyStatus.REVOKED);
        }
    }

    @Nested
    class Consents {
        @Test
        void a_consent_is_effective_until_its_end_or_its_withdrawal() {
            var patient = ledger.patient();
            var id = UUID.randomUUID();
            var grant = ledger.grant(id);

            ledger.submit(patient, grant);

            var consent = ledger.consent(id);
            assertThat(consent.subject()).isEqualTo(patient.id());
            assertThat(consent.isEffectiveAt(ledger.time())).isTrue();
            assertThat(consent.isEffectiveAt(grant.notAfter())).isFalse();
            assertThat(consent.withdraw().isEffectiveAt(ledger.time())).isFalse();
        }

        @Test
        void a_consent_that_would_be_over_is_refused() {
            var patient = ledger.patient();
            var grant = ledger.grant(UUID.randomUUID());
            ledger.pass(Duration.ofDays(7));

            assertRefused(ViolationCode.BAD_ARGUMENTS, () -> ledger.submit(patient, grant));
        }

        @Test
        void a_consent_is_withdrawn_once() {
            var patient = ledger.patient();
            var id = UUID.randomUUID();
            ledger.submit(patient, ledger.grant(id));
            ledger.submit(patient, new ConsentCommand.Withdraw(id));

            assertRefused(
                    ViolationCode.CONSENT_WITHDRAWN,
                    () -> ledger.submit(patient, new ConsentCommand.Withdraw(id)));
            assertRefused(
                    ViolationCode.UNKNOWN_CONSENT,
                    () -> ledger.submit(patient, new ConsentCommand.Withdraw(UUID.randomUUID())));
        }
    }

    @Nested
    class Anchors {
        @Test
        void a_log_shows_one_root_for_each_size() {
            ledger.submit(ledger.hospital, ledger.checkpoint(8, (byte) 1));

            ledger.submit(ledger.hospital, ledger.checkpoint(8, (byte) 1));
            assertRefused(
                    ViolationCode.CONFLICTING_ROOT,
                    () -> ledger.submit(ledger.hospital, ledger.checkpoint(8, (byte) 2)));
        }

        @Test
        void a_member_anchors_its_own_log_only() {
            var checkpoint = ledger.checkpoint(8, (byte) 1);

            assertRefused(
                    ViolationCode.NOT_PERMITTED, () -> ledger.submit(ledger.clinic, checkpoint));
            assertRefused(
                    ViolationCode.NOT_PERMITTED, () -> ledger.submit(ledger.patient(), checkpoint));
        }

        @Test
        void a_checkpoint_must_say_what_the_arguments_say() {
            var said = ledger.checkpoint(8, (byte) 1);
            var other = ledger.checkpoint(9, (byte) 1);
            var mixed =
                    new AnchorCommand.Checkpoint(
                            said.origin(), said.size(), said.root(), other.checkpoint());

            assertRefused(ViolationCode.BAD_ARGUMENTS, () -> ledger.submit(ledger.hospital, mixed));
        }
    }
}
