package io.xinglin.records;

import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Compartment.Owner;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Files again, in the background, what was filed by an earlier version of the index. It goes on where it stopped, since each row
/// says by which version it is filed; until it is done, searches open what is not filed again yet.
@Component
class Refiling {
    private static final Logger LOG = LoggerFactory.getLogger(Refiling.class);
    private static final int BATCH = 200;

    private final RefilingTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final TransactionTemplate transaction;
    private final NodeProperties node;
    private volatile boolean done;

    Refiling(
            RefilingTable table,
            Compartments compartments,
            Unsealing unsealing,
            TransactionTemplate transaction,
            NodeProperties node) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.transaction = transaction;
        this.node = node;
    }

    /// Whether everything is filed by the newest version.
    boolean isDone() {
        return done;
    }

    /// There is something filed by an earlier version again.
    void begin() {
        done = false;
    }

    /// Goes on with the work. When there was nothing left there never will be: what is written now is filed as it must be.
    @Scheduled(initialDelay = 1_000, fixedDelay = 5_000)
    void work() {
        var last = 0L;
        while (!done && !node.readOnly()) {
            var rows = table.old(last, BATCH);
            if (rows.isEmpty()) {
                done = last == 0;
                return;
            }
            last = rows.getLast().resource();
            if (!isFiled(rows)) {
                rows.forEach(row -> isFiled(List.of(row)));
            }
        }
    }

    /// Mostly all are. What cannot be filed is still found, by being opened.
    private boolean isFiled(List<StoredVersion> rows) {
        try {
            transaction.executeWithoutResult(_ -> rows.forEach(this::file));
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} resources from {} are not filed again: {}",
                    rows.size(),
                    rows.getFirst().resource(),
                    Failure.of(e));
            return false;
        }
    }

    private void file(StoredVersion row) {
        var type = R4.type(row.id().resource().type()).orElseThrow();
        var resource = unsealing.json(row);
        var custodian = row.id().resource().custodian();
        var tokens = compartments.index(row.owner()).orElseThrow().of(type, resource);
        var across =
                compartments
                        .index(Owner.organisation(custodian))
                        .orElseThrow()
                        .across(type, resource);
        table.file(row, tokens, across);
    }
}
