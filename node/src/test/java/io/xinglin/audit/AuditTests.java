package io.xinglin.audit;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.fsck.Findings;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@TestNode
@Import(Outside.class)
class AuditTests {
    private static final String FHIR = "/fhir/city-first-hospital";
    private static final String ACCESSES = "/audit/city-first-hospital/accesses";
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);

    @Autowired private Outside outside;
    @Autowired private AccessCheck check;
    @Autowired private JdbcClient jdbc;
    @Autowired private TransactionTemplate transaction;

    private PatientId patient = new PatientId(CITY, "none");

    @BeforeEach
    void store() {
        var created =
                outside.send(SYSTEM, "POST", FHIR + "/Patient", "{\"resourceType\":\"Patient\"}");
        patient = new PatientId(CITY, created.json().get("id").asString());
    }

    @Test
    void an_access_has_a_receipt() {
        read();

        var access = accesses("").get("accesses").get(0);
        var receipt =
                await().until(
                                () -> outside.get(self(), access.get("receipt").asString()),
                                answer -> answer.status() != 503);

        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.text()).startsWith("c2sp.org/tlog-proof@v1");
    }

    @Test
    void the_list_goes_on_page_by_page() {
        for (var i = 0; i < 5; i++) {
            read();
        }

        var seen = new HashSet<String>();
        for (var next = ACCESSES + "?count=2"; !next.isEmpty(); ) {
            var page = outside.get(self(), next).json();
            page.get("accesses").forEach(access -> seen.add(access.get("id").asString()));
            next = page.path("next").asString("");
        }

        assertThat(seen).hasSize(5);
    }

    @Test
    void nobody_but_the_patient_sees_it() {
        read();
        var receipt = accesses("").at("/accesses/0/receipt").asString();
        var other = new Caller.Patient(new PatientId(CITY, "someone-else"));

        assertThat(outside.get(STAFF, ACCESSES).status()).isEqualTo(403);
        assertThat(outside.get(other, receipt).status()).isEqualTo(404);
        assertThat(outside.get(other, ACCESSES).json().get("accesses").size()).isZero();
        assertThat(outside.get(self(), ACCESSES + "/no-id/receipt").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit.access set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) where patient = :p",
                "update audit.access set patient = 'someone-else' where patient = :p",
                "update audit.access set at = at - interval '1 day' where patient = :p",
                "update audit.access set entry = gen_random_uuid() where patient = :p",
                "update audit.access set org = 'Not An Organisation' where patient = :p",
                "delete from audit.access where patient = :p"
            })
    void whatever_is_changed_is_found(String change) {
        read();
        await().until(
                        jdbc.sql("select count(*) from log.pending").query(Long.class)::single,
                        pending -> pending == 0);

        assertThat(findings("select :p")).isEmpty();
        assertThat(findings(change)).isNotEmpty();
    }

    private void read() {
        assertThat(outside.get(STAFF, FHIR + "/Patient/" + patient.id()).status()).isEqualTo(200);
    }

    private Caller self() {
        return new Caller.Patient(patient);
    }

    private JsonNode accesses(String query) {
        return outside.get(self(), ACCESSES + query).json();
    }

    private List<String> findings(String change) {
        var findings = new Findings();
        transaction.executeWithoutResult(
                status -> {
                    if (!change.startsWith("select")) {
                        jdbc.sql(change).param("p", patient.id()).update();
                    }
                    check.run(findings);
                    status.setRollbackOnly();
                });
        return findings.found();
    }
}
