package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.fsck.Report;
import io.xinglin.platform.BoundedCache;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The state as a replay makes it, compared with the state table on the way.
///
/// What a replayed transaction writes is compared at once if the table says that this transaction wrote it last; then the
/// table's row stands for it. Only values that are written again later, and that a key was removed, are kept in memory, so
/// that a ledger of any size can be checked.
final class ReplayedState {
    private static final int CACHE_MAX = 40_000;

    private final LedgerTables tables;
    private final Report report;
    private final Map<String, Optional<Versioned>> unsettled = new HashMap<>();
    private final Set<String> writtenInBlock = new HashSet<>();
    private final Set<Long> settled = new HashSet<>();
    private final BoundedCache<String, Optional<Versioned>> rows = new BoundedCache<>(CACHE_MAX);
    private boolean hasBase;

    ReplayedState(LedgerTables tables, Report report) {
        this.tables = tables;
        this.report = report;
    }

    /// Begins with the state that a restored ledger began with instead of with nothing.
    void startFromBase() {
        hasBase = true;
        tables.forEachUnchangedSinceBase(key -> settled.add(fingerprint(key)));
    }

    /// The state that the transaction at this place saw.
    CommittedState before(Version place) {
        return new Before(place);
    }

    /// Reads at once what will be asked for.
    void expect(Collection<String> keys) {
        var missing = new HashSet<>(keys);
        missing.removeIf(key -> rows.get(key).isPresent());
        if (!missing.isEmpty()) {
            var found = tables.states(missing);
            missing.forEach(key -> rows.put(key, Optional.ofNullable(found.get(key))));
        }
    }

    void apply(SortedMap<String, Optional<String>> writes, Version place) {
        writes.forEach(
                (key, value) -> {
                    if (key.startsWith(StateKeys.TRANSACTIONS)) {
                        return;
                    }
                    writtenInBlock.add(key);
                    unsettled.put(key, value.map(v -> new Versioned(v, place)));
                });
    }

    /// Compares what the block wrote with those rows that it was the last to write.
    void blockEnded() {
        expect(writtenInBlock);
        for (var key : writtenInBlock) {
            row(key).ifPresent(row -> compare(key, row));
        }
        writtenInBlock.clear();
    }

    private void compare(String key, Versioned row) {
        unsettled
                .getOrDefault(key, Optional.empty())
                .filter(replayed -> replayed.version().equals(row.version()))
                .ifPresent(replayed -> settle(key, replayed, row));
    }

    /// Reports what no row stands for, and rows that stand for nothing.
    void finish() {
        unsettled.forEach(
                (key, written) ->
                        written.ifPresent(
                                value ->
                                        report.finding(
                                                where(key),
                                                "does not hold what "
                                                        + value.version()
                                                        + " wrote")));
        tables.forEachStateKey(
                key -> {
                    if (!settled.contains(fingerprint(key))
                            && unsettled.getOrDefault(key, Optional.empty()).isEmpty()) {
                        report.finding(where(key), "holds what no transaction wrote");
                    }
                });
        tables.forEachGoneSinceBase(
                key -> {
                    if (!unsettled.containsKey(key)) {
                        report.finding(where(key), "is gone, though nothing removed it");
                    }
                });
    }

    private void settle(String key, Versioned replayed, Versioned row) {
        if (!replayed.value().equals(row.value())) {
            report.finding(where(key), "holds another value than " + row.version() + " wrote");
        }
        settled.add(fingerprint(key));
        unsettled.remove(key);
    }

    private Optional<Versioned> row(String key) {
        return rows.get(key, tables::state);
    }

    private static String where(String key) {
        return "ledger state " + key;
    }

    private static long fingerprint(String key) {
        return ByteBuffer.wrap(Sha256.of(key.getBytes(StandardCharsets.UTF_8)).bytes()).getLong();
    }

    private final class Before implements CommittedState {
        private final Version place;

        Before(Version place) {
            this.place = place;
        }

        @Override
        public Optional<Versioned> get(String key) {
            var written = unsettled.get(key);
            if (written != null) {
                return written;
            }
            return row(key).filter(row -> row.version().compareTo(place) < 0)
                    .or(() -> hasBase ? tables.baseState(key) : Optional.empty());
        }

        /// That no id is burned twice is checked for all of them at once.
        @Override
        public Optional<Version> versionOfNew(String key) {
            return key.startsWith(StateKeys.TRANSACTIONS)
                    ? Optional.empty()
                    : get(key).map(Versioned::version);
        }

        @Override
        public SortedMap<String, Versioned> range(String prefix) {
            var found = hasBase ? tables.baseStateRange(prefix) : new TreeMap<String, Versioned>();
            tables.stateRange(prefix)
                    .forEach(
                            (key, row) -> {
                                if (row.version().compareTo(place) < 0) {
                                    found.put(key, row);
                                }
                            });
            unsettled.forEach(
                    (key, value) -> {
                        if (key.startsWith(prefix)) {
                            value.ifPresentOrElse(v -> found.put(key, v), () -> found.remove(key));
                        }
                    });
            return found;
        }
    }
}
