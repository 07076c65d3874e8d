package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.KeysCommand;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTests {
    @TempDir Path data;
    private TestLedger test;

    @BeforeEach
    void found() {
        test = TestLedger.founded(data);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void members_join_by_their_own_signature() {
        assertThat(test.ledger().member(TestLedger.HOSPITAL)).contains(TestLedger.member());
        assertThat(test.ledger().members()).containsExactly(TestLedger.member());
        assertThat(test.ledger().key(test.hospital.id()).orElseThrow().isActive()).isTrue();
        assertThat(test.ledger().height()).isEqualTo(2);
    }

    @Test
    void a_withdrawn_consent_is_withdrawn_for_the_next_question() {
        var patient = test.patient();
        var id = UUID.randomUUID();
        test.submit(patient, test.grant(id));
        assertThat(test.ledger().consent(id).orElseThrow().withdrawn()).isFalse();

        test.submit(patient, new ConsentCommand.Withdraw(id));

        assertThat(test.ledger().consent(id).orElseThrow().withdrawn()).isTrue();
    }

    @Test
    void a_transaction_submitted_twice_is_on_the_ledger_once() {
        var patient = test.patient();
        var grant = test.sign(patient, test.grant(UUID.randomUUID()));

        var first = test.ledger().submit(grant);
        var second = test.ledger().submit(grant);

        assertThat(first).isInstanceOf(TransactionOutcome.Committed.class).isEqualTo(second);
        assertThat(test.tables().countTransactions()).isEqualTo(4);
    }

    @Test
    void the_answer_stays_when_the_signer_is_no_longer_what_it_was() {
        var patient = test.patient();
        var grant = test.sign(patient, test.grant(UUID.randomUUID()));
        var first = test.ledger().submit(grant);

        test.submit(patient, new KeysCommand.Revoke(patient.id()));

        assertThat(first).isInstanceOf(TransactionOutcome.Committed.class);
        assertThat(test.ledger().submit(grant)).isEqualTo(first);
    }
}
