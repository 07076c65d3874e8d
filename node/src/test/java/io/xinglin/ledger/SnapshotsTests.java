package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger goes into a file and comes back on another node, or the first thing wrong with the file is named.
class SnapshotsTests {
    @TempDir Path data;
    @TempDir Path other;

    private final UUID old = UUID.randomUUID();
    private final UUID granted = UUID.randomUUID();
    private TestLedger test;
    private TestKey patient;
    private SignedTransaction grant;
    private Path file;

    @BeforeEach
    void fill() throws IOException {
        test = TestLedger.founded(data);
        patient = test.patient();
        test.submit(patient, test.grant(old));
        test.pass(Duration.ofDays(2));
        test.agree(new Change.Setting(Parameter.BLOCK_TRANSACTIONS, 100), test.hospital);
        grant = test.sign(patient, test.grant(granted));
        test.ledger().submit(grant);
        file = data.resolve("ledger.snapshot");
        test.snapshots().write(file);
        Files.copy(data.resolve("ledger-block.key"), other.resolve("ledger-block.key"));
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void a_restored_ledger_goes_on_where_the_other_stood() throws IOException {
        try (var restored = restored(file)) {
            assertThat(restored.ledger().height()).isEqualTo(test.ledger().height());
            assertThat(restored.ledger().members()).isEqualTo(test.ledger().members());
            assertThat(restored.ledger().value(Parameter.BLOCK_TRANSACTIONS)).isEqualTo(100);
            assertThat(restored.tables().blocks(0, 1).getFirst().header().number()).isPositive();

            restored.submit(patient, new ConsentCommand.Withdraw(old));
            restored.submit(patient, restored.grant(UUID.randomUUID()));

            assertThat(restored.ledger().consent(old).orElseThrow().withdrawn()).isTrue();
            assertThat(restored.findings()).isEmpty();
            restored.restart();
            assertThat(restored.ledger().height()).isEqualTo(test.ledger().height() + 2);
        }
    }

    @Test
    void what_was_on_the_ledger_before_cannot_be_submitted_again() throws IOException {
        try (var restored = restored(file)) {
            assertThat(restored.ledger().submit(grant)).isEqualTo(test.ledger().submit(grant));
            assertThat(restored.ledger().height()).isEqualTo(test.ledger().height());
        }
    }

    @Test
    void the_same_ledger_has_the_same_snapshot_wherever_it_is() throws IOException {
        var again = data.resolve("again");
        try (var restored = restored(file)) {
            restored.snapshots().write(again);
        }

        assertThat(again).hasSameTextualContentAs(file);
    }

    @Test
    void the_check_finds_what_was_changed_in_a_restored_ledger() throws IOException {
        try (var restored = restored(file)) {
            restored.submit(patient, new ConsentCommand.Withdraw(granted));
            restored.jdbc.update("delete from ledger.state where key = ?", StateKeys.consent(old));
            restored.jdbc.update(
                    "update ledger.state set value = replace(value, 'withdrawn', 'granted')"
                            + " where key = ?",
                    StateKeys.consent(granted));

            assertThat(restored.findings())
                    .hasSize(2)
                    .anyMatch(f -> f.startsWith("ledger state consent/" + old + ": is gone"))
                    .anyMatch(f -> f.startsWith("ledger state consent/" + granted + ": holds"));

            restored.jdbc.update(
                    "update ledger.base_state set value = '{}' where key = 'founding'");
            assertThat(restored.findings()).anyMatch(f -> f.contains("ledger base after block"));
        }
    }

    @Test
    void a_changed_snapshot_is_refused_by_the_first_thing_that_is_wrong() throws IOException {
        assertRefused(text -> text.replace("snapshot/1\nblock", "snapshot/2\nblock"), "not a snap");
        assertRefused(text -> text.replaceFirst("\"time\":1", "\"time\":2"), "is not signed");
        assertRefused(
                text -> text.replaceFirst("transaction\t1", "transaction\t2"), "were changed");
        assertRefused(text -> text.replaceFirst("transaction\t[^\n]*\n", ""), "were changed");
        assertRefused(text -> text.replaceFirst("(?s)block\t.*?block\t", "block\t"), "missing");
        assertRefused(
                text -> text.replaceFirst("(?s)(block\t.*?)block\t.*?block\t", "$1block\t"),
                "does not follow");
        assertRefused(
                text -> text.replace("state\tfounding\t0", "state\tfounding\t1"), "its state");
        assertRefused(text -> text.replaceFirst("state\tfounding[^\n]*\n", ""), "its state");
        assertRefused(text -> text.replaceFirst("(state\t[^\n]*\n)", "$1$1"), "out of its order");
        assertRefused(text -> text.replace("\"states\":", "\"states\":1"), "not signed");
        assertRefused(text -> text.replaceFirst("snapshot\t.*\n", ""), "ends before its end");
        assertRefused(text -> text + "more\n", "comes after the end");
        assertRefused(text -> text.replaceFirst("state\tfounding\t", "stat\t"), "not in its form");
    }

    @Test
    void a_snapshot_of_another_key_or_onto_a_ledger_is_refused() throws IOException {
        assertThatExceptionOfType(BadSnapshot.class)
                .isThrownBy(() -> test.snapshots().restore(file))
                .withMessageContaining("has a ledger already");
        Files.delete(other.resolve("ledger-block.key"));
        assertRefused(text -> text, "is not signed by the ledger's key");
    }

    private void assertRefused(UnaryOperator<String> change, String why) throws IOException {
        var changed = data.resolve("changed");
        Files.writeString(changed, change.apply(Files.readString(file)));
        try (var empty = TestLedger.empty(other)) {
            empty.pass(Duration.ofDays(2));
            assertThatExceptionOfType(BadSnapshot.class)
                    .isThrownBy(() -> empty.snapshots().restore(changed))
                    .withMessageContaining(why);
            assertThat(empty.tables().head()).isEmpty();
            assertThat(empty.tables().countState("")).isZero();
        }
    }

    /// Another node with the same block key, at the same time.
    private TestLedger restored(Path snapshot) throws IOException {
        var restored = TestLedger.empty(other);
        restored.pass(Duration.ofDays(2));
        restored.snapshots().restore(snapshot);
        restored.restart();
        return restored;
    }
}
