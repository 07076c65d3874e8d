package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignatureVerifier;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.fsck.Findings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signatures are checked ahead of the order, and nothing else is found for it.
class ReadAheadTests {
    @TempDir Path data;

    private final SignatureVerifier signatures = new Cryptography();
    private TestLedger test;
    private TestKey patient;

    @BeforeEach
    void found() {
        test = TestLedger.founded(data);
        patient = test.patient();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void signatures_are_checked_by_others_before_their_turn() {
        for (var i = 0; i < 20; i++) {
            test.submit(patient, test.grant(UUID.randomUUID()));
        }
        var here = Thread.currentThread();
        var byOthers = new AtomicInteger();
        var inOrder = new AtomicInteger();

        var findings =
                findings(
                        (key, message, signature) -> {
                            (Thread.currentThread() == here ? inOrder : byOthers).incrementAndGet();
                            return signatures.verify(key, message, signature);
                        });

        assertThat(findings.found()).isEmpty();
        // Each transaction and each block; what a member says for a patient's key waits for its
        // turn.
        assertThat(byOthers).hasValue(23 + 23);
        assertThat(inOrder).hasValue(1);
    }

    @Test
    void a_signature_that_is_another_one_s_is_found() {
        var consent = UUID.randomUUID();
        test.submit(patient, test.grant(consent));
        var one = test.sign(patient, new ConsentCommand.Withdraw(consent));
        test.ledger().submit(one);
        var other = test.sign(patient, test.grant(UUID.randomUUID()));
        test.jdbc.update(
                "update ledger.transaction set jws = ? where id = ?",
                withSignatureOf(other, one),
                PostgresLedgerTables.bytes(one.id()));

        assertThat(findings(signatures).found())
                .contains(
                        "ledger transaction "
                                + one.id()
                                + " in block 4 at 0: breaks a rule (bad-signature)");
    }

    private static String withSignatureOf(SignedTransaction other, SignedTransaction one) {
        var end = one.jws().lastIndexOf('.');
        return one.jws().substring(0, end) + other.jws().substring(other.jws().lastIndexOf('.'));
    }

    @Test
    void what_was_found_out_answers_no_other_question() {
        test.submit(patient, test.grant(UUID.randomUUID()));
        var read = last();
        var asked = new AtomicInteger();
        SignatureVerifier no =
                (_, _, _) -> {
                    asked.incrementAndGet();
                    return false;
                };

        var signed = read.signed().orElseThrow();
        assertThat(
                        signed.isSignedBy(
                                patient.jwk(),
                                (key, message, signature) ->
                                        read.verify(key, message, signature, no)
                                                && !read.verify(
                                                        test.hospital.jwk(), message, signature, no)
                                                && !read.verify(key, new byte[1], signature, no)
                                                && !read.verify(key, message, new byte[64], no)))
                .isTrue();
        assertThat(asked).hasValue(3);
    }

    private ReadAhead.ReadTransaction last() {
        var blocks = new ReadAhead(test.tables(), test.chain(), signatures, Runnable::run);
        var last = Optional.<ReadAhead.ReadTransaction>empty();
        for (var read = blocks.next(); read.isPresent(); read = blocks.next()) {
            last = Optional.of(read.get().transactions().getLast());
        }
        return last.orElseThrow();
    }

    private PublicJwk blockKey() {
        return BlockKeyFile.read(data.resolve("ledger-block.key")).publicKey();
    }

    private Findings findings(SignatureVerifier verifier) {
        var findings = new Findings();
        // One other, so that a key is always read before what it signs: with more, that is a race.
        try (var others = Executors.newSingleThreadExecutor()) {
            var chain = new Chain(TestLedger.NAME, test.tables(), blockKey(), verifier);
            new Replay(TestLedger.NAME, test.tables(), chain, verifier, others, findings).run();
        }
        return findings;
    }
}
