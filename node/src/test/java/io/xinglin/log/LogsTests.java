package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static io.xinglin.log.LogNode.opening;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Findings;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.LeafIndex;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TlogProof;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

class LogsTests {
    private static final String STATEMENT = "{\"kind\":\"write\"}";

    private Path data;
    private DataSource database;
    private LogNode node;

    @BeforeEach
    void open(@TempDir Path directory) {
        data = directory;
        database = TestDatabase.empty();
        node = new LogNode(database, data);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void an_entry_has_the_form_that_others_compute_it_in() {
        var opening =
                Opening.of(new byte[32], "{\"kind\":\"write\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(Entry.of(EntryKind.WRITE, opening))
                .hasToString("xinglin-entry/v1 write qYOB+873kaEeUwgI0+dQCHh1dNO3pFmNq5+xcxeIkS4=");
    }

    @Test
    void an_entry_gets_a_receipt_that_the_logs_key_verifies() {
        node.append(HOSPITAL, 300);
        var opening = opening("{\"kind\":\"write\",\"resource\":\"Observation/17\"}");
        var entry = node.append(HOSPITAL, opening);

        node.signedUpTo(HOSPITAL, 301);

        var proof = TlogProof.parse(node.logs.receipt(HOSPITAL, entry, opening).orElseThrow());
        var leaf = Entry.of(EntryKind.WRITE, opening).leafHash();
        assertThat(proof.verify(leaf, node.signer(HOSPITAL).verifier()))
                .isEqualTo(Verification.valid());
        assertThat(proof.verify(leaf, node.signer(CLINIC).verifier()))
                .isInstanceOf(Verification.Invalid.class);
        assertThat(OpeningJson.parse(proof.extraBytes().orElseThrow()).statement())
                .isEqualTo(opening.statement());
    }

    @Test
    void there_is_no_receipt_before_a_checkpoint_covers_the_entry() {
        var opening = opening(STATEMENT);

        var entry = node.append(HOSPITAL, opening);

        assertThat(node.logs.holds(HOSPITAL, entry)).isTrue();
        assertThat(node.logs.receipt(HOSPITAL, entry, opening)).isEmpty();
        assertThat(node.logs.status(HOSPITAL)).isEmpty();
    }

    @Test
    void an_entry_is_held_with_its_own_opening_only_and_by_its_own_log_only() {
        var opening = opening(STATEMENT);

        var entry = node.append(HOSPITAL, opening);

        assertThat(node.logs.holds(HOSPITAL, entry, EntryKind.WRITE, opening)).isTrue();
        assertThat(node.logs.holds(HOSPITAL, entry, EntryKind.REFUSAL, opening)).isFalse();
        assertThat(node.logs.holds(HOSPITAL, entry, EntryKind.WRITE, opening(STATEMENT))).isFalse();
        assertThat(node.logs.holds(CLINIC, entry)).isFalse();
    }

    @Test
    void a_statement_of_another_kind_than_its_entry_is_refused() {
        for (var statement : List.of("{\"kind\":\"refusal\"}", "{}", "[]", "", "{\"kind\":1}")) {
            assertThatThrownBy(() -> node.append(HOSPITAL, opening(statement)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void an_entry_of_a_transaction_that_fails_never_was() {
        assertThatThrownBy(
                        () ->
                                node.transaction.executeWithoutResult(
                                        _ -> {
                                            node.logs.append(
                                                    HOSPITAL, EntryKind.WRITE, opening(STATEMENT));
                                            throw new IllegalStateException("no");
                                        }))
                .hasMessage("no");
        node.append(HOSPITAL, 1);

        node.signedUpTo(HOSPITAL, 1);

        assertThat(node.table.size(HOSPITAL)).isEqualTo(1);
    }

    @Test
    void a_promise_is_held_in_its_own_transaction_and_in_no_other_until_it_is_kept() {
        var another =
                new TransactionTemplate(
                        Objects.requireNonNull(node.transaction.getTransactionManager()));
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        var promised = new ArrayList<EntryId>();

        node.transaction.executeWithoutResult(
                status -> {
                    var entry = node.logs.append(HOSPITAL, EntryKind.WRITE, opening(STATEMENT));
                    promised.add(entry);
                    assertThat(node.logs.holds(CLINIC, entry)).isFalse();
                    another.executeWithoutResult(
                            _ -> assertThat(node.logs.holds(HOSPITAL, entry)).isFalse());
                    assertThat(node.logs.holds(HOSPITAL, entry)).isTrue();
                    status.setRollbackOnly();
                });

        assertThat(node.logs.holds(HOSPITAL, promised.getFirst())).isFalse();
    }

    @Test
    void entries_keep_the_order_they_were_promised_in() {
        var promised = node.append(HOSPITAL, 12_345);

        node.signedUpTo(HOSPITAL, 12_345);

        for (var i = 0; i < promised.size(); i += 111) {
            assertThat(node.table.indexOf(HOSPITAL, promised.get(i))).contains(new LeafIndex(i));
        }
    }

    @Test
    void every_log_has_a_checkpoint_from_the_start_and_the_entries_of_its_own_organisation() {
        node.append(HOSPITAL, 2);

        node.signedUpTo(HOSPITAL, 2);
        node.signedUpTo(CLINIC, 0);

        var empty = node.logs.status(CLINIC).orElseThrow();
        assertThat(empty.root()).isEqualTo(Hash.OF_EMPTY_TREE);
        assertThat(empty.origin()).isEqualTo("localhost:8080/log/apricot-clinic");
        assertThat(empty.signedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        var status = node.logs.status(HOSPITAL).orElseThrow();
        assertThat(status.size().value()).isEqualTo(2);
        assertThat(status.vkey()).isEqualTo(node.signer(HOSPITAL).verifier().toString());
        assertThat(node.logs.status(new MemberId("unknown"))).isEmpty();
    }

    @Test
    void while_entries_come_a_checkpoint_is_signed_at_least_once_a_second() {
        node.signedUpTo(HOSPITAL, 0);
        for (var i = 0; i < 30; i++) {
            node.append(HOSPITAL, 20);
            pause(Duration.ofMillis(100));
        }
        node.signedUpTo(HOSPITAL, 600);

        var longest =
                node.jdbc.queryForObject(
                        """
                        select max(gap) from (
                            select extract(epoch from signed_at - lag(signed_at) over (order by size))
                                as gap, size
                            from log.checkpoint where org = 'city-first-hospital' and size > 0) g
                        """,
                        Double.class);
        // Twice what is promised, for a machine with other work to do.
        assertThat(longest).isLessThan(2.0);
    }

    @Test
    void a_restarted_log_goes_on_from_the_same_root() {
        node.append(HOSPITAL, 700);
        node.signedUpTo(HOSPITAL, 700);
        var before = node.logs.status(HOSPITAL).orElseThrow();

        node = node.restarted(database, data);
        node.append(HOSPITAL, 700);
        node.signedUpTo(HOSPITAL, 1400);

        assertThat(node.table.checkpoints(HOSPITAL, 699, 1).getFirst().note())
                .isEqualTo(before.note());
        assertNothingFound();
    }

    @Test
    void files_that_are_lost_are_made_again_from_the_database() throws IOException {
        node.append(HOSPITAL, 700);
        node.signedUpTo(HOSPITAL, 700);
        node.close();
        var before = contents();
        deleteAll(node.store(HOSPITAL).directory());

        node = node.restarted(database, data);
        node.signedUpTo(HOSPITAL, 700);

        assertThat(contents()).isEqualTo(before);
        assertNothingFound();
    }

    @Test
    void files_made_again_are_those_of_every_tree_that_was_signed() throws IOException {
        for (var size : List.of(300, 520, 530, 700)) {
            node.append(HOSPITAL, Math.toIntExact(size - node.table.size(HOSPITAL)));
            node.signedUpTo(HOSPITAL, size);
            node.sequencer.stop();
        }
        var before = contents();
        node.close();
        deleteAll(node.store(HOSPITAL).directory());

        node = node.restarted(database, data);
        node.signedUpTo(HOSPITAL, 700);

        assertThat(node.store(HOSPITAL).directory().resolve("tile/0/002.p/18")).exists();
        assertThat(node.store(HOSPITAL).directory().resolve("tile/1/000.p/1")).exists();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void what_went_bad_in_the_last_bundle_is_not_taken_over_into_the_next() throws IOException {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        node.close();
        var bundle = node.store(HOSPITAL).directory().resolve("tile/entries/000.p/10");
        var bytes = Files.readAllBytes(bundle);
        bytes[40] ^= 1;
        Files.write(bundle, bytes);

        node = node.restarted(database, data);
        node.append(HOSPITAL, 300);
        node.signedUpTo(HOSPITAL, 310);

        assertNothingFound();
    }

    @Test
    void a_full_tile_in_the_middle_that_is_lost_is_made_again() throws IOException {
        node.append(HOSPITAL, 700);
        node.signedUpTo(HOSPITAL, 700);
        node.close();
        var before = contents();
        Files.delete(node.store(HOSPITAL).directory().resolve("tile/0/001"));

        node = node.restarted(database, data);
        node.sequencer.start();
        LogNode.await(() -> contents().equals(before));

        assertNothingFound();
    }

    @Test
    void a_database_older_than_what_was_published_signs_no_second_history() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        node.close();
        node.jdbc.execute("delete from log.checkpoint where size > 0");
        node.jdbc.execute("delete from log.entry where leaf_index > 4");

        assertThatThrownBy(this::openAgain)
                .isInstanceOf(BrokenLog.class)
                .hasMessageContaining("published checkpoint is of size 10");
    }

    @Test
    void a_log_cut_back_everywhere_is_held_to_what_the_ledger_has() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        node.anchoring.anchorAll();
        node.close();
        node.jdbc.execute("delete from log.checkpoint where size > 0");
        node.jdbc.execute("delete from log.entry where leaf_index > 4");
        deleteAll(node.store(HOSPITAL).directory());

        assertThatThrownBy(this::openAgain)
                .isInstanceOf(BrokenLog.class)
                .hasMessageContaining("the ledger has our checkpoint of size 10");
    }

    @Test
    void a_log_that_does_not_begin_as_the_ledger_knows_it_stops() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        node.close();
        var signed = node.table.latest(HOSPITAL).orElseThrow().checkpoint();
        var other = Hash.leaf("another history".getBytes(StandardCharsets.UTF_8));
        node.anchored.put(HOSPITAL, new Checkpoint(signed.origin(), new TreeSize(6), other));

        assertThatThrownBy(this::openAgain)
                .isInstanceOf(BrokenLog.class)
                .hasMessageContaining("does not begin with the tree of size 6");
    }

    @Test
    void files_that_are_right_are_kept_when_the_rows_are_not() throws IOException {
        node.append(HOSPITAL, 300);
        node.signedUpTo(HOSPITAL, 300);
        node.close();
        Files.delete(node.store(HOSPITAL).directory().resolve("tile/entries/000"));
        var before = contents();
        node.jdbc.execute("update log.entry set entry = 'changed' where leaf_index = 4");

        assertThatThrownBy(this::openAgain).isInstanceOf(BrokenLog.class);

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void a_changed_entry_stops_the_log_before_it_signs_again() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        node.close();
        node.jdbc.execute("update log.entry set entry = 'changed' where leaf_index = 4");
        deleteAll(node.store(HOSPITAL).directory());

        assertThatThrownBy(this::openAgain)
                .isInstanceOf(BrokenLog.class)
                .hasMessageContaining("do not give the root signed for size 10");
    }

    @Test
    void one_broken_log_stops_no_other() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        node.close();
        node.jdbc.execute("update log.entry set entry = 'changed'");
        deleteAll(node.store(HOSPITAL).directory());

        node = node.restarted(database, data);
        node.append(CLINIC, 3);
        node.append(HOSPITAL, 3);
        node.signedUpTo(CLINIC, 3);

        assertThat(node.table.latestSize(HOSPITAL)).isEqualTo(10);
    }

    @Test
    void a_receipt_is_never_given_out_if_it_would_not_verify() throws IOException {
        node.append(HOSPITAL, 10);
        var opening = opening(STATEMENT);
        var entry = node.append(HOSPITAL, opening);
        node.signedUpTo(HOSPITAL, 11);
        var tile = node.store(HOSPITAL).directory().resolve("tile/0/000.p/11");
        var bytes = Files.readAllBytes(tile);
        bytes[0] ^= 1;
        Files.write(tile, bytes);

        assertThatThrownBy(() -> node.logs.receipt(HOSPITAL, entry, opening))
                .isInstanceOf(UnprovableEntry.class)
                .hasMessageContaining("log-contradicts-itself");
        Files.delete(tile);
        assertThatThrownBy(() -> node.logs.receipt(HOSPITAL, entry, opening))
                .isInstanceOf(UnprovableEntry.class);
    }

    @Test
    void the_last_checkpoint_is_anchored_once() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);

        node.anchoring.anchorAll();
        var first = node.anchored.get(HOSPITAL);
        node.anchoring.anchorAll();

        assertThat(node.anchored.get(HOSPITAL)).isSameAs(first);
        assertThat(first).extracting(Checkpoint::size).isEqualTo(new TreeSize(10));
        assertThat(node.anchored).doesNotContainKey(CLINIC);
    }

    @Test
    void every_checkpoint_that_was_ever_signed_is_the_beginning_of_the_log() {
        node.signedUpTo(HOSPITAL, 0);
        for (var i = 1; i <= 10; i++) {
            node.append(HOSPITAL, 123);
            node.signedUpTo(HOSPITAL, 123L * i);
        }

        assertNothingFound();
        assertThat(node.table.checkpoints(HOSPITAL, -1, 100))
                .allSatisfy(
                        kept ->
                                assertThat(
                                                Checkpoint.verify(
                                                        SignedNote.parse(kept.note()),
                                                        node.signer(HOSPITAL).verifier()))
                                        .isEqualTo(Verification.valid()));
    }

    private void openAgain() {
        OrganisationLog.open(
                HOSPITAL,
                node.table,
                node.store(HOSPITAL),
                node.signer(HOSPITAL),
                Instant::now,
                node.latest(HOSPITAL));
    }

    private void assertNothingFound() {
        var report = new Findings();
        node.check.run(report);
        assertThat(report.found()).isEmpty();
    }

    private Set<String> contents() {
        try (var found = Files.walk(node.store(HOSPITAL).directory())) {
            return found.filter(Files::isRegularFile)
                    .map(file -> data.relativize(file) + " " + hex(file))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(Path file) {
        try {
            return HexFormat.of().formatHex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void deleteAll(Path directory) {
        try (var found = Files.walk(directory)) {
            for (var file : List.copyOf(found.toList()).reversed()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
