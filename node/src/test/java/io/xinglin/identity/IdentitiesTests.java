package io.xinglin.identity;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.MEMBERS;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.TestNode;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeyStatus;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome.Committed;
import io.xinglin.ledger.TransactionOutcome.Refused;
import io.xinglin.platform.NodeProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@TestNode
class IdentitiesTests {
    @Autowired Identities identities;
    @Autowired Keys keys;
    @Autowired Ledger ledger;
    @Autowired JdbcClient jdbc;
    @Autowired TransactionTemplate transaction;
    @Autowired NodeProperties node;

    @Test
    void a_hosted_organisation_is_a_member_under_its_own_key() {
        var member = ledger.member(CITY).orElseThrow();
        var key = keys.current(new KeyHolder.Organisation(CITY), KeyPurpose.SIGN).orElseThrow();

        assertThat(identities.hosted()).contains(CITY, RIVER);
        assertThat(member.fhir()).isEqualTo(node.url() + "/fhir/" + CITY);
        assertThat(member.name()).isEqualTo(new MemberName("市第一医院", "City First Hospital"));
        assertThat(ledger.key(key.kid()))
                .hasValueSatisfying(k -> assertThat(k.isOf(CITY)).isTrue());
    }

    @Test
    void hosting_again_changes_nothing() {
        var height = ledger.height();

        identities.host(MEMBERS);

        assertThat(ledger.height()).isEqualTo(height);
    }

    @Test
    void an_organisation_that_the_founder_did_not_admit_is_refused() {
        var stranger =
                new Organisation(
                        new MemberId("stranger"),
                        new MemberName("陌生", "Stranger"),
                        Set.of(MemberRole.CLINIC));

        assertThatThrownBy(() -> identities.host(List.of(stranger)))
                .isInstanceOf(LedgerRefusal.class)
                .hasMessageContaining("not-admitted");
        assertThat(identities.hosts(stranger.id())).isFalse();
    }

    @Test
    void the_log_key_on_the_ledger_checks_what_the_log_signer_signs() {
        var signer = identities.logSigner(CITY);

        var vkey = ledger.member(CITY).orElseThrow().log().vkey();

        assertThat(signer.verifier()).hasToString(vkey);
        assertThat(signer.name()).endsWith("/log/" + CITY).doesNotContain("http");
        assertThat(signer.sign(new byte[] {1}))
                .hasSize(64)
                .isNotEqualTo(signer.sign(new byte[] {2}));
    }

    @Test
    void a_witness_has_a_key_of_its_own_on_the_ledger() {
        var witness = identities.witness(CITY);
        var member = ledger.member(CITY).orElseThrow();

        assertThat(witness.verifier()).hasToString(member.witness().orElseThrow().vkey());
        assertThat(member.witness().orElseThrow().url()).isEqualTo(member.log().url());
        assertThat(witness.verifier().publicKey())
                .isNotEqualTo(identities.logSigner(CITY).verifier().publicKey());
    }

    @Test
    void a_node_of_before_registers_its_witness_at_the_next_start() {
        var old = ledger.member(RIVER).orElseThrow();
        jdbc.sql("delete from identity.key where member = ? and purpose = 'WITNESS'")
                .param(RIVER.value())
                .update();

        identities.settle();

        var witness = ledger.member(RIVER).orElseThrow().witness();
        assertThat(witness).isPresent().isNotEqualTo(old.witness());
        assertThat(witness.orElseThrow().vkey())
                .isEqualTo(identities.witness(RIVER).verifier().toString());
    }

    @Test
    void an_enrolled_patient_has_a_key_on_the_ledger_and_no_name() {
        var patient = new PatientId(CITY, "enrolled");

        var kid = identities.enrol(patient);

        var key = ledger.key(kid).orElseThrow();
        assertThat(key.member()).isEqualTo(CITY);
        assertThat(key.kind()).isEqualTo(KeyKind.PATIENT);
        assertThat(key.toJson()).doesNotContain("enrolled");
    }

    @Test
    void enrolling_twice_gives_the_same_key() {
        var patient = new PatientId(CITY, "twice");

        var first = identities.enrol(patient);

        assertThat(identities.enrol(patient)).isEqualTo(first);
    }

