package io.xinglin.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Fabric's rules of validation, one by one.
class BlockDraftTests {
    private static final Version OLD = new Version(3, 0);
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private final TestKey key = TestKey.fresh();
    private final RecentWrites recent = new RecentWrites(5);
    private final SortedMap<String, Versioned> stored =
            new TreeMap<>(Map.of("unit/1", new Versioned("1", OLD)));
    private final BlockDraft draft =
            new BlockDraft(10, NOW.toEpochMilli(), NOW.toEpochMilli(), recent, prefix -> stored);

    @Test
    void a_block_that_is_ahead_of_the_clock_does_not_make_transactions_expire() {
        var ahead = NOW.plusSeconds(7_200).toEpochMilli();
        var later = new BlockDraft(10, ahead, NOW.toEpochMilli(), recent, prefix -> stored);
        var pending = new Pending(transaction(NOW), NOW.toEpochMilli(), 10, false, reads("a", OLD));

        later.add(pending);

        assertThat(verdict(later, pending)).isEqualTo(ordered(0, Validity.VALID, ""));
    }

    @Test
    void what_was_read_and_not_written_since_is_valid() {
        assertThat(add(reads("a", OLD))).isEqualTo(ordered(0, Validity.VALID, ""));
    }

    @Test
    void what_an_earlier_block_wrote_meanwhile_is_a_conflict() {
        recent.add(6, Map.of("a", Optional.of(new Version(6, 2))));

        assertThat(add(reads("a", OLD))).isEqualTo(ordered(0, Validity.MVCC_READ_CONFLICT, "a"));
        assertThat(add(reads("a", new Version(6, 2)))).isEqualTo(ordered(1, Validity.VALID, ""));
    }

    @Test
    void what_a_transaction_before_it_in_the_block_wrote_is_a_conflict() {
        add(writes("a", "1"));

        assertThat(add(reads("a", OLD))).isEqualTo(ordered(1, Validity.MVCC_READ_CONFLICT, "a"));
    }

    @Test
    void what_an_invalid_transaction_would_have_written_is_no_conflict() {
        recent.add(6, Map.of("b", Optional.of(new Version(6, 0))));
        add(effects(Map.of("b", Optional.of(OLD)), Map.of(), Map.of("a", Optional.of("1"))));

        assertThat(add(reads("a", OLD))).isEqualTo(ordered(1, Validity.VALID, ""));
        assertThat(draft.transactions()).hasSize(2);
        assertThat(draft.values()).isEmpty();
    }

    @Test
    void blind_writes_never_conflict_and_the_last_one_counts() {
        add(writes("a", "1"));
        add(writes("a", "2"));

        assertThat(draft.values()).isEqualTo(Map.of("a", Optional.of("2")));
        assertThat(draft.version("a")).isEqualTo(new Version(10, 1));
    }

    @Test
    void a_removed_key_is_a_conflict_for_who_read_it_and_none_for_who_missed_it() {
        add(effects(Map.of(), Map.of(), Map.of("a", Optional.empty())));

        assertThat(add(reads("a", OLD))).isEqualTo(ordered(1, Validity.MVCC_READ_CONFLICT, "a"));
        assertThat(add(effects(Map.of("a", Optional.empty()), Map.of(), Map.of())))
                .isEqualTo(ordered(2, Validity.VALID, ""));
    }

    @Test
    void a_range_that_gained_a_key_is_a_phantom() {
        var range = range(Map.of("unit/1", OLD));
        assertThat(add(range)).isEqualTo(ordered(0, Validity.VALID, ""));

        add(writes("unit/2", "1"));

        assertThat(add(range)).isEqualTo(ordered(2, Validity.PHANTOM_READ_CONFLICT, "unit/"));
    }

    @Test
    void a_range_that_lost_or_changed_a_key_is_a_phantom() {
        assertThat(add(range(Map.of())))
                .isEqualTo(ordered(0, Validity.PHANTOM_READ_CONFLICT, "unit/"));

        add(effects(Map.of(), Map.of(), Map.of("unit/1", Optional.empty())));

        assertThat(add(range(Map.of("unit/1", OLD))))
                .isEqualTo(ordered(2, Validity.PHANTOM_READ_CONFLICT, "unit/"));
        assertThat(add(range(Map.of()))).isEqualTo(ordered(3, Validity.VALID, ""));
    }

