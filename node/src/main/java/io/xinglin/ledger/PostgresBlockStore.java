package io.xinglin.ledger;

import io.xinglin.contracts.TransactionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/// Writes blocks to PostgreSQL.
///
/// It keeps one connection for itself: callers may hold all others while they wait for the writer.
final class PostgresBlockStore implements BlockStore {
    private final DataSource dataSource;
    private Optional<Connection> open = Optional.empty();

    PostgresBlockStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void write(Block block, BlockDraft draft) throws SQLException {
        var connection = connection();
        try {
            insertTransactions(draft.transactions(), connection);
            insertState(draft, connection);
            updateState(draft, connection);
            deleteState(draft, connection);
            insertBlock(block, connection);
            connection.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            rollback(connection);
        }
    }

    @Override
    public Set<TransactionId> committed(List<TransactionId> ids) throws SQLException {
        var connection = connection();
        try (var query =
                connection.prepareStatement(
                        "select id from ledger.transaction where validity = 0 and id = any(?)")) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "bytea",
                            ids.stream().map(PostgresLedgerTables::bytes).toArray(byte[][]::new)));
            var found = new HashSet<TransactionId>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(new TransactionId(HexFormat.of().formatHex(rows.getBytes(1))));
                }
            }
            return found;
        } finally {
            rollback(connection);
        }
    }

    @Override
    public Set<String> existing(Set<String> keys) throws SQLException {
        var connection = connection();
        try (var query =
                connection.prepareStatement("select key from ledger.state where key = any(?)")) {
            query.setArray(1, connection.createArrayOf("text", keys.toArray(String[]::new)));
            var found = new HashSet<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        } finally {
            rollback(connection);
        }
    }

    @Override
    public void close() {
        open.ifPresent(
                connection -> {
                    try {
                        connection.close();
                    } catch (SQLException e) {
                        // It was of no use any more; the pool makes another.
                        open = Optional.empty();
                    }
                });
        open = Optional.empty();
    }

    private Connection connection() throws SQLException {
        if (open.isEmpty()) {
            var connection = dataSource.getConnection();
            connection.setAutoCommit(false);
            requireDurable(connection);
            open = Optional.of(connection);
        }
        return open.get();
    }

    /// A ledger that acknowledges what a power cut can undo is none.
    private static void requireDurable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (var rows = statement.executeQuery("show " + setting)) {
                    if (rows.next() && rows.getString(1).equals("off")) {
                        throw new IllegalStateException(
                                "PostgreSQL runs with " + setting + " off: set it on");
                    }
                }
            }
        }
        connection.rollback();
    }

    private static void rollback(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback();
        }
    }

    static void insertTransactions(List<OrderedTransaction> transactions, Connection connection)
            throws SQLException, IOException {
        var copy = new CopyBuffer(6);
        for (var transaction : transactions) {
            copy.row()
                    .bigint(transaction.block())
                    .integer(transaction.index())
                    .bytea(PostgresLedgerTables.bytes(transaction.id()))
                    .bigint(transaction.timeMillis())
                    .smallint(transaction.validity().code())
                    .text(transaction.jws());
        }
        copy.into("ledger.transaction (block, index, id, time_millis, validity, jws)", connection);
    }

    private static void insertState(BlockDraft draft, Connection connection)
            throws SQLException, IOException {
        if (draft.fresh().isEmpty()) {
            return;
        }
        var copy = new CopyBuffer(4);
        for (var key : draft.fresh()) {
            var value = draft.values().getOrDefault(key, Optional.empty());
            if (value.isPresent()) {
                var version = draft.version(key);
                copy.row()
                        .text(key)
                        .text(value.get())
                        .bigint(version.block())
                        .integer(version.index());
            }
        }
        copy.into("ledger.state (key, value, block, index)", connection);
    }

    private static void updateState(BlockDraft draft, Connection connection) throws SQLException {
        var changed = changed(draft, true);
        if (changed.isEmpty()) {
            return;
        }
        var sql =
                "insert into ledger.state (key, value, block, index)"
                        + " select * from unnest(?, ?, ?, ?)"
                        + " on conflict (key) do update set value = excluded.value,"
                        + " block = excluded.block, index = excluded.index";
        try (var statement = connection.prepareStatement(sql)) {
            var keys = changed.stream().map(Map.Entry::getKey).toList();
            var versions = keys.stream().map(draft::version).toList();
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            changed.stream().map(e -> e.getValue().orElseThrow()).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", versions.stream().map(v -> v.block()).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "int", versions.stream().map(v -> v.index()).toArray()));
            statement.executeUpdate();
        }
    }

    private static void deleteState(BlockDraft draft, Connection connection) throws SQLException {
        var removed = changed(draft, false);
        if (removed.isEmpty()) {
            return;
        }
        try (var statement =
                connection.prepareStatement("delete from ledger.state where key = any(?)")) {
            var keys = removed.stream().map(Map.Entry::getKey).toArray();
            statement.setArray(1, connection.createArrayOf("text", keys));
            statement.executeUpdate();
        }
    }

    /// The keys that were there before and get a value, or that lose theirs.
    private static List<Map.Entry<String, Optional<String>>> changed(
            BlockDraft draft, boolean present) {
        return draft.values().entrySet().stream()
                .filter(entry -> entry.getValue().isPresent() == present)
                .filter(entry -> !draft.fresh().contains(entry.getKey()))
                .toList();
    }

    static void insertBlock(Block block, Connection connection) throws SQLException {
        var sql =
                "insert into ledger.block (number, time_millis, transactions, previous_hash,"
                        + " transactions_root, state_digest, signature)"
                        + " values (?, ?, ?, ?, ?, ?, ?)";
        try (var statement = connection.prepareStatement(sql)) {
            var header = block.header();
            statement.setLong(1, header.number());
            statement.setLong(2, header.timeMillis());
            statement.setInt(3, header.transactions());
            statement.setBytes(4, header.previousHash().bytes());
            statement.setBytes(5, header.transactionsRoot().bytes());
            statement.setBytes(6, header.stateDigest().bytes());
            statement.setString(7, block.signature());
            statement.executeUpdate();
        }
    }
}
