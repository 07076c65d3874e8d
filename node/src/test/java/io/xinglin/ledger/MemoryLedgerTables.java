package io.xinglin.ledger;

import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.MemoryDatabase.Table;
import io.xinglin.sim.MemoryDatabase.Transaction;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// The tables of the ledger in memory. No ledger in them was ever restored from a snapshot.
final class MemoryLedgerTables implements LedgerTables {
    /// What comes after all keys with a prefix.
    private static final String AFTER_ALL = "\uffff";

    private final MemoryDatabase.Session session;
    private final Rows rows;

    MemoryLedgerTables(MemoryDatabase.Session session) {
        this.session = session;
        this.rows = new Rows(session.database());
    }

    /// The tables themselves.
    static final class Rows {
        final Table<Long, Block> blocks;
        final Table<Version, OrderedTransaction> transactions;

        /// The unique index over the valid transactions.
        final Table<String, Version> burned;

        final Table<String, Versioned> state;

        Rows(MemoryDatabase database) {
            blocks = database.table("ledger.block", Comparator.<Long>naturalOrder());
            transactions = database.table("ledger.transaction", Comparator.<Version>naturalOrder());
            burned = database.table("ledger.transaction_burned", Comparator.<String>naturalOrder());
            state = database.table("ledger.state", Rows::compareBytes);
        }

        /// In the order of their UTF-8 bytes, which is that of code points.
        private static int compareBytes(String one, String other) {
            var length = Math.min(one.length(), other.length());
            for (var i = 0; i < length; i++) {
                if (one.charAt(i) != other.charAt(i)) {
                    return Integer.compare(rank(one.charAt(i)), rank(other.charAt(i)));
                }
            }
            return Integer.compare(one.length(), other.length());
        }

        /// Surrogates stand for what comes last.
        private static int rank(char unit) {
            return Character.isSurrogate(unit) ? unit + Character.MAX_VALUE : unit;
        }
    }

    private <T> T read(String what, Function<Transaction, T> query) {
        return session.statement(what, query);
    }

    private NavigableMap<String, Versioned> within(
            Transaction transaction, String from, boolean inclusive, String prefix) {
        return transaction.view(rows.state).subMap(from, inclusive, prefix + AFTER_ALL, false);
    }

    @Override
    public Optional<Versioned> state(String key) {
        if (key.startsWith(StateKeys.TRANSACTIONS)) {
            throw new IllegalArgumentException("transaction ids are not in the state table");
        }
        return read("state", it -> Optional.ofNullable(it.view(rows.state).get(key)));
    }

    @Override
    public Map<String, Versioned> states(Collection<String> keys) {
        return read(
                "states",
                it -> {
                    var found = new HashMap<>(it.view(rows.state));
                    found.keySet().retainAll(List.copyOf(keys));
                    return found;
                });
    }

    @Override
    public void forEachStateKey(Consumer<String> listener) {
        read("state keys", it -> List.copyOf(it.view(rows.state).keySet())).forEach(listener);
    }

    @Override
    public void forEachState(BiConsumer<String, Versioned> listener) {
        read("states", it -> List.copyOf(it.view(rows.state).entrySet()))
                .forEach(entry -> listener.accept(entry.getKey(), entry.getValue()));
    }

    @Override
    public void forEachBaseState(BiConsumer<String, Versioned> listener) {}

    @Override
    public Optional<SnapshotReader.SignedStatement> base() {
        return Optional.empty();
    }

    @Override
    public Optional<Versioned> baseState(String key) {
        return Optional.empty();
    }

    @Override
    public SortedMap<String, Versioned> baseStateRange(String prefix) {
        return new TreeMap<>();
    }

    @Override
    public void forEachUnchangedSinceBase(Consumer<String> listener) {}

    @Override
    public void forEachGoneSinceBase(Consumer<String> listener) {}

    @Override
    public SortedMap<String, Versioned> stateRange(String prefix) {
        return read("range", it -> natural(within(it, prefix, true, prefix)));
    }

    @Override
    public SortedMap<String, Versioned> statesAfter(String key, int limit) {
        return read(
                "states after",
                it -> {
                    var found = new TreeMap<String, Versioned>();
                    within(it, key, false, "").entrySet().stream()
                            .limit(limit)
                            .forEach(row -> found.put(row.getKey(), row.getValue()));
                    return found;
                });
    }

    private static <V> SortedMap<String, V> natural(SortedMap<String, V> found) {
        var natural = new TreeMap<String, V>();
        natural.putAll((Map<String, V>) found);
        return natural;
    }

