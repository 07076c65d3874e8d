package io.xinglin.identity;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.TestNode;
import io.xinglin.contracts.KeyId;
import io.xinglin.fsck.Findings;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What is changed behind the node's back is found and named. Every change is taken back in the end.
@TestNode
class KeyCheckTests {
    @Autowired private Identities identities;
    @Autowired private KeyCheck check;
    @Autowired private JdbcClient jdbc;
    @Autowired private TransactionTemplate transaction;

    private PatientId patient = new PatientId(CITY, "nobody");
    private KeyId key = new KeyId("A".repeat(43));

    @BeforeEach
    void enrol() {
        patient = new PatientId(CITY, UUID.randomUUID().toString());
        key = identities.enrol(patient);
    }

    @Test
    void keys_as_they_were_made_have_no_findings() {
        identities.rotate(new KeyHolder.Patient(patient));

        assertThat(findings("select 1")).noneMatch(this::isAboutIt);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from identity.key where kid = :k",
                "delete from identity.key where holder = :h",
                "delete from identity.key where holder = :h and purpose = 'WRAP'",
                "update identity.key set sealed = set_byte(sealed, 30, 255 - get_byte(sealed, 30)) where kid = :k",
                "update identity.key set holder = 'patient/another' where kid = :k",
                "update identity.key set state = 'RETIRED' where kid = :k",
                "update identity.key set public_key = '{}' where kid = :k",
                """
                update identity.key set public_key =
                    (select public_key from identity.key where holder = :h and purpose = 'WRAP')
                where kid = :k
                """
            })
    void a_key_that_is_lost_or_changed_is_found_and_named(String change) {
        assertThat(findings(change)).anyMatch(this::isAboutIt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOG", "WITNESS", "SIGN", "WRAP", "TOKEN"})
    void a_lost_key_of_the_organisation_is_found(String purpose) {
        var change =
                "delete from identity.key where holder = 'organisation'"
                        + " and member = 'city-first-hospital' and purpose = '%s'"
                                .formatted(purpose);

        assertThat(findings(change)).anyMatch(line -> line.startsWith(CITY.value()));
    }

    @Test
    void another_log_key_than_the_ledgers_is_found() {
        var change =
                "update identity.organisation set origin = 'elsewhere'"
                        + " where member = 'city-first-hospital'";

        assertThat(findings(change))
                .contains("city-first-hospital: its log key is not the one on the ledger");
    }

    private boolean isAboutIt(String line) {
        return line.startsWith("key " + key);
    }

    private List<String> findings(String change) {
        var findings = new Findings();
        transaction.executeWithoutResult(
                status -> {
                    if (!change.startsWith("select")) {
                        jdbc.sql(change)
                                .param("k", key.value())
                                .param("h", "patient/" + patient.id())
                                .update();
                    }
                    check.run(findings);
                    status.setRollbackOnly();
                });
        assertThat(findings.found()).noneMatch(line -> line.contains(patient.id()));
        return findings.found();
    }
}
