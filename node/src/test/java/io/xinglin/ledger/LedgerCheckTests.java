package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whoever changes what is stored, behind the ledger's back, is found out, and where.
class LedgerCheckTests {
    @TempDir Path data;

    private final UUID granted = UUID.randomUUID();
    private final UUID withdrawn = UUID.randomUUID();
    private TestLedger test;
    private TestKey patient;
    private SignedTransaction grant;

    @BeforeEach
    void fill() {
        test = TestLedger.founded(data);
        patient = test.patient();
        grant = test.sign(patient, test.grant(granted));
        test.ledger().submit(grant);
        test.submit(patient, test.grant(withdrawn));
        test.submit(patient, new ConsentCommand.Withdraw(withdrawn));
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void nothing_is_found_where_nothing_was_changed() {
        assertThat(test.findings()).isEmpty();
    }

    @Test
    void a_changed_value_is_found_by_its_key() {
        change(
                "update ledger.state set value = replace(value, 'withdrawn', 'granted')"
                        + " where key = ?",
                StateKeys.consent(withdrawn));

        assertThat(test.findings())
                .containsExactly(
                        "ledger state consent/"
                                + withdrawn
                                + ": holds another value than 5:0 wrote");
    }

    @Test
    void a_removed_or_invented_or_redated_state_is_found_by_its_key() {
        change("delete from ledger.state where key = ?", StateKeys.consent(granted));
        change("insert into ledger.state values ('consent/invented', '{}', 3, 0)");
        change("update ledger.state set block = 2 where key = ?", StateKeys.key(patient.id()));

        assertThat(test.findings())
                .contains(
                        "ledger state consent/" + granted + ": does not hold what 3:0 wrote",
                        "ledger state consent/invented: holds what no transaction wrote");
    }

    @Test
    void a_changed_transaction_is_found_by_its_id() {
        var jws = grant.jws();
        var changed = jws.charAt(400) == 'A' ? 'B' : 'A';
        change(
                "update ledger.transaction set jws = ? where id = ?",
                jws.substring(0, 400) + changed + jws.substring(401),
                PostgresLedgerTables.bytes(grant.id()));

        assertThat(test.findings())
                .contains("ledger block 3: its transactions are not those that were signed for")
                .anyMatch(f -> f.startsWith("ledger transaction " + grant.id() + " in block 3"));
    }

    @Test
    void a_transaction_with_another_id_validity_or_time_is_found() {
        change("update ledger.transaction set id = ? where block = 1", (Object) new byte[32]);
        change("update ledger.transaction set validity = 1 where block = 3");
        change("update ledger.transaction set time_millis = time_millis + 1 where block = 5");

        assertThat(test.findings())
                .contains(
                        "ledger transaction "
                                + "0".repeat(64)
                                + " in block 1 at 0: is stored under an id that is not its own",
                        "ledger block 3: its transactions are not those that were signed for",
                        "ledger block 3: its transactions do not lead to the state that was signed"
                                + " for",
                        "ledger block 5: its transactions are not those that were signed for");
    }

    @Test
    void a_removed_transaction_or_block_is_found() {
        change("delete from ledger.transaction where block = 5");
        change("delete from ledger.block where number = 4");

        assertThat(test.findings())
                .contains(
                        "ledger block 4: is missing",
                        "ledger block 5: its transactions are not those that were signed for");
    }

    @Test
    void every_changed_column_of_a_header_is_found() {
        for (var column : new String[] {"previous_hash", "transactions_root", "state_digest"}) {
            change(
                    "update ledger.block set "
                            + column
                            + " = set_byte("
                            + column
                            + ", 7, get_byte("
                            + column
                            + ", 7) # 1) where number = 2");

            assertThat(test.findings()).contains("ledger block 2: is not signed by this ledger");
        }
        change("update ledger.block set time_millis = time_millis + 1 where number = 4");
        change("update ledger.block set signature = 'AAAA' where number = 3");

        assertThat(test.findings())
                .contains(
                        "ledger block 4: is not signed by this ledger",
                        "ledger block 3: is not signed by this ledger");
    }

    @Test
    void blocks_signed_with_another_key_are_found() {
        var other = BlockKeyFile.create(data.resolve("other.key"));
        var block = test.tables().block(4).orElseThrow();
        change(
                "update ledger.block set signature = ? where number = 4",
                Block.sign(block.header(), other).signature());

        assertThat(test.findings()).containsExactly("ledger block 4: is not signed by this ledger");
    }

    @Test
    void the_ledger_does_not_start_on_a_changed_end() {
        change("update ledger.transaction set time_millis = time_millis + 1 where block = 5");

        assertThatThrownBy(test::restart)
                .isInstanceOf(LedgerCorrupted.class)
                .hasMessage("the transactions of block 5 were changed");
    }

    @Test
    void the_ledger_does_not_start_on_a_broken_chain() {
        change("update ledger.block set time_millis = time_millis - 1 where number = 4");

        assertThatThrownBy(test::restart)
                .isInstanceOf(LedgerCorrupted.class)
                .hasMessageContaining("block 4 is not signed");
    }

    @Test
    void the_ledger_does_not_start_without_its_block_key() throws Exception {
        Files.move(data.resolve("ledger-block.key"), data.resolve("elsewhere"));

        assertThatThrownBy(test::restart)
                .isInstanceOf(LedgerCorrupted.class)
                .hasMessageContaining("is missing");
    }

    @Test
    void blocks_cut_off_at_the_end_are_noticed() {
        change("delete from ledger.transaction where block = 5");
        change("delete from ledger.block where number = 5");

        assertThat(test.findings()).anyMatch(line -> line.contains("block 5 was written once"));
        assertThatThrownBy(test::restart)
                .isInstanceOf(LedgerCorrupted.class)
                .hasMessageContaining("block 5 was written once and is not in the database");
    }

    @Test
    void a_head_that_a_power_failure_left_half_written_says_nothing() throws Exception {
        Files.writeString(data.resolve("ledger-head"), "5\n12");

        assertThat(test.findings()).isEmpty();
    }

    @Test
    void a_signature_of_a_block_that_is_written_in_another_way_is_noticed() {
        var signature = test.tables().block(4).orElseThrow().signature();
        change(
                "update ledger.block set signature = '%s' where number = 4"
                        .formatted(otherTextOf(signature)));

        assertThat(test.findings()).containsExactly("ledger block 4: is not signed by this ledger");
    }

    /// Another text that a lenient decoder takes for the same bytes.
    private static String otherTextOf(String base64url) {
        var bytes = Base64.getUrlDecoder().decode(base64url);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.chars()
                .mapToObj(last -> base64url.substring(0, base64url.length() - 1) + (char) last)
                .filter(text -> !text.equals(base64url))
                .filter(text -> Arrays.equals(Base64.getUrlDecoder().decode(text), bytes))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_head_that_a_power_failure_left_as_garbage_says_nothing() throws Exception {
        Files.write(data.resolve("ledger-head"), new byte[] {(byte) 0xC3, 0, (byte) 0x9F, '\n'});

        assertThat(test.findings()).isEmpty();
        assertThat(test.restart().height()).isEqualTo(6);
    }

    @Test
    void the_hash_of_a_block_does_not_depend_on_the_language_of_the_machine() {
        var header = test.tables().block(4).orElseThrow().header();
        var before = header.hash();
        var locale = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
            assertThat(header.hash()).isEqualTo(before);
        } finally {
            Locale.setDefault(locale);
        }
    }

    @Test
    void a_transaction_that_was_sent_away_as_expired_too_early_is_found() {
        change("update ledger.transaction set validity = 3 where block = 5");

        assertThat(test.findings()).anyMatch(line -> line.contains("is marked expired before"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Validity.class,
            names = {"MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT", "NOT_AGREED"})
    void a_transaction_that_was_sent_away_though_nothing_it_read_had_changed_is_found(
            Validity validity) throws SQLException {
        var withdrawal = test.sign(patient, new ConsentCommand.Withdraw(granted));

        test.sendAway(withdrawal, validity);

        assertThat(test.findings())
                .containsExactly(
                        "ledger transaction "
                                + withdrawal.id()
                                + " in block 6 at 0: is marked "
                                + validity.word()
                                + ", and cannot have been that");
    }

    @Test
    void a_transaction_that_lost_against_another_is_in_order_and_only_in_the_way_it_lost()
            throws SQLException {
        var second = test.sign(patient, new ConsentCommand.Withdraw(withdrawn));

        test.sendAway(second, Validity.MVCC_READ_CONFLICT);
        assertThat(test.findings()).isEmpty();
        test.sendAway(second, Validity.PHANTOM_READ_CONFLICT);

        assertThat(test.findings()).hasSize(1).first().asString().contains("in block 7 at 0");
    }

    /// At a first attempt nobody looks whether what should be new is; it lost for another reason before that came out.
    @Test
    void a_grant_of_a_consent_that_is_there_may_have_lost_for_another_reason() throws SQLException {
        var second = test.sign(patient, test.grant(granted));
        test.submit(patient, new KeysCommand.Revoke(patient.id()));

        test.sendAway(second, Validity.MVCC_READ_CONFLICT);

        assertThat(test.findings()).isEmpty();
    }

    @Test
    void a_decision_that_lost_against_an_admission_is_in_order() throws SQLException {
        var proposal = UUID.randomUUID();
        var change = new Change.Setting(Parameter.BLOCK_TRANSACTIONS, 100);
        var expires = test.now().plus(Duration.ofDays(1));
        test.submit(test.hospital, new GovernanceCommand.Propose(proposal, change, expires));
        test.submit(test.hospital, new GovernanceCommand.Vote(proposal, true));
        var decision = test.sign(test.hospital, new GovernanceCommand.Decide(proposal));
        var clinic = new MemberId("apricot-clinic");
        test.agree(new Change.Admission(clinic, TestKey.fresh().id()), test.hospital);

        test.sendAway(decision, Validity.PHANTOM_READ_CONFLICT);

        assertThat(test.findings()).isEmpty();
    }

    @Test
    void a_ledger_whose_tables_someone_else_writes_stops() {
        change(
                "insert into ledger.block select 6, time_millis, transactions, previous_hash,"
                        + " transactions_root, state_digest, signature from ledger.block where"
                        + " number = 5");

        assertThatThrownBy(() -> test.submit(patient, test.grant(UUID.randomUUID())))
                .isInstanceOf(LedgerUnavailable.class);
    }

    private void change(String sql, Object... arguments) {
        assertThat(test.jdbc.update(sql, arguments)).isPositive();
    }
}
