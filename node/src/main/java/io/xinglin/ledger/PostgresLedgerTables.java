package io.xinglin.ledger;

import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.tlog.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;

/// The tables of the ledger in PostgreSQL.
///
/// The keys `tx/{id}` are not in the state table: the unique index over the valid transactions says as much, for free.
final class PostgresLedgerTables implements LedgerTables {
    private static final String TRANSACTION_COLUMNS =
            "select block, index, id, time_millis, validity, jws from ledger.transaction ";
    private static final String BLOCK_COLUMNS =
            "select number, time_millis, transactions, previous_hash, transactions_root,"
                    + " state_digest, signature from ledger.block ";

    /// What no key of the state contains; after all keys with a prefix comes the prefix and this.
    private static final String AFTER_ALL = "\uffff";

    private final JdbcTemplate jdbc;
    private final String ledger;

    PostgresLedgerTables(JdbcTemplate jdbc, String ledger) {
        this.jdbc = jdbc;
        this.ledger = ledger;
    }

    @Override
    public Optional<Versioned> state(String key) {
        if (key.startsWith(StateKeys.TRANSACTIONS)) {
            throw new IllegalArgumentException("transaction ids are not in the state table");
        }
        return first(
                jdbc.query(
                        "select value, block, index from ledger.state where key = ?",
                        (row, n) -> versioned(row),
                        key));
    }

    @Override
    public Map<String, Versioned> states(Collection<String> keys) {
        var found = new HashMap<String, Versioned>();
        jdbc.query(
                "select value, block, index, key from ledger.state where key = any(?)",
                row -> {
                    found.put(row.getString("key"), versioned(row));
                },
                (Object) keys.toArray(String[]::new));
        return found;
    }

    @Override
    public void forEachStateKey(Consumer<String> listener) {
        jdbc.query(
                "select key from ledger.state order by key",
                row -> {
                    listener.accept(row.getString("key"));
                });
    }

    @Override
    public void forEachState(BiConsumer<String, Versioned> listener) {
        forEach("select key, value, block, index from ledger.state order by key", listener);
    }

    @Override
    public void forEachBaseState(BiConsumer<String, Versioned> listener) {
        forEach("select key, value, block, index from ledger.base_state order by key", listener);
    }

    private void forEach(String sql, BiConsumer<String, Versioned> listener) {
        jdbc.query(
                sql,
                row -> {
                    listener.accept(row.getString("key"), versioned(row));
                });
    }

    @Override
    public Optional<SnapshotReader.SignedStatement> base() {
        return first(
                jdbc.query(
                        "select statement, signature from ledger.base",
                        (row, n) ->
                                new SnapshotReader.SignedStatement(
                                        SnapshotStatement.parse(row.getString("statement")),
                                        row.getString("signature"))));
    }

    @Override
    public Optional<Versioned> baseState(String key) {
        return first(
                jdbc.query(
                        "select value, block, index from ledger.base_state where key = ?",
                        (row, n) -> versioned(row),
                        key));
    }

    @Override
    public SortedMap<String, Versioned> baseStateRange(String prefix) {
        return range(
                "select value, block, index, key from ledger.base_state where key >= ? and key < ?",
                prefix);
    }

    @Override
    public void forEachUnchangedSinceBase(Consumer<String> listener) {
        jdbc.query(
                "select s.key from ledger.state s join ledger.base_state b using (key)"
                        + " where s.value = b.value and (s.block, s.index) = (b.block, b.index)",
                row -> {
                    listener.accept(row.getString("key"));
                });
    }

    @Override
    public void forEachGoneSinceBase(Consumer<String> listener) {
        jdbc.query(
                "select key from ledger.base_state b where not exists"
                        + " (select from ledger.state s where s.key = b.key)",
                row -> {
                    listener.accept(row.getString("key"));
                });
    }

    @Override
    public SortedMap<String, Versioned> stateRange(String prefix) {
        return range(
                "select value, block, index, key from ledger.state where key >= ? and key < ?",
                prefix);
    }

    @Override
    public SortedMap<String, Versioned> statesAfter(String key, int limit) {
        var found = new TreeMap<String, Versioned>();
        jdbc.query(
                "select value, block, index, key from ledger.state where key > ? order by key limit ?",
                row -> {
                    found.put(row.getString("key"), versioned(row));
                },
                key,
                limit);
        return found;
    }

    private SortedMap<String, Versioned> range(String sql, String prefix) {
        var found = new TreeMap<String, Versioned>();
        jdbc.query(
                sql,
                row -> {
                    found.put(row.getString("key"), versioned(row));
                },
                prefix,
                prefix + AFTER_ALL);
        return found;
    }

    @Override
    public SortedMap<String, String> statesAfter(String key, String prefix, int limit) {
        var found = new TreeMap<String, String>();
        jdbc.query(
                "select key, value from ledger.state where key > ? and key < ?"
                        + " order by key limit ?",
                row -> {
                    found.put(row.getString("key"), row.getString("value"));
                },
                key,
                prefix + AFTER_ALL,
                limit);
        return found;
    }

    @Override
    public Optional<Versioned> lastState(String prefix) {
        return first(
                jdbc.query(
                        "select value, block, index from ledger.state where key >= ? and key < ?"
                                + " order by key desc limit 1",
                        (row, n) -> versioned(row),
                        prefix,
                        prefix + AFTER_ALL));
    }