    @Test
    void a_transaction_expires_by_the_time_of_its_block() {
        assertThat(add(transaction(NOW.minusSeconds(1)), writes("a", "1"), false))
                .isEqualTo(ordered(0, Validity.EXPIRED, ""));
        assertThat(draft.values()).isEmpty();
    }

    @Test
    void who_trusted_in_vain_or_looked_too_long_ago_is_not_ordered() {
        recent.add(6, Map.of("a", Optional.of(new Version(6, 0))));
        var missed = effects(Map.of("a", Optional.empty()), Map.of(), Map.of());

        assertThat(add(transaction(NOW), missed, true)).isEqualTo(new Verdict.RunAgain());
        assertThat(add(transaction(NOW), missed, false))
                .isEqualTo(ordered(0, Validity.MVCC_READ_CONFLICT, "a"));
        assertThat(verdict(new Pending(transaction(NOW), 0, 4, false, missed)))
                .isEqualTo(new Verdict.RunAgain());
        assertThat(draft.transactions()).hasSize(1);
    }

    @Test
    void a_second_copy_in_the_block_is_not_ordered() {
        var transaction = transaction(NOW);
        add(transaction, writes("a", "1"), true);

        assertThat(add(transaction, writes("a", "1"), true)).isEqualTo(new Verdict.RunAgain());
        assertThat(draft.transactions()).hasSize(1);
    }

    @Test
    void what_was_written_long_ago_is_forgotten() {
        for (var block = 6; block < 600; block++) {
            recent.add(block, Map.of("a" + block, Optional.of(new Version(block, 0))));
        }

        assertThat(recent.latest("a6")).isEmpty();
        assertThat(recent.latest("a599")).isPresent();
        assertThat(recent.since()).isEqualTo(600 - 256);
    }

    private Verdict add(ReadWriteSet effects) {
        return add(transaction(NOW), effects, false);
    }

    private Verdict add(SignedTransaction transaction, ReadWriteSet effects, boolean trusting) {
        return verdict(new Pending(transaction, NOW.toEpochMilli(), 10, trusting, effects));
    }

    private Verdict verdict(Pending pending) {
        draft.add(pending);
        return verdict(draft, pending);
    }

    private static Verdict verdict(BlockDraft draft, Pending pending) {
        return draft.judged().stream()
                .filter(it -> it.pending().equals(pending))
                .map(BlockDraft.Judged::verdict)
                .findFirst()
                .orElseThrow();
    }

    private static Verdict ordered(int index, Validity validity, String cause) {
        return new Verdict.Ordered(new Version(10, index), validity, cause);
    }

    private static ReadWriteSet reads(String name, Version version) {
        return effects(Map.of(name, Optional.of(version)), Map.of(), Map.of());
    }

    private static ReadWriteSet writes(String name, String value) {
        return effects(Map.of(), Map.of(), Map.of(name, Optional.of(value)));
    }

    private static ReadWriteSet range(Map<String, Version> found) {
        return effects(Map.of(), Map.of("unit/", new TreeMap<>(found)), Map.of());
    }

    private static ReadWriteSet effects(
            Map<String, Optional<Version>> reads,
            Map<String, SortedMap<String, Version>> ranges,
            Map<String, Optional<String>> writes) {
        return new ReadWriteSet(new TreeMap<>(reads), new TreeMap<>(ranges), new TreeMap<>(writes));
    }

    private SignedTransaction transaction(Instant notAfter) {
        Command command = new KeysCommand.Revoke(new KeyId("A".repeat(43)));
        var nonce = UUID.randomUUID().toString().substring(0, 16).getBytes(UTF_8);
        return SignedTransaction.sign("test", command, key.id(), key.signer(), nonce, notAfter);
    }
}
