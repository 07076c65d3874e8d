package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.platform.BoundedCache;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/// The committed state, with what was used last kept in memory.
///
/// A value that is out of date here would only make a transaction lose and run again, since the writer checks versions. But
/// questions (is this consent withdrawn?) must never get an old answer: a value read from the database is kept only if no
/// block was committed meanwhile, and the writer replaces values before it tells anyone of the block. That a key is not there
/// is kept too, for those of the rules that every transaction asks for.
final class WorldState implements CommittedState {
    private static final int ENTRIES_MAX = 20_000;

    private final LedgerTables tables;
    private final BoundedCache<String, Optional<Versioned>> cache = new BoundedCache<>(ENTRIES_MAX);
    private final RecentEvents recent;
    private final Object publishing = new Object();
    private volatile long height;

    WorldState(LedgerTables tables, long height) {
        this.tables = tables;
        this.height = height;
        this.recent = new RecentEvents(height);
    }

    /// The valid transactions after a position, some at a time.
    List<LedgerEvent> after(Position position, int most) {
        return recent.after(position, most)
                .orElseGet(
                        () ->
                                tables.validAfter(position, most).stream()
                                        .map(OrderedTransaction::event)
                                        .toList());
    }

    /// How many blocks it contains.
    long height() {
        return height;
    }

    @Override
    public Optional<Versioned> get(String key) {
        var kept = cache.get(key);
        if (kept.isPresent()) {
            return kept.get();
        }
        var before = height;
        var found = tables.state(key);
        if (found.isPresent() || StateKeys.isRule(key)) {
            keep(key, found, before);
        }
        return found;
    }

    @Override
    public Optional<Version> versionOfNew(String key) {
        return key.startsWith(StateKeys.TRANSACTIONS)
                ? tables.committed(StateKeys.transaction(key))
                : get(key).map(Versioned::version);
    }

    @Override
    public SortedMap<String, Versioned> range(String prefix) {
        return tables.stateRange(prefix);
    }

    /// Shows what a block wrote to all who ask from now on.
    void publish(long newHeight, BlockDraft draft) {
        synchronized (publishing) {
            draft.values()
                    .forEach(
                            (key, value) ->
                                    cache.put(
                                            key,
                                            value.map(v -> new Versioned(v, draft.version(key)))));
            recent.add(draft.events());
            height = newHeight;
            publishing.notifyAll();
        }
    }

    /// Forgets what it keeps, for when it is not known what was committed.
    void reload(long newHeight) {
        synchronized (publishing) {
            cache.clear();
            recent.restart(newHeight);
            height = newHeight;
            publishing.notifyAll();
        }
    }

    /// Waits until there are more blocks than this, or until the caller has given up.
    void awaitMoreThan(long seen, BooleanSupplier givenUp) throws InterruptedException {
        synchronized (publishing) {
            while (height <= seen && !givenUp.getAsBoolean()) {
                publishing.wait();
            }
        }
    }

    /// Lets those who wait see whether they have given up.
    void wake() {
        synchronized (publishing) {
            publishing.notifyAll();
        }
    }

    private void keep(String key, Optional<Versioned> value, long before) {
        synchronized (publishing) {
            if (height == before) {
                cache.put(key, value);
            }
        }
    }
}
