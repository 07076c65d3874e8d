package io.xinglin.records;

import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.RecordTable.Filed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/// Checks every stored version: that it opens, that it is what its entry in the log commits to, that it is labelled and filed as
/// its content says, and that none is missing.
@Component
class RecordCheck implements Check {
    private static final int BATCH = 500;

    private final RecordTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final Identities identities;
    private final Logs logs;

    RecordCheck(
            RecordTable table,
            Compartments compartments,
            Unsealing unsealing,
            Identities identities,
            Logs logs) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.identities = identities;
        this.logs = logs;
    }

    @Override
    public String name() {
        return "sealed records: content, labels, index and log";
    }

    @Override
    public void run(Report report) {
        compartments
                .broken()
                .forEach(which -> report.finding(which, "its keys are not those it was made with"));
        versions(report);
        for (var resource : table.empty()) {
            report.finding(resource.toString(), "all its versions are missing");
        }
        for (var custodian : identities.hosted()) {
            logs.entries(
                    custodian,
                    EntryKind.WRITE,
                    entries -> {
                        var missing = new HashSet<>(entries);
                        missing.removeAll(table.known(entries));
                        missing.forEach(
                                entry ->
                                        report.finding(
                                                custodian + " log entry " + entry,
                                                "the version it was made for is missing"));
                    });
        }
    }

    private void versions(Report report) {
        Optional<Filed> last = Optional.empty();
        for (var rows = table.after(0, 0, BATCH); !rows.isEmpty(); ) {
            check(rows, last, report);
            last = Optional.of(rows.getLast());
            var at = rows.getLast().version();
            rows = table.after(at.resource(), at.id().number(), BATCH);
        }
        last.ifPresent(row -> newest(row, report));
    }

    private void check(List<Filed> rows, Optional<Filed> before, Report report) {
        var previous = before;
        var pairs = new ArrayList<Pair>();
        for (var row : rows) {
            order(previous, row, report);
            pairs.add(new Pair(row, previous.filter(other -> precedes(other, row))));
            previous = Optional.of(row);
        }
        var identifiers =
                table.identifiers(rows.stream().map(row -> row.version().resource()).toList());
        var opened = pairs.parallelStream().map(pair -> open(pair, identifiers, report)).toList();
        var openings = new HashMap<io.xinglin.contracts.MemberId, Map<EntryId, Opening>>();
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i).version();
            opened.get(i)
                    .ifPresent(
                            version ->
                                    openings.computeIfAbsent(
                                                    row.id().resource().custodian(),
                                                    _ -> new HashMap<>())
                                            .put(row.entry(), version.opening()));
        }
        openings.forEach(
                (custodian, some) -> {
                    var broken = logs.broken(custodian, EntryKind.WRITE, some);
                    rows.stream()
                            .map(Filed::version)
                            .filter(row -> broken.contains(row.entry()))
                            .forEach(
                                    row ->
                                            report.finding(
                                                    row.id().toString(),
                                                    "it is not what the log has an entry of"));
                });
        report.checked(rows.size());
    }

    /// @param previous the version before
    private record Pair(Filed row, Optional<Filed> previous) {}

    private static boolean precedes(Filed one, Filed other) {
        return one.version().resource() == other.version().resource()
                && one.version().id().number() == other.version().id().number() - 1;
    }

    /// Versions count from 1 without gaps up to the newest.
    private static void order(Optional<Filed> previous, Filed row, Report report) {
        var id = row.version().id();
        var expected = 1;
        if (previous.isPresent()
                && previous.get().version().resource() == row.version().resource()) {
            expected = previous.get().version().id().number() + 1;
        } else {
            previous.ifPresent(last -> newest(last, report));
        }
        for (var missing = expected; missing < id.number(); missing++) {
            report.finding(id.resource().version(missing).toString(), "it is missing");
        }
    }

    private static void newest(Filed last, Report report) {
        var id = last.version().id();
        for (var missing = id.number() + 1; missing <= last.newest(); missing++) {
            report.finding(id.resource().version(missing).toString(), "it is missing");
        }
        if (id.number() > last.newest()) {
            report.finding(id.toString(), "it is newer than the newest version");
        }
    }

    private Optional<Version> open(Pair pair, Map<Long, Set<Long>> identifiers, Report report) {
        var row = pair.row;
        var where = row.version().id().toString();
        try {
            var version = unsealing.open(row.version());
            var tree = Unsealing.json(version);
            if (version.isDeletion()) {
                deletion(pair, report, where);
            } else {
                labels(row, tree, report, where);
            }
            if (row.version().id().number() == row.newest()) {
                newest(row, version, report, where);
                // What is filed by an earlier version of the index is about to be filed again.
                if (row.indexed() == BlindIndex.VERSION) {
                    index(row, tree, identifiers, report, where);
                }
            }
            return Optional.of(version);
        } catch (Aead.Tampered e) {
            report.finding(where, "it does not open: the row, its place or its key was changed");
        } catch (Seal.UnknownFormat | Unsealing.MovedToAnotherOwner e) {
            report.finding(where, e.getClass().getSimpleName() + ": the row was changed");
        } catch (RuntimeException e) {
            report.finding(where, "it cannot be read: " + e.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    private void labels(
            Filed row, tools.jackson.databind.JsonNode tree, Report report, String where) {
        var version = row.version();
        if (Categories.code(Categories.sensitivity(tree)) != version.purpose()
                || Categories.code(Categories.of(tree)) != version.category()) {
            report.finding(where, "it is labelled otherwise than its content says");
        }
        var patients = Patients.of(version.id().resource(), tree);
        if (!patients.equals(
                version.owner().id().isEmpty() ? Set.of() : Set.of(version.owner().id()))) {
            report.finding(where, "it is in another record than its content says");
        }
    }

    /// What is deleted keeps its labels, and was there before.
    private static void deletion(Pair pair, Report report, String where) {
        var version = pair.row.version();
        if (pair.previous
                .map(Filed::version)
                .filter(
                        before ->
                                before.purpose() == version.purpose()
                                        && before.category() == version.category())
                .isEmpty()) {
            report.finding(where, "it is labelled otherwise than what it deletes");
        }
    }

    private static void newest(Filed row, Version opened, Report report, String where) {
        var version = row.version();
        if (version.currentClass() != version.purpose()
                || version.currentCategory() != version.category()) {
            report.finding(where, "its resource is labelled otherwise");
        }
        if (version.deleted() != opened.isDeletion()) {
            report.finding(
                    where,
                    opened.isDeletion()
                            ? "it is a deletion, and its resource is not marked as deleted"
                            : "its resource is marked as deleted");
        }
    }

    private void index(
            Filed row,
            tools.jackson.databind.JsonNode tree,
            Map<Long, Set<Long>> identifiers,
            Report report,
            String where) {
        var version = row.version();
        var type = R4.type(version.id().resource().type()).orElseThrow();
        var filed = compartments.index(version.owner()).orElseThrow().of(type, tree);
        var stored = row.tokens().clone();
        Arrays.sort(stored);
        var across =
                compartments
                        .index(Owner.organisation(version.id().resource().custodian()))
                        .orElseThrow()
                        .across(type, tree);
        if (!Arrays.equals(filed, stored)
                || !Set.copyOf(across)
                        .equals(identifiers.getOrDefault(version.resource(), Set.of()))) {
            report.finding(where, "it is filed under other words than its content has");
        }
    }
}
