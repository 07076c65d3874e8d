package io.xinglin.log;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.TileStore;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Logs apart from the node's own, on a database and a directory of their own: for trying what the node's must never see.
///
/// It is the same code, and so is their [Check]; only nothing in them is evidence.
public final class SeparateLogs {
    private static final int BATCH = 1_000;

    private final LogTable table;
    private final LogFiles files;
    private final LogKeys keys;
    private final LedgerAnchorage anchorage;
    private final Anchoring anchoring;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final Map<MemberId, OrganisationLog> logs = new HashMap<>();

    /// Logs of these organisations.
    ///
    /// @param database has the node's tables
    /// @param node names the directory for their files
    /// @param signers whose logs, and who signs for each
    /// @param submit signs a command for an organisation and submits it to the ledger
    public SeparateLogs(
            DataSource database,
            NodeProperties node,
            Map<MemberId, NoteSigner> signers,
            Ledger ledger,
            BiFunction<MemberId, Command, TransactionOutcome> submit,
            InstantSource clock) {
        this.table = new PostgresLogTable(new JdbcTemplate(database));
        this.files = new LogFiles(node);
        this.keys = new Given(Map.copyOf(signers));
        this.anchorage = new LedgerAnchorage(ledger, submit);
        this.anchoring = new Anchoring(table, keys, anchorage, Ticker.SYSTEM, node);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.clock = clock;
    }

    /// Adds entries and signs the tree they make.
    public List<EntryId> append(MemberId organisation, EntryKind kind, List<Opening> openings) {
        var ids = openings.stream().map(_ -> new EntryId(UUID.randomUUID())).toList();
        table.promise(
                organisation,
                ids,
                openings.stream().map(opening -> Entry.of(kind, opening)).toList());
        var log = logs.computeIfAbsent(organisation, this::open);
        Optional.ofNullable(transaction.execute(_ -> table.place(organisation, BATCH)))
                .ifPresent(log::append);
        log.sign();
        return ids;
    }

    /// Whether the entry is there and is the commitment to exactly this.
    public boolean holds(MemberId organisation, EntryId entry, EntryKind kind, Opening opening) {
        return table.entry(organisation, entry).filter(Entry.of(kind, opening)::equals).isPresent();
    }

    /// Anchors the last checkpoint of each on the ledger.
    public void anchor() {
        anchoring.anchorAll();
    }

    /// The public files of one of them.
    public TileStore files(MemberId organisation) {
        return files.of(organisation);
    }

    /// What checks them.
    public Check check() {
        return new LogCheck(table, keys, files, anchorage, Ticker.SYSTEM);
    }

    private OrganisationLog open(MemberId organisation) {
        return OrganisationLog.open(
                organisation,
                table,
                files.of(organisation),
                keys.signer(organisation),
                clock,
                anchorage.latest(organisation));
    }

    private record Given(Map<MemberId, NoteSigner> signers) implements LogKeys {
        @Override
        public List<MemberId> hosted() {
            return signers.keySet().stream().sorted().toList();
        }

        @Override
        public NoteSigner signer(MemberId organisation) {
            return Optional.ofNullable(signers.get(organisation)).orElseThrow();
        }

        @Override
        public Cosigner witness(MemberId organisation) {
            throw new UnsupportedOperationException("nobody witnesses these logs");
        }
    }
}
