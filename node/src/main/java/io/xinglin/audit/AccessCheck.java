package io.xinglin.audit;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Checks every recorded access: that it opens, that it is what its entry in the log commits to, and that none is missing.
@Component
class AccessCheck implements Check {
    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final Audit audit;
    private final AccessTable table;
    private final Identities identities;
    private final Logs logs;

    AccessCheck(Audit audit, AccessTable table, Identities identities, Logs logs) {
        this.audit = audit;
        this.table = table;
        this.identities = identities;
        this.logs = logs;
    }

    @Override
    public String name() {
        return "recorded accesses: content and log";
    }

    @Override
    public void run(Report report) {
        var hosted = identities.hosted();
        table.ofOthers(hosted)
                .forEach(id -> report.finding("access " + id, "is of nobody on this node"));
        for (var rows = table.after(hosted, FIRST, BATCH); !rows.isEmpty(); ) {
            check(rows, report);
            rows = table.after(hosted, rows.getLast().id(), BATCH);
        }
        for (var custodian : hosted) {
            for (var kind : List.of(EntryKind.DISCLOSURE, EntryKind.REFUSAL)) {
                logs.entries(custodian, kind, entries -> complete(custodian, entries, report));
            }
        }
    }

    private void complete(MemberId custodian, List<EntryId> entries, Report report) {
        var missing = new HashSet<>(entries);
        table.known(custodian, entries).forEach(missing::remove);
        missing.forEach(
                entry ->
                        report.finding(
                                custodian + " log entry " + entry,
                                "the access it was made for is missing"));
    }

    private void check(List<StoredAccess> rows, Report report) {
        record Promise(MemberId custodian, EntryKind kind) {}
        var openings = new HashMap<Promise, Map<EntryId, Opening>>();
        for (var row : rows) {
            open(row, report)
                    .ifPresent(
                            entry ->
                                    openings.computeIfAbsent(
                                                    new Promise(
                                                            row.custodian(),
                                                            entry.statement().entryKind()),
                                                    _ -> new HashMap<>())
                                            .put(row.entry(), entry.opening()));
        }
        var broken = new HashSet<EntryId>();
        openings.forEach(
                (promise, some) ->
                        broken.addAll(logs.broken(promise.custodian, promise.kind, some)));
        rows.stream()
                .filter(row -> broken.contains(row.entry()))
                .forEach(
                        row ->
                                report.finding(
                                        where(row), "it is not what the log has an entry of"));
        report.checked(rows.size());
    }

    private Optional<Audit.Entry> open(StoredAccess row, Report report) {
        try {
            var entry = audit.open(row);
            var said = Instant.parse(entry.statement().text("time"));
            if (!said.truncatedTo(ChronoUnit.MICROS).equals(row.at())) {
                report.finding(where(row), "its time was changed");
            }
            return Optional.of(entry);
        } catch (Aead.Tampered e) {
            report.finding(where(row), "it does not open: the row was changed");
        } catch (RuntimeException e) {
            report.finding(where(row), "it cannot be read: " + e.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    private static String where(StoredAccess row) {
        return row.custodian() + " access " + row.id();
    }
}