    @Test
    void enrolling_at_the_same_time_gives_one_key() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < 5; round++) {
                var patient = new PatientId(CITY, "crowd-" + round);
                Callable<KeyId> enrolment = () -> identities.enrol(patient);

                var kids =
                        threads.invokeAll(Collections.nCopies(8, enrolment)).stream()
                                .map(Future::resultNow)
                                .distinct();

                assertThat(kids).hasSize(1);
                assertThat(keys.prepared(new KeyHolder.Patient(patient), KeyPurpose.SIGN))
                        .isEmpty();
            }
        }
    }

    @Test
    void an_enrolment_that_a_crash_stopped_is_finished() {
        var patient = new PatientId(CITY, "crash");
        var prepared = keys.first(new KeyHolder.Patient(patient), KeyPurpose.SIGN);

        var kid = identities.enrol(patient);

        assertThat(kid).isEqualTo(prepared.kid());
    }

    @Test
    void an_enrolment_that_a_crash_stopped_after_the_ledger_is_finished_at_start() {
        var patient = new PatientId(CITY, "late-crash");
        var kid = identities.enrol(patient);
        jdbc.sql("update identity.key set state = 'PREPARED' where kid = ?")
                .param(kid.value())
                .update();

        identities.settle();

        assertThat(keys.current(new KeyHolder.Patient(patient), KeyPurpose.SIGN))
                .hasValueSatisfying(key -> assertThat(key.kid()).isEqualTo(kid));
    }

    @Test
    void the_same_patient_has_another_key_with_another_custodian() {
        var atCity = identities.enrol(new PatientId(CITY, "both"));

        var atRiver = identities.enrol(new PatientId(RIVER, "both"));

        assertThat(atRiver).isNotEqualTo(atCity);
    }

    @Test
    void a_practitioner_has_a_key_of_their_kind() {
        var kid = identities.enrol(new PractitionerId(RIVER, "dr-li"));

        assertThat(ledger.key(kid).map(RegisteredKey::kind)).hasValue(KeyKind.PRACTITIONER);
    }

    @Test
    void a_patient_signs_in_their_own_name_and_an_organisation_cannot_do_it_for_them() {
        var patient = new PatientId(CITY, "signer");
        identities.enrol(patient);

        assertThat(identities.submit(patient, grant())).isInstanceOf(Committed.class);
        assertThat(identities.submit(CITY, grant()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("not-permitted"));
    }

    @Test
    void someone_without_keys_here_cannot_sign() {
        assertThatThrownBy(() -> identities.submit(new PatientId(CITY, "nobody"), grant()))
                .isInstanceOf(UnknownKeyHolder.class)
                .hasMessageNotContaining("nobody");
    }

    @Test
    void the_ledger_is_not_waited_for_inside_a_transaction() {
        assertThatThrownBy(
                        () ->
                                transaction.executeWithoutResult(
                                        _ -> identities.enrol(new PatientId(CITY, "inside"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void after_a_rotation_the_new_key_signs_and_the_old_one_does_not() {
        var patient = new PatientId(CITY, "rotating");
        var holder = new KeyHolder.Patient(patient);
        var old = identities.enrol(patient);
        var oldKey = keys.signing(keys.find(old).orElseThrow());

        var next = identities.rotate(holder);

        assertThat(ledger.key(old).map(RegisteredKey::status)).hasValue(KeyStatus.ROTATED);
        assertThat(identities.submit(patient, grant())).isInstanceOf(Committed.class);
        assertThat(keys.current(holder, KeyPurpose.SIGN))
                .hasValueSatisfying(k -> assertThat(k.kid()).isEqualTo(next));
        assertThat(ledger.submit(signed(oldKey)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("inactive-key"));
    }

    @Test
    void a_rotation_that_a_crash_stopped_after_the_ledger_is_finished() {
        var patient = new PatientId(CITY, "half-rotated");
        var holder = new KeyHolder.Patient(patient);
        var old = identities.enrol(patient);
        var next = identities.rotate(holder);
        jdbc.sql("update identity.key set state = 'PREPARED' where kid = ?")
                .param(next.value())
                .update();
        jdbc.sql("update identity.key set state = 'CURRENT' where kid = ?")
                .param(old.value())
                .update();

        assertThat(identities.rotate(holder)).isEqualTo(next);
        assertThat(identities.submit(patient, grant())).isInstanceOf(Committed.class);
    }

    @Test
    void a_revoked_key_signs_nothing_more() {
        var patient = new PatientId(CITY, "revoked");
        var kid = identities.enrol(patient);
        var key = keys.signing(keys.find(kid).orElseThrow());

        identities.revoke(CITY, kid);

        assertThat(ledger.key(kid).map(RegisteredKey::status)).hasValue(KeyStatus.REVOKED);
        assertThat(ledger.submit(signed(key))).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> identities.submit(patient, grant()))
                .isInstanceOf(UnknownKeyHolder.class);
    }

    @Test
    void an_organisation_cannot_revoke_the_key_of_anothers_patient() {
        var kid = identities.enrol(new PatientId(CITY, "safe"));

        assertThatThrownBy(() -> identities.revoke(RIVER, kid)).isInstanceOf(LedgerRefusal.class);
        assertThat(ledger.key(kid).map(RegisteredKey::status)).hasValue(KeyStatus.ACTIVE);
    }

    @Test
    void a_wrapped_key_is_unwrapped_by_its_holder_and_nobody_else() {
        var patient = new PatientId(CITY, "wrapping");
        identities.enrol(patient);
        var key = new byte[32];

        var jwe = identities.wrap(new KeyHolder.Patient(patient), key);

        assertThat(identities.unwrap(new KeyHolder.Patient(patient), jwe)).isEqualTo(key);
        assertThatThrownBy(() -> identities.unwrap(new KeyHolder.Organisation(CITY), jwe))
                .isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void secrets_differ_by_organisation_and_label_and_stay() {
        var secret = identities.secret(CITY, "a");

        assertThat(secret).hasSize(32).isEqualTo(identities.secret(CITY, "a"));
        assertThat(secret)
                .isNotEqualTo(identities.secret(CITY, "b"))
                .isNotEqualTo(identities.secret(RIVER, "a"));
    }

    @Test
    void a_private_key_moved_to_another_row_does_not_open() {
        var mine = identities.enrol(new PatientId(CITY, "moved"));
        var theirs = identities.enrol(new PatientId(CITY, "mover"));
        jdbc.sql(
                        """
                        update identity.key set sealed = (select sealed from identity.key where kid = ?)
                        where kid = ?
                        """)
                .params(theirs.value(), mine.value())
                .update();
        keys.revoke(mine); // forgets the opened key

        var moved = keys.find(mine).orElseThrow();

        assertThatThrownBy(() -> keys.signing(moved)).isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void private_keys_do_not_lie_about_in_clear() {
        identities.enrol(new PatientId(CITY, "sealed"));
        var key =
                keys.current(new KeyHolder.Patient(new PatientId(CITY, "sealed")), KeyPurpose.SIGN)
                        .orElseThrow();
        var privateKey = Base64.getEncoder().encodeToString(keys.open(key).getEncoded());

        var row =
                jdbc.sql(
                                "select encode(sealed, 'base64') || public_key from identity.key where kid = ?")
                        .param(key.kid().value())
                        .query(String.class)
                        .single();

        assertThat(row.replace("\n", "")).doesNotContain(privateKey.substring(40, 80));
        assertThat(List.of(key, keys.signing(key)).toString())
                .contains("redacted")
                .doesNotContain(privateKey);
    }

    @Test
    void a_node_that_moved_tells_the_ledger_and_keeps_its_origin() {
        var member = ledger.member(RIVER).orElseThrow();
        identities.submit(
                RIVER,
                new MembershipCommand.Update(
                        Optional.empty(),
                        Optional.of("http://old.example/fhir/x"),
                        Optional.empty()));

        identities.settle();

        assertThat(ledger.member(RIVER)).hasValue(member);
    }

    private static ConsentCommand.Grant grant() {
        return new ConsentCommand.Grant(
                UUID.randomUUID(),
                CITY,
                Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]),
                Instant.now().plus(Duration.ofDays(60)));
    }

    private SignedTransaction signed(SigningKey key) {
        return SignedTransaction.sign(
                ledger.name(),
                grant(),
                key.kid(),
                key.signer(),
                new byte[16],
                Instant.now().plusSeconds(60));
    }
}
