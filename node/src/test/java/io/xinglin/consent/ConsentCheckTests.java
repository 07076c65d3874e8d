package io.xinglin.consent;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.fsck.Findings;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.log.Opening;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What is changed behind the node's back is found, and named by the consent alone. Every change is taken back in the end.
@TestNode
class ConsentCheckTests {
    @Autowired private Consents consents;
    @Autowired private ConsentCheck check;
    @Autowired private ConsentTable table;
    @Autowired private Identities identities;
    @Autowired private JdbcClient jdbc;
    @Autowired private TransactionTemplate transaction;
    @Autowired private TestClock clock;

    private PatientId patient = new PatientId(CITY, "nobody");
    private ConsentId granted = new ConsentId(new UUID(0, 0));
    private ConsentId withdrawn = granted;

    @BeforeEach
    void grantOneAndWithdrawAnother() {
        patient = new PatientId(CITY, UUID.randomUUID().toString());
        identities.enrol(patient);
        granted = consents.grant(patient, terms()).id();
        withdrawn = consents.grant(patient, terms()).id();
        consents.withdraw(patient, withdrawn);
        await().until(
                        () ->
                                jdbc.sql("select count(*) from log.pending")
                                                .query(Long.class)
                                                .single()
                                        == 0);
    }

    @Test
    void what_is_as_it_was_said_has_no_findings() {
        assertThat(findings("select 1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update consent.consent set status = 'GRANTED', withdrawn = null where id = :w",
                "update consent.consent set status = 'PROPOSED', withdrawn = null where id = :w",
                "update consent.consent set withdrawn = withdrawn - interval '1 day' where id = :w",
                "update consent.event set opening = set_byte(opening, 20, 255 - get_byte(opening, 20)) where consent = :w",
                "delete from consent.event where consent = :w",
                "delete from consent.event where consent = :w and kind = 'WITHDRAWN'",
                "delete from consent.event where consent = :w; delete from consent.consent where id = :w",
                "delete from consent.event where consent = :w and kind = 'WITHDRAWN';"
                        + " update consent.consent set status = 'GRANTED', withdrawn = null where id = :w"
            })
    void an_undone_withdrawal_is_found_and_named(String change) {
        assertThat(findings(change)).anyMatch(line -> line.startsWith("consent " + withdrawn));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update consent.consent set terms = set_byte(terms, 40, 255 - get_byte(terms, 40)) where id = :g",
                "update consent.consent set terms = '' where id = :g",
                "update consent.consent set terms = (select terms from consent.consent where id = :w) where id = :g",
                "update consent.consent set reader = decode('00', 'hex') where id = :g",
                "update consent.consent set patient = decode('00', 'hex') where id = :g",
                "update consent.consent set created = created + interval '1 second' where id = :g",
                "update consent.consent set status = 'WITHDRAWN', withdrawn = created where id = :g",
                "update consent.consent set custodian = 'stranger' where id = :g",
                "update consent.consent set custodian = 'river-hospital' where id = :g",
                "update consent.event set entry = gen_random_uuid() where consent = :g",
                "delete from consent.event where consent = :g",
                "delete from consent.event where consent = :g; delete from consent.consent where id = :g"
            })
    void a_changed_consent_is_found_and_named(String change) {
        assertThat(findings(change)).anyMatch(line -> line.startsWith("consent " + granted));
    }

    @Test
    void one_that_is_withdrawn_on_the_ledger_alone_is_found() {
        identities.submit(patient, new ConsentCommand.Withdraw(granted.value()));

        assertThat(findings("select 1"))
                .containsExactly(
                        "consent " + granted + ": it is withdrawn on the ledger, and not here");
    }

    @Test
    void a_deleted_event_leaves_its_entry_in_the_log() {
        var entry =
                jdbc.sql("select entry from consent.event where consent = ? and kind = 'GRANTED'")
                        .param(withdrawn.value())
                        .query(UUID.class)
                        .single();

        var change = "delete from consent.event where consent = :w and kind = 'GRANTED'";

        assertThat(everything(change)).anyMatch(line -> line.contains("log entry " + entry));
    }

    @Test
    void what_is_only_proposed_or_still_owed_to_the_ledger_is_as_it_should_be() {
        var proposed = new ConsentId(UUID.randomUUID());
        var now = clock.instant();
        var opening = Opening.of(new byte[32], Statement.granted(patient, proposed, terms(), now));
        table.propose(proposed, patient, terms(), opening, now);

        assertThat(everything("update consent.consent set owed = true where id = :w"))
                .noneMatch(line -> line.contains(proposed.toString()))
                .noneMatch(line -> line.contains(withdrawn.toString()));
        table.drop(proposed);
    }

    private ConsentTerms terms() {
        return new ConsentTerms(
                RIVER,
                Set.of(RecordCategory.LABORATORY),
                Set.of(SensitivityClass.GENERAL),
                Set.of(PurposeOfUse.TREAT),
                clock.instant().plus(Duration.ofDays(7)));
    }

    /// The findings about the two consents of this test.
    private List<String> findings(String change) {
        return everything(change).stream()
                .filter(
                        line ->
                                line.contains(granted.toString())
                                        || line.contains(withdrawn.toString()))
                .toList();
    }

    private List<String> everything(String change) {
        var findings = new Findings();
        transaction.executeWithoutResult(
                status -> {
                    for (var statement : change.split(";", -1)) {
                        execute(statement);
                    }
                    check.run(findings);
                    status.setRollbackOnly();
                });
        assertThat(findings.found()).noneMatch(line -> line.contains(patient.id()));
        return findings.found();
    }

    private void execute(String statement) {
        if (!statement.startsWith("select")) {
            jdbc.sql(statement).param("g", granted.value()).param("w", withdrawn.value()).update();
        }
    }
}
