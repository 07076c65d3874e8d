package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static io.xinglin.records.Desk.PEER;
import static io.xinglin.records.Desk.STAFF;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.fsck.Findings;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// New keys take the place of old ones; what was stored stays readable, and what somebody kept opens nothing new.
@TestNode
@Import(Outside.class)
class KeyRotationTests {
    private static final Caller OFFICER = new Caller.Staff(CITY, "officer", PurposeOfUse.HOPERAT);
    private static final String KEYS = "/keys/city-first-hospital";

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private KeyRotation rotation;
    @Autowired private RecordCheck check;
    @Autowired private JdbcClient jdbc;
    @Autowired private InstantSource time;

    private Desk desk;
    private String patient = "";
    private String before = "";

    @BeforeEach
    void store() {
        desk = new Desk(outside);
        patient = desk.patient();
        before = desk.laboratory(patient);
    }

    @Test
    void after_an_epoch_ended_new_things_have_a_new_key_and_old_ones_stay_readable() {
        end("?patient=" + patient);

        var after = desk.laboratory(patient);

        assertThat(epoch(before)).isEqualTo(1);
        assertThat(epoch(after)).isEqualTo(2);
        assertThat(key(after)).isNotEqualTo(key(before));
        for (var one : List.of(before, after)) {
            assertThat(desk.get(one).status()).as(one).isEqualTo(200);
        }
        assertThat(desk.get("Observation?patient=" + patient).json().get("entry")).hasSize(2);
        assertThat(Findings.of(check)).isEmpty();
    }

    @Test
    void an_old_version_is_read_beside_a_new_one() {
        end("?patient=" + patient);
        var id = before.substring("Observation/".length());

        desk.put(before, Desk.laboratory(id, patient));

        assertThat(desk.get(before + "/_history/1").status()).isEqualTo(200);
        assertThat(desk.get(before + "/_history/2").status()).isEqualTo(200);
        assertThat(epochs(before)).containsExactly(1, 2);
    }

    @Test
    void the_end_of_one_patients_epoch_is_not_anothers() {
        var other = desk.patient();

        end("?patient=" + patient);

        assertThat(epoch(desk.laboratory(other))).isEqualTo(1);
    }

    @Test
    void a_withdrawal_ends_the_epoch() {
        var consent = share(Duration.ofDays(1));

        consents.withdraw(new PatientId(CITY, patient), consent);

        assertThat(epoch(desk.laboratory(patient))).isEqualTo(2);
    }

    @Test
    void an_epoch_that_is_old_ends_by_itself() {
        jdbc.sql(
                        """
                        update records.compartment set created = created - interval '400 days'
                        where owner = ?
                        """)
                .param(patient)
                .update();
        forget();

        assertThat(epoch(desk.laboratory(patient))).isEqualTo(2);
    }

    /// Lets the node's memory go, as a restart would.
    private void forget() {
        end("?patient=" + patient);
        jdbc.sql("update records.compartment set closed = false where owner = ?")
                .param(patient)
                .update();
    }

    @Test
    void wraps_follow_a_new_wrap_key_in_the_background_and_the_old_one_is_destroyed_later() {
        var old = progress().path("wrapKey").asString();

        var renewed = outside.send(OFFICER, "POST", KEYS + "/wraps", "");

        assertThat(renewed.status()).as(renewed.toString()).isEqualTo(202);
        assertThat(renewed.json().path("wrapKey").asString()).isNotEqualTo(old);
        assertThat(renewed.json().path("wrapsLeft").asLong()).isPositive();
        rotation.work();
        assertThat(progress().path("wrapsLeft").asLong()).isZero();
        assertThat(state(old)).isEqualTo("RETIRED");
        assertThat(desk.get(before).status()).isEqualTo(200);
        jdbc.sql(
                        """
                        update identity.key set created = created - interval '1 hour'
                        where purpose = 'WRAP' and member = 'city-first-hospital'
                        """)
                .update();
        rotation.work();
        assertThat(state(old)).isEqualTo("DESTROYED");
        assertThat(Findings.of(check)).isEmpty();
    }

    @Test
    void only_operations_replace_keys() {
        for (var caller : List.of(STAFF, PEER, Desk.self(patient), Desk.SYSTEM)) {
            assertThat(outside.send(caller, "POST", KEYS + "/epochs", "").status()).isEqualTo(403);
            assertThat(outside.send(caller, "POST", KEYS + "/wraps", "").status()).isEqualTo(403);
            assertThat(outside.get(caller, KEYS).status()).isEqualTo(403);
        }
    }

    private void end(String whose) {
        var answer = outside.send(OFFICER, "POST", KEYS + "/epochs" + whose, "");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private tools.jackson.databind.JsonNode progress() {
        return outside.get(OFFICER, KEYS).json();
    }

    private String state(String kid) {
        return jdbc.sql("select state from identity.key where kid = ?")
                .param(kid)
                .query(String.class)
                .single();
    }

    private io.xinglin.consent.ConsentId share(Duration how) {
        return consents.grant(
                        new PatientId(CITY, patient),
                        new ConsentTerms(
                                RIVER,
                                Set.of(RecordCategory.LABORATORY),
                                Set.of(SensitivityClass.GENERAL),
                                Set.of(PurposeOfUse.TREAT),
                                time.instant().plus(how)))
                .id();
    }

    private int epoch(String reference) {
        return epochs(reference).getLast();
    }

    private List<Integer> epochs(String reference) {
        return compartments(reference, "epoch", Integer.class);
    }

    private String key(String reference) {
        return compartments(reference, "custodian_wrap", String.class).getLast();
    }

    private <T> List<T> compartments(String reference, String column, Class<T> type) {
        return jdbc.sql(
                        """
                        select c.%s from records.version v
                        join records.resource r on r.key = v.resource
                        join records.compartment c on c.key = v.compartment
                        where r.id = ? order by v.version
                        """
                                .formatted(column))
                .param(reference.substring(reference.indexOf('/') + 1))
                .query(type)
                .list();
    }
}