    @Override
    public SortedMap<String, String> statesAfter(String key, String prefix, int limit) {
        return read(
                "states after",
                it -> {
                    var found = new TreeMap<String, String>();
                    within(it, key, false, prefix).entrySet().stream()
                            .limit(limit)
                            .forEach(row -> found.put(row.getKey(), row.getValue().value()));
                    return found;
                });
    }

    @Override
    public Optional<Versioned> lastState(String prefix) {
        return lastStates(prefix, 1).stream().findFirst();
    }

    @Override
    public List<Versioned> lastStates(String prefix, int limit) {
        return read(
                "last states",
                it ->
                        within(it, prefix, true, prefix).descendingMap().values().stream()
                                .limit(limit)
                                .toList());
    }

    @Override
    public Optional<Versioned> firstState(String from, String prefix) {
        return read(
                "first state", it -> within(it, from, true, prefix).values().stream().findFirst());
    }

    @Override
    public long countState(String prefix) {
        return read("count", it -> (long) within(it, prefix, true, prefix).size());
    }

    @Override
    public Optional<Version> committed(TransactionId id) {
        return read(
                "committed",
                it ->
                        Optional.ofNullable(it.view(rows.burned).get(id.value()))
                                .filter(place -> isValid(it, place)));
    }

    private boolean isValid(Transaction transaction, Version place) {
        var found = transaction.view(rows.transactions).get(place);
        return found != null && found.validity() == Validity.VALID;
    }

    @Override
    public Optional<OrderedTransaction> transaction(TransactionId id) {
        return read(
                "transaction",
                it ->
                        all(it).filter(row -> row.id().equals(id))
                                .reduce(
                                        (one, next) ->
                                                one.validity() == Validity.VALID ? one : next));
    }

    private Stream<OrderedTransaction> all(Transaction transaction) {
        return transaction.view(rows.transactions).values().stream();
    }

    @Override
    public List<OrderedTransaction> transactionsOf(long block) {
        return transactionsOf(block, 0, Integer.MAX_VALUE);
    }

    @Override
    public List<OrderedTransaction> transactionsOf(long block, int from, int limit) {
        return read(
                "transactions of",
                it ->
                        it
                                .view(rows.transactions)
                                .subMap(new Version(block, from), new Version(block + 1, 0))
                                .values()
                                .stream()
                                .limit(limit)
                                .toList());
    }

    @Override
    public List<OrderedTransaction> validAfter(Position position, int limit) {
        var after = new Version(position.block(), position.index());
        return read(
                "valid after",
                it ->
                        it.view(rows.transactions).tailMap(after, false).values().stream()
                                .filter(row -> row.validity() == Validity.VALID)
                                .limit(limit)
                                .toList());
    }

    @Override
    public List<TransactionId> committedTwice() {
        return read(
                "committed twice",
                it -> {
                    var times = new TreeMap<String, Integer>();
                    all(it).filter(row -> row.validity() == Validity.VALID)
                            .forEach(row -> times.merge(row.id().value(), 1, Integer::sum));
                    times.values().removeIf(count -> count == 1);
                    return times.keySet().stream().map(TransactionId::new).toList();
                });
    }

    @Override
    public boolean hasTransactionsFrom(long block) {
        return read(
                "has transactions",
                it -> !it.view(rows.transactions).tailMap(new Version(block, 0)).isEmpty());
    }

    @Override
    public long countTransactions() {
        return read(
                "count transactions",
                it ->
                        it.view(rows.blocks).values().stream()
                                .mapToLong(block -> block.header().transactions())
                                .sum());
    }

    @Override
    public Optional<Block> head() {
        return read(
                "head",
                it ->
                        Optional.ofNullable(it.view(rows.blocks).lastEntry())
                                .map(Map.Entry::getValue));
    }

    @Override
    public long lastBlockBefore(long timeMillis) {
        return read(
                "last block before",
                it -> {
                    var blocks = it.view(rows.blocks);
                    return blocks.values().stream()
                            .map(Block::header)
                            .filter(header -> header.timeMillis() < timeMillis)
                            .mapToLong(BlockHeader::number)
                            .max()
                            .orElseGet(() -> blocks.isEmpty() ? 0 : blocks.firstKey());
                });
    }

    @Override
    public Optional<Block> block(long number) {
        return read("block", it -> Optional.ofNullable(it.view(rows.blocks).get(number)));
    }

    @Override
    public List<Block> blocks(long from, int limit) {
        return read(
                "blocks",
                it -> it.view(rows.blocks).tailMap(from).values().stream().limit(limit).toList());
    }
}
