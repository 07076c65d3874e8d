package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.fsck.Report;
import io.xinglin.platform.BoundedCache;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
/// table's row stands for it. Only values that are written again later are kept in memory, so that a ledger of any size can
/// be checked.
final class ReplayedState {
    private static final int CACHE_MAX = 10_000;

    private final LedgerTables tables;
    private final Report report;
    private final Map<String, Versioned> unsettled = new HashMap<>();
    private final Set<String> writtenInBlock = new HashSet<>();
    private final Set<Long> settled = new HashSet<>();
    private final BoundedCache<String, Optional<Versioned>> rows = new BoundedCache<>(CACHE_MAX);

    ReplayedState(LedgerTables tables, Report report) {
        this.tables = tables;
        this.report = report;
    }

    /// The state that the transaction at this place saw.
    CommittedState before(Version place) {
        return new Before(place);
    }

    void apply(SortedMap<String, Optional<String>> writes, Version place) {
        writes.forEach(
                (key, value) -> {
                    if (key.startsWith(StateKeys.TRANSACTIONS)) {
                        return;
                    }
                    writtenInBlock.add(key);
                    value.ifPresentOrElse(
                            v -> unsettled.put(key, new Versioned(v, place)),
                            () -> unsettled.remove(key));
                });
    }

    /// Compares what the block wrote with those rows that it was the last to write.
    void blockEnded() {
        tables.states(writtenInBlock)
                .forEach(
                        (key, row) -> {
                            var replayed = Optional.ofNullable(unsettled.get(key));
                            if (replayed.filter(r -> r.version().equals(row.version()))
                                    .isPresent()) {
                                settle(key, replayed.get(), row);
                            }
                        });
        writtenInBlock.clear();
    }

    /// Reports what no row stands for, and rows that stand for nothing.
    void finish() {
        unsettled.forEach(
                (key, value) ->
                        report.finding(
                                where(key), "does not hold what " + value.version() + " wrote"));
        tables.forEachStateKey(
                key -> {
                    if (!settled.contains(fingerprint(key)) && !unsettled.containsKey(key)) {
                        report.finding(where(key), "holds what no transaction wrote");
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
            return Optional.ofNullable(unsettled.get(key))
                    .or(() -> row(key).filter(row -> row.version().compareTo(place) < 0));
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
            var found = new TreeMap<String, Versioned>();
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
                            found.put(key, value);
                        }
                    });
            return found;
        }
    }
}