    @Override
    public List<Versioned> lastStates(String prefix, int limit) {
        return jdbc.query(
                "select value, block, index from ledger.state where key >= ? and key < ?"
                        + " order by key desc limit ?",
                (row, n) -> versioned(row),
                prefix,
                prefix + AFTER_ALL,
                limit);
    }

    @Override
    public Optional<Versioned> firstState(String from, String prefix) {
        return first(
                jdbc.query(
                        "select value, block, index from ledger.state where key >= ? and key < ?"
                                + " order by key limit 1",
                        (row, n) -> versioned(row),
                        from,
                        prefix + AFTER_ALL));
    }

    @Override
    public long countState(String prefix) {
        return count(
                "select count(*) from ledger.state where key >= ? and key < ?",
                prefix,
                prefix + AFTER_ALL);
    }

    @Override
    public Optional<Version> committed(TransactionId id) {
        return first(
                jdbc.query(
                        "select block, index from ledger.transaction where id = ? and validity = 0",
                        (row, n) -> new Version(row.getLong("block"), row.getInt("index")),
                        bytes(id)));
    }

    @Override
    public Optional<OrderedTransaction> transaction(TransactionId id) {
        return first(
                jdbc.query(
                        TRANSACTION_COLUMNS
                                + "where id = ? and validity = 0 union all ("
                                + TRANSACTION_COLUMNS
                                + "where id = ? and validity <> 0"
                                + " order by block desc, index desc limit 1)",
                        (row, n) -> transaction(row),
                        bytes(id),
                        bytes(id)));
    }

    @Override
    public List<OrderedTransaction> transactionsOf(long block) {
        return jdbc.query(
                TRANSACTION_COLUMNS + "where block = ? order by index",
                (row, n) -> transaction(row),
                block);
    }

    @Override
    public List<OrderedTransaction> transactionsOf(long block, int from, int limit) {
        return jdbc.query(
                TRANSACTION_COLUMNS + "where block = ? and index >= ? order by index limit ?",
                (row, n) -> transaction(row),
                block,
                from,
                limit);
    }

    @Override
    public List<OrderedTransaction> validAfter(Position position, int limit) {
        return jdbc.query(
                TRANSACTION_COLUMNS
                        + "where (block, index) > (?, ?) and validity = 0"
                        + " order by block, index limit ?",
                (row, n) -> transaction(row),
                position.block(),
                position.index(),
                limit);
    }

    @Override
    public List<TransactionId> committedTwice() {
        return jdbc.query(
                "select id from ledger.transaction where validity = 0 group by id having count(*) > 1",
                (row, n) -> transactionId(row));
    }

    @Override
    public boolean hasTransactionsFrom(long block) {
        return count("select count(*) from ledger.transaction where block >= ?", block) > 0;
    }

    @Override
    public long countTransactions() {
        return count("select coalesce(sum(transactions), 0) from ledger.block");
    }

    @Override
    public Optional<Block> head() {
        return first(
                jdbc.query(BLOCK_COLUMNS + "order by number desc limit 1", (row, n) -> block(row)));
    }

    @Override
    public long lastBlockBefore(long timeMillis) {
        return count(
                "select coalesce((select max(number) from ledger.block where time_millis < ?),"
                        + " (select min(number) from ledger.block))",
                timeMillis);
    }

    @Override
    public Optional<Block> block(long number) {
        return blocks(number, 1).stream().filter(b -> b.header().number() == number).findFirst();
    }

    @Override
    public List<Block> blocks(long from, int limit) {
        return jdbc.query(
                BLOCK_COLUMNS + "where number >= ? order by number limit ?",
                (row, n) -> block(row),
                from,
                limit);
    }

    static byte[] bytes(TransactionId id) {
        return HexFormat.of().parseHex(id.value());
    }

    private long count(String sql, Object... arguments) {
        return Optional.ofNullable(jdbc.queryForObject(sql, Long.class, arguments)).orElse(0L);
    }

    private static Versioned versioned(ResultSet row) throws SQLException {
        return new Versioned(
                row.getString("value"), new Version(row.getLong("block"), row.getInt("index")));
    }

    private Block block(ResultSet row) throws SQLException {
        var header =
                new BlockHeader(
                        ledger,
                        row.getLong("number"),
                        row.getLong("time_millis"),
                        row.getInt("transactions"),
                        Hash.of(row.getBytes("previous_hash")),
                        Hash.of(row.getBytes("transactions_root")),
                        Hash.of(row.getBytes("state_digest")));
        return new Block(header, row.getString("signature"));
    }

    private static TransactionId transactionId(ResultSet row) throws SQLException {
        return new TransactionId(HexFormat.of().formatHex(row.getBytes("id")));
    }

    private static OrderedTransaction transaction(ResultSet row) throws SQLException {
        return new OrderedTransaction(
                row.getLong("block"),
                row.getInt("index"),
                transactionId(row),
                row.getLong("time_millis"),
                Validity.of(row.getInt("validity")),
                row.getString("jws"));
    }

    private static <T> Optional<T> first(List<T> found) {
        return found.stream().findFirst();
    }
}
