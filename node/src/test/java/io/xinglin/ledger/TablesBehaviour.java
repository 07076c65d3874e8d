package io.xinglin.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What the ledger relies on in its tables, whatever they are in: tested on PostgreSQL and on those of the simulation.
abstract class TablesBehaviour {
    static final String LEDGER = "tables";

    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final long MILLIS = NOW.toEpochMilli();

    /// Beyond the first 65,536 characters, and before them in UTF-16.
    private static final String FAR = "\uD83C\uDF3F";

    private final TestKey key = TestKey.fresh();
    private final SignedTransaction one = transaction();
    private final SignedTransaction two = transaction();
    private final SignedTransaction three = transaction();
    private BlockHeader head = BlockHeader.none(LEDGER);

    abstract LedgerTables tables();

    abstract BlockStore store();

    private SignedTransaction transaction() {
        var nonce = UUID.randomUUID().toString().substring(0, 16).getBytes(UTF_8);
        return SignedTransaction.sign(
                LEDGER,
                new KeysCommand.Revoke(new KeyId("A".repeat(43))),
                key.id(),
                key.signer(),
                nonce,
                NOW.plusSeconds(60));
    }

    /// What a transaction finds absent, and writes.
    private static ReadWriteSet writes(Map<String, Optional<String>> writes, String... absent) {
        var reads = new TreeMap<String, Optional<Version>>();
        for (var name : absent) {
            reads.put(name, Optional.empty());
        }
        return new ReadWriteSet(reads, new TreeMap<>(), new TreeMap<>(writes));
    }

    private static ReadWriteSet adds(String... keys) {
        var writes = new TreeMap<String, Optional<String>>();
        for (var name : keys) {
            writes.put(name, Optional.of("v " + name));
        }
        return writes(writes, keys);
    }

