package io.xinglin.ledger;

import io.xinglin.fsck.Check;
import io.xinglin.platform.NodeProperties;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/// A ledger apart from the node's own, on a database and a directory of its own: for trying what the node's must never see.
///
/// It is the same code under the same rules, and so is its [Check]; only nothing on it counts.
public final class SeparateLedger implements AutoCloseable {
    private final Ledger ledger;
    private final Check check;

    private SeparateLedger(Ledger ledger, Check check) {
        this.ledger = ledger;
        this.check = check;
    }

    /// Opens one.
    ///
    /// @param database has the node's tables
    /// @param node names the ledger, and the directory for its block key
    public static SeparateLedger open(
            DataSource database, NodeProperties node, InstantSource clock, SecureRandom random) {
        var parts = new LedgerConfiguration();
        var signatures = new Cryptography();
        var tables = parts.ledgerTables(new JdbcTemplate(database), node);
        var signer = parts.blockSigner(tables, node);
        var chain = parts.chain(tables, signer, signatures, node);
        var headFile = parts.headFile(node);
        var state = parts.worldState(tables, chain, headFile, node, clock);
        var writer = parts.blockWriter(chain, state, signer, headFile, database, clock);
        var simulator = parts.simulator(state, signatures, node);
        var ledger =
                parts.ledger(
                        tables, state, simulator, writer, Optional.empty(), node, clock, random);
        var check =
                new LedgerCheck(
                        ledger,
                        chain,
                        headFile,
                        signatures,
                        database,
                        new JdbcTransactionManager(database));
        return new SeparateLedger(ledger, check);
    }

    /// The ledger.
    public Ledger ledger() {
        return ledger;
    }

    /// What checks it.
    public Check check() {
        return check;
    }

    /// Stops ordering. It can be checked still.
    @Override
    public void close() {
        ledger.close();
    }
}
