package io.xinglin.ledger;

import io.xinglin.contracts.Versioned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// The whole ledger in a file, and back: the state after a block, with the ledger's own signature, instead of all blocks.
@Component
public class Snapshots {
    private static final int FETCH_SIZE = 1_000;

    private final Ledger ledger;
    private final LedgerTables tables;
    private final Chain chain;
    private final BlockSigner signer;
    private final DataSource dataSource;
    private final PlatformTransactionManager transactions;
    private final InstantSource clock;

    Snapshots(
            Ledger ledger,
            LedgerTables tables,
            Chain chain,
            BlockSigner signer,
            DataSource dataSource,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        this.ledger = ledger;
        this.tables = tables;
        this.chain = chain;
        this.signer = signer;
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Writes the ledger as it stands after its last block; it may go on meanwhile.
    ///
    /// @return what was written, in one line
    /// @throws BadSnapshot if there is nothing to write
    public String write(Path file) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        var snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        var statement = snapshot.execute(status -> writeDraft(draft));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return describe(Optional.ofNullable(statement).orElseThrow());
    }

    private SnapshotStatement writeDraft(Path draft) {
        var jdbc = new JdbcTemplate(dataSource);
        jdbc.setFetchSize(FETCH_SIZE);
        try (var out = Files.newBufferedWriter(draft)) {
            return new SnapshotWriter(
                            new PostgresLedgerTables(jdbc, ledger.name()),
                            signer,
                            clock.millis(),
                            out)
                    .write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Puts a snapshot in the place of an empty ledger, all of it or nothing. The node goes on from there at its next start.
    ///
    /// Everything is checked against the block key in the data directory, which must be the ledger's.
    ///
    /// @return what was restored, in one line
    /// @throws BadSnapshot with the first thing that is wrong
    public String restore(Path file) throws IOException {
        if (tables.head().isPresent()) {
            throw new BadSnapshot("this node has a ledger already; nothing was restored");
        }
        try (var in = Files.newBufferedReader(file);
                var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var rows = new Rows(connection);
                var signed = new SnapshotReader(chain, clock.millis(), rows).read(in);
                rows.finish(signed);
                connection.commit();
                return describe(signed.statement());
            } finally {
                connection.rollback();
            }
        } catch (MalformedInputException e) {
            throw new BadSnapshot("it is not text");
        } catch (SQLException e) {
            throw new BadSnapshot("the database does not take it: " + e.getMessage());
        }
    }

    private static String describe(SnapshotStatement statement) {
        return "ledger %s after block %d: %,d keys, state %s"
                .formatted(
                        statement.ledger(),
                        statement.number(),
                        statement.states(),
                        BlockHeader.hex(statement.stateHash()));
    }

    /// Rows on their way into the tables, some thousands at a time.
    private static final class Rows implements SnapshotReader.Sink {
        private static final int BUFFERED_MAX = 5_000;

        private final Connection connection;
        private CopyBuffer states;
        private int buffered;

        Rows(Connection connection) throws IOException {
            this.connection = connection;
            this.states = new CopyBuffer(4);
        }

        @Override
        public void block(Block block, List<OrderedTransaction> transactions) {
            try {
                PostgresBlockStore.insertTransactions(transactions, connection);
                PostgresBlockStore.insertBlock(block, connection);
            } catch (SQLException e) {
                throw new BadSnapshot("the database does not take it: " + e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void state(String key, Versioned value) {
            try {
                states.row()
                        .text(key)
                        .text(value.value())
                        .bigint(value.version().block())
                        .integer(value.version().index());
                if (++buffered == BUFFERED_MAX) {
                    flush();
                }
            } catch (SQLException e) {
                throw new BadSnapshot("the database does not take it: " + e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void finish(SnapshotReader.SignedStatement signed) throws SQLException, IOException {
            flush();
            try (var statement = connection.createStatement()) {
                statement.execute("insert into ledger.base_state select * from ledger.state");
            }
            try (var statement =
                    connection.prepareStatement("insert into ledger.base values (?, ?, ?)")) {
                statement.setLong(1, signed.statement().number());
                statement.setString(2, signed.statement().text());
                statement.setString(3, signed.signature());
                statement.executeUpdate();
            }
        }

        private void flush() throws SQLException, IOException {
            states.into("ledger.state (key, value, block, index)", connection);
            states = new CopyBuffer(4);
            buffered = 0;
        }
    }
}
