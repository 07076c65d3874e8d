package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.TestNode;
import io.xinglin.fsck.Findings;
import io.xinglin.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What is changed behind the node's back is found and named. Every change is taken back in the end.
@TestNode
class RecordCheckTests {
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");

    @Autowired private Records records;
    @Autowired private RecordCheck check;
    @Autowired private JdbcClient jdbc;
    @Autowired private TransactionTemplate transaction;

    private String observation = "";

    @BeforeEach
    void store() {
        var response = records.transaction(CITY, Samples.record("fsck"), SYSTEM);
        observation =
                response.getEntry()
                        .get(1)
                        .getResponse()
                        .getLocation()
                        .replaceAll("/_history.*", "");
        sequenced();
    }

    private void sequenced() {
        await().until(
                        jdbc.sql("select count(*) from log.pending").query(Long.class)::single,
                        pending -> pending == 0);
    }

    @Test
    void what_is_as_it_was_stored_has_no_findings() {
        assertThat(findings("select 1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update records.version set sealed = set_byte(sealed, 0, 7) where resource = :r",
                "update records.version set sealed = set_byte(sealed, 3, 255 - get_byte(sealed, 3)) where resource = :r",
                "update records.version set sealed = set_byte(sealed, 60, 255 - get_byte(sealed, 60)) where resource = :r",
                "update records.version set sealed = '' where resource = :r",
                "update records.version set category = 4 where resource = :r",
                "update records.version set written = written + interval '1 second' where resource = :r",
                "update records.version set entry = gen_random_uuid() where resource = :r",
                "update records.resource set owner = 'someone-else' where key = :r",
                "update records.resource set category = 4 where key = :r",
                "update records.resource set class = 2 where key = :r",
                "update records.identifier set org = 'river-hospital' where resource = (select key from records.resource where owner = (select owner from records.resource where key = :r) and type = 'Patient')",
                "update records.resource set tokens = tokens || 1::bigint where key = :r",
                "update records.resource set tokens = '{}' where key = :r",
                "insert into records.identifier values ('city-first-hospital', 7, :r)",
                "update records.resource set id = id || 'x' where key = :r"
            })
    void whatever_is_changed_is_found_and_named(String change) {
        assertThat(findings(change)).anyMatch(line -> line.contains(record(change)));
    }

    private String record(String change) {
        return change.contains("type = 'Patient'") ? "Patient/" : observation;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update records.compartment set patient_wrap = 'gone' where key = :c",
                "update records.compartment set custodian_wrap = (select custodian_wrap from records.compartment where key <> :c limit 1) where key = :c",
                "update records.compartment set epoch = 2 where key = :c",
                "insert into records.compartment (org, owner, class, epoch, custodian_wrap, patient_wrap, mac) select org, owner, class, 2, custodian_wrap, patient_wrap, mac from records.compartment where key = :c"
            })
    void keys_that_were_changed_or_put_in_another_place_are_found(String change) {
        var compartment =
                jdbc.sql(
                                """
                                select v.compartment from records.version v
                                join records.resource r on r.key = v.resource where r.id = ?
                                """)
                        .param(observation.substring("Observation/".length()))
                        .query(Long.class)
                        .single();

        assertThat(findings(change.replace(":c", compartment.toString()) + " -- :r"))
                .anyMatch(line -> line.startsWith("compartment "));
    }

    @Test
    void a_deleted_version_is_named_and_its_entry_is_without_a_row() {
        assertThat(findings("delete from records.version where resource = :r"))
                .hasSize(2)
                .anyMatch(line -> line.contains(observation) && line.contains("missing"))
                .anyMatch(line -> line.contains("log entry"));
    }

    @Test
    void a_row_that_was_put_back_to_an_older_one_is_found() {
        var id = observation.substring("Observation/".length());
        var patient =
                jdbc.sql("select owner from records.resource where id = ?")
                        .param(id)
                        .query(String.class)
                        .single();
        var update =
                """
                {"resourceType":"Bundle","type":"transaction","entry":[{"resource":%s,
                 "request":{"method":"PUT","url":"%s"}}]}
                """
                        .formatted(
                                R4.json()
                                        .encodeResourceToString(
                                                Samples.laboratory(
                                                        "Patient/" + patient, "1", "2024")),
                                observation);
        records.transaction(CITY, update.getBytes(StandardCharsets.UTF_8), SYSTEM);
        sequenced();

        assertThat(
                        findings(
                                "delete from records.version where resource = :r and version = 2;"
                                        + " update records.resource set version = 1 where key = :r"))
                .anyMatch(line -> line.contains("log entry"));
    }

    @Test
    void a_row_that_nobody_wrote_is_found() {
        assertThat(
                        findings(
                                """
                                insert into records.version
                                select resource, 2, compartment, category, written, gen_random_uuid(), sealed
                                from records.version where resource = :r
                                """))
                .anyMatch(line -> line.contains(observation + "/_history/2"));
    }

    private List<String> findings(String change) {
        var findings = new Findings();
        transaction.executeWithoutResult(
                status -> {
                    var key =
                            jdbc.sql("select key from records.resource where id = ?")
                                    .param(observation.substring("Observation/".length()))
                                    .query(Long.class)
                                    .single();
                    for (var statement : change.split(";", -1)) {
                        if (statement.toLowerCase(Locale.ROOT).contains(":r")) {
                            jdbc.sql(statement).param("r", key).update();
                        }
                    }
                    check.run(findings);
                    status.setRollbackOnly();
                });
        return findings.found();
    }
}
