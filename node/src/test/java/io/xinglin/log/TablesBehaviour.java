package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.LeafIndex;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TreeSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/// What the module relies on in its tables, whatever they are in: tested on PostgreSQL and on those of the simulation.
abstract class TablesBehaviour {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final NoteSigner SIGNER = LogNode.newSigner(HOSPITAL);
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    abstract LogTable logs();

    abstract WitnessTable witnesses();

    abstract EvidenceTable evidence();

    abstract TransactionTemplate transaction();

    private static Entry entry(String text) {
        return Entry.stored(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<EntryId> ids(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new EntryId(UUID.randomUUID())).toList();
    }

    private List<EntryId> promise(MemberId organisation, String... texts) {
        var ids = ids(texts.length);
        logs().promise(
                        organisation,
                        ids,
                        List.of(texts).stream().map(TablesBehaviour::entry).toList());
        return ids;
    }

    private List<LogTable.Placed> place(MemberId organisation, int limit) {
        return transaction().execute(_ -> logs().place(organisation, limit));
    }

    private static SignedHead head(long size) {
        var checkpoint =
                new Checkpoint(
                        SIGNER.name(), new TreeSize(size), Hash.leaf(new byte[] {(byte) size}));
        return new SignedHead(checkpoint, checkpoint.sign(SIGNER).toString(), NOW);
    }

    @Test
    void entries_get_their_places_in_the_order_they_were_promised_in() {
        promise(HOSPITAL, "a", "b");
        promise(CLINIC, "x");
        var last = promise(HOSPITAL, "c", "d").getLast();

        assertThat(place(HOSPITAL, 3))
                .containsExactly(
                        new LogTable.Placed(0, entry("a")),
                        new LogTable.Placed(1, entry("b")),
                        new LogTable.Placed(2, entry("c")));
        assertThat(place(HOSPITAL, 3)).containsExactly(new LogTable.Placed(3, entry("d")));
        assertThat(place(HOSPITAL, 3)).isEmpty();
        assertThat(logs().size(HOSPITAL)).isEqualTo(4);
        assertThat(logs().size(CLINIC)).isZero();
        assertThat(logs().indexOf(HOSPITAL, last)).contains(new LeafIndex(3));
        assertThat(logs().waiting(List.of(HOSPITAL, CLINIC))).containsExactly(CLINIC);
        assertThat(logs().waiting(List.of(HOSPITAL))).isEmpty();
        assertThat(logs().organisations()).containsExactly(CLINIC.value(), HOSPITAL.value());
    }

    @Test
    void an_entry_is_found_by_its_id_with_and_without_a_place() {
        var ids = promise(HOSPITAL, "a", "b");
        place(HOSPITAL, 1);

        assertThat(logs().entry(HOSPITAL, ids.getFirst())).contains(entry("a"));
        assertThat(logs().entry(CLINIC, ids.getFirst())).isEmpty();
        assertThat(logs().indexOf(HOSPITAL, ids.getLast())).isEmpty();
        assertThat(logs().entries(HOSPITAL, ids))
                .isEqualTo(Map.of(ids.getFirst(), entry("a"), ids.getLast(), entry("b")));
        assertThat(logs().entries(HOSPITAL, Set.of())).isEmpty();
    }

    @Test
    void places_are_read_from_one_on() {
        var ids = promise(HOSPITAL, "a", "b", "c", "d");
        place(HOSPITAL, 10);

        assertThat(logs().entries(HOSPITAL, 1, 2))
                .containsExactly(
                        new LogTable.Placed(1, entry("b")), new LogTable.Placed(2, entry("c")));
        assertThat(logs().identified(HOSPITAL, 2, 9))
                .containsExactly(
                        new LogTable.Identified(ids.get(2), entry("c")),
                        new LogTable.Identified(ids.get(3), entry("d")));
        assertThat(logs().identified(HOSPITAL, 2, 2)).isEmpty();
    }

    @Test
    void an_id_is_taken_once() {
        var ids = promise(HOSPITAL, "a");
        var again = List.of(entry("b"));

        assertThatThrownBy(() -> logs().promise(HOSPITAL, ids, again))
                .isInstanceOf(DuplicateKeyException.class);
        logs().promise(CLINIC, ids, again);
        place(HOSPITAL, 1);
        logs().promise(HOSPITAL, ids, again);
        assertThatThrownBy(() -> place(HOSPITAL, 1)).isInstanceOf(DuplicateKeyException.class);
        assertThat(logs().size(HOSPITAL)).isEqualTo(1);
    }

    @Test
    void what_is_rolled_back_was_never_there() {
        var ids =
                transaction()
                        .execute(
                                status -> {
                                    status.setRollbackOnly();
                                    var promised = promise(HOSPITAL, "a", "b");
                                    assertThat(logs().place(HOSPITAL, 1)).hasSize(1);
                                    assertThat(logs().size(HOSPITAL)).isEqualTo(1);
                                    return promised;
                                });

        assertThat(logs().size(HOSPITAL)).isZero();
        assertThat(logs().entry(HOSPITAL, ids.getLast())).isEmpty();
        assertThat(logs().waiting(List.of(HOSPITAL))).isEmpty();
    }

    @Test
    void after_a_statement_that_failed_nothing_of_its_transaction_counts() {
        promise(HOSPITAL, "a");
        logs().keep(HOSPITAL, head(1));

        assertThatThrownBy(
                        () ->
                                transaction()
                                        .executeWithoutResult(
                                                _ -> {
                                                    promise(HOSPITAL, "b");
                                                    assertThatThrownBy(
                                                                    () ->
                                                                            logs().keep(
                                                                                            HOSPITAL,
                                                                                            head(
                                                                                                    1)))
                                                            .isInstanceOf(
                                                                    DuplicateKeyException.class);
                                                    promise(HOSPITAL, "c");
                                                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(place(HOSPITAL, 10)).hasSize(1);
    }

    @Test
    void others_see_nothing_of_a_transaction_before_it_ends() {
        transaction()
                .executeWithoutResult(
                        _ -> {
                            var id = promise(HOSPITAL, "a").getFirst();
                            assertThat(logs().entry(HOSPITAL, id)).isPresent();
                            assertThat(elsewhere(() -> logs().entry(HOSPITAL, id).isPresent()))
                                    .isCompletedWithValue(false);
                        });

        assertThat(logs().waiting(List.of(HOSPITAL))).containsExactly(HOSPITAL);
    }

    /// Something done on another thread, once it is done or a moment has passed.
    private static <T> CompletableFuture<T> elsewhere(Supplier<T> what) {
        var result = CompletableFuture.supplyAsync(what, THREADS);
        try {
            result.get(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return result;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return result;
    }

    @Test
    void who_wants_a_lock_waits_for_the_end_of_the_transaction_that_has_it() throws Exception {
        var isLocked = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var first =
                CompletableFuture.runAsync(
                        () ->
                                transaction()
                                        .executeWithoutResult(
                                                _ -> {
                                                    witnesses().lock(HOSPITAL, "log");
                                                    isLocked.countDown();
                                                    awaitQuietly(mayEnd);
                                                }),
                        THREADS);
        isLocked.await();

        var second = elsewhere(this::lock);
        var isWaiting = !second.isDone();
        var ofAnother = elsewhere(() -> lock(CLINIC));
        var isFree = ofAnother.isDone();
        mayEnd.countDown();

        first.join();
        assertThat(isWaiting).isTrue();
        assertThat(isFree).isTrue();
        assertThat(second).succeedsWithin(Duration.ofSeconds(10));
    }

    private boolean lock() {
        return lock(HOSPITAL);
    }

    private boolean lock(MemberId witness) {
        return transaction()
                .execute(
                        _ -> {
                            witnesses().lock(witness, "log");
                            return true;
                        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void checkpoints_are_kept_one_a_size() {
        assertThat(logs().latest(HOSPITAL)).isEmpty();
        assertThat(logs().latestSize(HOSPITAL)).isZero();
        for (var size : List.of(0, 9, 100, 20)) {
            logs().keep(HOSPITAL, head(size));
        }
        logs().keep(CLINIC, head(7));

        assertThatThrownBy(() -> logs().keep(HOSPITAL, head(9)))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(logs().latest(HOSPITAL)).contains(head(100));
        assertThat(logs().latestSize(HOSPITAL)).isEqualTo(100);
        assertThat(logs().head(HOSPITAL, 9)).contains(head(9));
        assertThat(logs().head(HOSPITAL, 10)).isEmpty();
        assertThat(logs().checkpoints(HOSPITAL, 0, 2))
                .extracting(LogTable.Kept::size)
                .containsExactly(9L, 20L);
        assertThat(logs().checkpoints(HOSPITAL, -1, 9)).hasSize(4);
    }

    @Test
    void a_witness_holds_one_checkpoint_of_each_log() {
        var first = SignedNote.parse(head(3).note());
        var second = SignedNote.parse(head(5).note());
        assertThat(witnesses().witnessed(HOSPITAL, "log")).isEmpty();
        assertThatThrownBy(() -> witnesses().witnessedSize(HOSPITAL, "log"))
                .isInstanceOf(EmptyResultDataAccessException.class);

        witnesses().keepWitnessed(HOSPITAL, "log", 3, first, NOW);
        witnesses().keepWitnessed(HOSPITAL, "log", 5, second, NOW);
        witnesses().keepWitnessed(CLINIC, "log", 3, first, NOW);
        witnesses().keepWitnessed(CLINIC, "other", 3, first, NOW);

        assertThat(witnesses().witnessed(HOSPITAL, "log")).contains(second);
        assertThat(witnesses().witnessedSize(HOSPITAL, "log")).isEqualTo(5);
        assertThat(witnesses().witnessed("log")).containsExactly(first, second);
    }

    @Test
    void cosignatures_are_counted_by_size() {
        for (var size : List.of(3, 5, 8)) {
            logs().keep(HOSPITAL, head(size));
        }
        cosign(3, "ann", "bob", "cat");
        cosign(5, "ann", "bob");
        cosign(8, "cat");

        assertThat(witnesses().cosignedSize(HOSPITAL, 1)).hasValue(8);
        assertThat(witnesses().cosignedSize(HOSPITAL, 2)).hasValue(5);
        assertThat(witnesses().cosignedSize(HOSPITAL, 3)).hasValue(3);
        assertThat(witnesses().cosignedSize(HOSPITAL, 4)).isEqualTo(OptionalLong.empty());
        assertThat(witnesses().cosignedSize(HOSPITAL, new MemberId("bob"))).isEqualTo(5);
        assertThat(witnesses().cosignedSize(CLINIC, new MemberId("bob"))).isZero();
        assertThat(witnesses().cosignatures(HOSPITAL, 5))
                .containsExactly(line("ann", 5), line("bob", 5));
        assertThat(witnesses().cosignatures(HOSPITAL)).hasSize(6);
        witnesses().forgetCosignatures(HOSPITAL, 8, 5);
        assertThat(witnesses().cosignatures(HOSPITAL))
                .extracting(WitnessTable.Kept::size)
                .containsExactly(5L, 5L, 8L);
    }

    @Test
    void only_a_checkpoint_that_is_kept_is_cosigned() {
        assertThatThrownBy(() -> cosign(3, "ann"))
                .isInstanceOf(DataIntegrityViolationException.class);
        logs().keep(HOSPITAL, head(3));
        cosign(3, "ann");
        cosign(3, "ann");
        assertThat(witnesses().cosignatures(HOSPITAL)).hasSize(1);
    }

    private void cosign(long size, String... by) {
        for (var witness : by) {
            witnesses().keepCosignature(HOSPITAL, size, new MemberId(witness), line(witness, size));
        }
    }

    private static final Map<String, Cosigner> COSIGNERS =
            Map.of(
                    "ann", LogNode.newCosigner(new MemberId("ann")),
                    "bob", LogNode.newCosigner(new MemberId("bob")),
                    "cat", LogNode.newCosigner(new MemberId("cat")));

    private static NoteSignature line(String witness, long size) {
        return Optional.ofNullable(COSIGNERS.get(witness))
                .orElseThrow()
                .cosign(head(size).checkpoint().toString(), 1_700_000_000);
    }

    @Test
    void evidence_is_kept_once_and_within_bounds() {
        var first = evidence(3, 5, Judgement.UNPROVED, 1);
        var second = evidence(5, 8, Judgement.UNPROVED, 2);
        var proof = evidence(3, 4, Judgement.PROVED, 3);

        assertThat(evidence().insert(first, 2)).isTrue();
        assertThat(evidence().insert(evidence(3, 5, Judgement.UNPROVED, 9), 2)).isFalse();
        assertThat(evidence().insert(second, 2)).isTrue();
        assertThat(evidence().insert(evidence(8, 9, Judgement.UNPROVED, 9), 2)).isFalse();
        assertThat(evidence().insert(proof, 2)).isTrue();

        assertThat(evidence().latest(9)).containsExactly(proof, second, first);
        assertThat(evidence().latest(1)).containsExactly(proof);
        assertThat(evidence().unproved(SIGNER.verifier().toString()))
                .containsExactlyInAnyOrder(first, second);
        evidence().deleteUnproved(first.id());
        evidence().deleteUnproved(proof.id());
        assertThat(evidence().latest(9)).containsExactly(proof, second);
        assertThat(evidence().insert(first, 2)).isTrue();
    }

    private static Evidence evidence(long from, long to, Judgement judgement, int seconds) {
        var pair =
                new Contradiction(
                        SignedNote.parse(head(from).note()), SignedNote.parse(head(to).note()));
        return new Evidence(
                UUID.randomUUID(),
                HOSPITAL,
                SIGNER.verifier().toString(),
                judgement,
                pair,
                NOW.plusSeconds(seconds),
                "monitor");
    }
}
