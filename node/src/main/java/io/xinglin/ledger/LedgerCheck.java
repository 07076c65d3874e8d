package io.xinglin.ledger;

import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Checks the whole ledger: the chain, its signatures, and by running every transaction again the state.
@Component
final class LedgerCheck implements Check {
    private static final int FETCH_SIZE = 1_000;

    private final String ledger;
    private final Chain chain;
    private final HeadFile headFile;
    private final Cryptography signatures;
    private final DataSource dataSource;
    private final PlatformTransactionManager transactions;

    LedgerCheck(
            Ledger ledger,
            Chain chain,
            HeadFile headFile,
            Cryptography signatures,
            DataSource dataSource,
            PlatformTransactionManager transactions) {
        this.ledger = ledger.name();
        this.chain = chain;
        this.headFile = headFile;
        this.signatures = signatures;
        this.dataSource = dataSource;
        this.transactions = transactions;
    }

    @Override
    public String name() {
        return "ledger blocks, transactions and state";
    }

    /// Everything is read from one snapshot, so that a node may go on writing.
    @Override
    public void run(Report report) {
        var snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        snapshot.executeWithoutResult(
                status -> {
                    var jdbc = new JdbcTemplate(dataSource);
                    jdbc.setFetchSize(FETCH_SIZE);
                    var tables = new PostgresLedgerTables(jdbc, ledger);
                    headFile.contradiction(tables).ifPresent(why -> report.finding("ledger", why));
                    var cores = Runtime.getRuntime().availableProcessors();
                    try (var others = Executors.newFixedThreadPool(cores)) {
                        new Replay(ledger, tables, chain, signatures, others, report).run();
                    }
                });
    }
}
