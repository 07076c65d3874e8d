package io.xinglin.ledger;

import io.xinglin.contracts.TransactionId;
import io.xinglin.fabric.Endorsement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/// What was accepted here and is not known to be on the ledger yet. It survives a restart.
final class Outbox {
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Outbox(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /// Keeps transactions; one that is here already is endorsed anew.
    void add(List<Pending> accepted) {
        jdbc.batchUpdate(
                "insert into ledger.outbox (id, jws) values (?, ?)"
                        + " on conflict (id) do update set submission = null",
                accepted,
                accepted.size(),
                (statement, pending) -> {
                    statement.setBytes(1, PostgresLedgerTables.bytes(pending.transaction().id()));
                    statement.setString(2, pending.transaction().jws());
                });
    }

    /// Keeps what is about to be handed in.
    void endorsed(Endorsement endorsement, Collection<TransactionId> ids) {
        transaction.executeWithoutResult(
                _ -> {
                    jdbc.update(
                            "insert into ledger.submission (id, envelope) values (?, ?)",
                            endorsement.id(),
                            endorsement.envelope());
                    jdbc.update(
                            "update ledger.outbox set submission = ? where id = any(?)",
                            endorsement.id(),
                            bytes(ids));
                });
    }

    /// Drops transactions that are refused for good.
    void forget(Collection<TransactionId> ids) {
        jdbc.update("delete from ledger.outbox where id = any(?)", (Object) bytes(ids));
    }

    /// A block says that these count.
    void committed(String submission, Collection<TransactionId> ids) {
        transaction.executeWithoutResult(
                _ -> {
                    jdbc.update("delete from ledger.submission where id = ?", submission);
                    forget(ids);
                });
    }

    /// A block says that they do not count: they must be endorsed anew.
    ///
    /// @return the compact JWS of each
    List<String> lost(String submission) {
        return transaction.execute(
                _ -> {
                    jdbc.update("delete from ledger.submission where id = ?", submission);
                    return jdbc.query(
                            "update ledger.outbox set submission = null where submission = ?"
                                    + " returning jws",
                            (row, _) -> row.getString(1),
                            submission);
                });
    }

    /// Those that were never endorsed, as compact JWS, the longest waiting first.
    List<String> unendorsed() {
        return jdbc.query(
                "select jws from ledger.outbox where submission is null order by since, id",
                (row, _) -> row.getString(1));
    }

    /// What was handed in at least so long ago and is in no block that this node knows.
    List<Endorsement> unresolved(Duration age) {
        return jdbc.query(
                "select id, envelope from ledger.submission"
                        + " where since <= now() - make_interval(secs => ?) order by since, id",
                (row, _) -> new Endorsement(row.getString(1), row.getBytes(2)),
                age.toMillis() / 1_000.0);
    }

    /// The transactions of a submission.
    List<TransactionId> transactionsOf(String submission) {
        return jdbc.query(
                "select id from ledger.outbox where submission = ?",
                (row, _) -> new TransactionId(HexFormat.of().formatHex(row.getBytes(1))),
                submission);
    }

    /// Whether a transaction waits that came before this time.
    boolean waitsSince(Instant time) {
        return jdbc.query(
                        "select exists (select from ledger.outbox where since < ?)",
                        (row, _) -> row.getBoolean(1),
                        Timestamp.from(time))
                .getFirst();
    }

    /// How many transactions wait.
    long size() {
        return jdbc.query("select count(*) from ledger.outbox", (row, _) -> row.getLong(1))
                .getFirst();
    }

    /// How many submissions are in no block that this node knows.
    long submissions() {
        return jdbc.query("select count(*) from ledger.submission", (row, _) -> row.getLong(1))
                .getFirst();
    }

    private static byte[][] bytes(Collection<TransactionId> ids) {
        return ids.stream().map(PostgresLedgerTables::bytes).toArray(byte[][]::new);
    }
}