    /// One that read what is not so.
    private static ReadWriteSet loses() {
        return new ReadWriteSet(
                new TreeMap<>(Map.of("a", Optional.of(new Version(99, 0)))),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private Pending pending(SignedTransaction transaction, ReadWriteSet effects) {
        return new Pending(transaction, MILLIS, head.height(), false, effects);
    }

    /// Writes the next block of these.
    private void write(Pending... all) throws SQLException {
        var recent = new RecentWrites(head.height());
        recent.add(head.height(), Map.of("a", Optional.of(new Version(0, 0))));
        var draft =
                new BlockDraft(
                        head.height(),
                        MILLIS + head.height(),
                        MILLIS,
                        all.length == 1 ? new RecentWrites(head.height()) : recent,
                        _ -> new TreeMap<>());
        for (var pending : all) {
            draft.add(pending);
        }
        var header = draft.header(head);
        store().write(new Block(header, "c2ln"), draft);
        head = header;
    }

    @Test
    void a_block_is_there_with_its_transactions_and_its_state() throws SQLException {
        assertThat(tables().head()).isEmpty();
        assertThat(tables().hasTransactionsFrom(0)).isFalse();
        assertThat(tables().lastBlockBefore(MILLIS)).isZero();

        write(pending(one, adds("b", "c")), pending(two, loses()));
        write(pending(three, writes(Map.of("b", Optional.of("2"), "c", Optional.empty()))));

        assertThat(tables().head()).contains(new Block(head, "c2ln"));
        assertThat(tables().block(0)).isPresent();
        assertThat(tables().block(2)).isEmpty();
        assertThat(tables().blocks(0, 9))
                .extracting(b -> b.header().number())
                .containsExactly(0L, 1L);
        assertThat(tables().blocks(1, 9)).hasSize(1);
        assertThat(tables().transactionsOf(0))
                .extracting(OrderedTransaction::validity)
                .containsExactly(Validity.VALID, Validity.MVCC_READ_CONFLICT);
        assertThat(tables().transactionsOf(0, 1, 9))
                .extracting(OrderedTransaction::id)
                .containsExactly(two.id());
        assertThat(tables().state("b")).contains(new Versioned("2", new Version(1, 0)));
        assertThat(tables().state("c")).isEmpty();
        assertThat(tables().states(Set.of("b", "c", "d"))).containsOnlyKeys("b");
        assertThat(tables().countTransactions()).isEqualTo(3);
        assertThat(tables().hasTransactionsFrom(1)).isTrue();
        assertThat(tables().hasTransactionsFrom(2)).isFalse();
        assertThat(tables().lastBlockBefore(MILLIS + 1)).isZero();
        assertThat(tables().lastBlockBefore(MILLIS + 9)).isEqualTo(1);
    }

    @Test
    void a_transaction_is_found_by_its_id_the_valid_one_first() throws SQLException {
        write(pending(one, adds("b")), pending(two, loses()));
        write(pending(two, adds("c")));
        write(pending(three, adds("d")), pending(transaction(), loses()));

        assertThat(tables().committed(one.id())).contains(new Version(0, 0));
        assertThat(tables().committed(two.id())).contains(new Version(1, 0));
        assertThat(tables().committed(transaction().id())).isEmpty();
        assertThat(tables().transaction(two.id()))
                .hasValueSatisfying(it -> assertThat(it.block()).isEqualTo(1));
        assertThat(tables().validAfter(Position.START, 2))
                .extracting(OrderedTransaction::id)
                .containsExactly(one.id(), two.id());
        assertThat(tables().validAfter(new Position(0, 0), 9))
                .extracting(OrderedTransaction::id)
                .containsExactly(two.id(), three.id());
        assertThat(tables().committedTwice()).isEmpty();
        assertThat(store().committed(List.of(one.id(), transaction().id())))
                .containsExactly(one.id());
    }

    @Test
    void keys_are_in_the_order_of_their_bytes() throws SQLException {
        var keys = List.of("p/A", "p/B", "p/a", "p/b", "p/é", "p/一", "p/\uFFFD", "p/" + FAR);
        write(pending(one, adds(keys.toArray(String[]::new))));
        write(pending(two, adds("o/z", "q/a")));

        var seen = new ArrayList<String>();
        tables().forEachStateKey(seen::add);
        assertThat(seen).startsWith("o/z").endsWith("q/a").containsSubsequence(keys);
        assertThat(tables().stateRange("p/").keySet())
                .containsExactlyInAnyOrderElementsOf(keys.subList(0, 7));
        assertThat(tables().lastState("p/").map(Versioned::value)).contains("v p/\uFFFD");
        assertThat(tables().lastStates("p/", 2))
                .extracting(Versioned::value)
                .containsExactly("v p/\uFFFD", "v p/一");
        assertThat(tables().firstState("p/C", "p/").map(Versioned::value)).contains("v p/a");
        assertThat(tables().firstState("r/", "r/")).isEmpty();
        assertThat(tables().statesAfter("p/a", "p/", 2)).containsOnlyKeys("p/b", "p/é");
        assertThat(tables().countState("p/")).isEqualTo(7);
        assertThat(tables().statesAfter("o/z", 3)).containsOnlyKeys("p/A", "p/B", "p/a");
        assertThat(tables().statesAfter("p/a", 1).values())
                .extracting(Versioned::value)
                .containsExactly("v p/b");
    }

    @Test
    void an_id_that_is_valid_already_is_refused_and_nothing_of_the_block_is_there()
            throws SQLException {
        write(pending(one, adds("b")));

        assertRefused(pending(two, adds("c")), pending(one, adds("d")));

        assertThat(tables().state("c")).isEmpty();
        assertThat(tables().committed(two.id())).isEmpty();
        assertThat(tables().blocks(0, 9)).hasSize(1);
        write(pending(two, adds("c")));
        assertThat(tables().committed(two.id())).contains(new Version(1, 0));
    }

    @Test
    void a_key_that_was_taken_for_new_and_is_not_is_refused() throws SQLException {
        write(pending(one, adds("b", "c")));

        assertRefused(pending(two, adds("c")), pending(three, adds("d")));

        assertThat(store().existing(Set.of("b", "d", "e"))).containsExactly("b");
        assertThat(tables().state("c").map(Versioned::version)).contains(new Version(0, 0));
    }

    @Test
    void a_block_that_someone_else_has_written_is_refused() throws SQLException {
        write(pending(one, adds("b")));
        var written = head;
        head = BlockHeader.none(LEDGER);

        assertRefused(pending(two, adds("c")));

        assertThat(tables().head().map(Block::header)).contains(written);
    }

    private void assertRefused(Pending... all) {
        assertThatThrownBy(() -> write(all))
                .isInstanceOfSatisfying(
                        SQLException.class, it -> assertThat(it.getSQLState()).isEqualTo("23505"));
    }

    @Test
    void a_ledger_that_was_not_restored_has_no_base() {
        assertThat(tables().base()).isEmpty();
        assertThat(tables().baseState("a")).isEmpty();
        assertThat(tables().baseStateRange("a")).isEmpty();
        tables().forEachGoneSinceBase(_ -> assertThat(false).isTrue());
        tables().forEachUnchangedSinceBase(_ -> assertThat(false).isTrue());
        tables().forEachBaseState((_, _) -> assertThat(false).isTrue());
    }
}
