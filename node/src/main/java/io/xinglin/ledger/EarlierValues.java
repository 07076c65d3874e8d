package io.xinglin.ledger;

import io.xinglin.contracts.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the keys that the last blocks wrote held before.
///
/// It goes back as far as [RecentWrites], or further: a transaction that was run on an older state is not ordered.
final class EarlierValues {
    private final Deque<Map<String, Optional<Versioned>>> newestFirst = new ArrayDeque<>();
    private int keys;

    EarlierValues() {
        newestFirst.addFirst(new HashMap<>());
    }

    /// A transaction of the block at hand writes a key.
    ///
    /// @param before what it held before that
    void overwritten(String key, Optional<Versioned> before) {
        newestFirst.getFirst().putIfAbsent(key, before);
    }

    void blockEnded() {
        keys += newestFirst.getFirst().size();
        newestFirst.addFirst(new HashMap<>());
        while (newestFirst.size() > 2
                && (keys > RecentWrites.KEYS_MAX
                        || newestFirst.size() > RecentWrites.BLOCKS_MAX + 1)) {
            keys -= newestFirst.removeLast().size();
        }
    }

    /// What a key held before each block that wrote it, the latest first.
    List<Optional<Versioned>> of(String key) {
        var values = new ArrayList<Optional<Versioned>>();
        for (var block : newestFirst) {
            var before = block.get(key);
            if (before != null) {
                values.add(before);
            }
        }
        return values;
    }

    /// What there was below a prefix before each block that wrote there, the latest first.
    ///
    /// @param now what there is
    List<SortedMap<String, Versioned>> under(String prefix, SortedMap<String, Versioned> now) {
        var range = new TreeMap<>(now);
        var ranges = new ArrayList<SortedMap<String, Versioned>>();
        for (var block : newestFirst) {
            var isWritten = false;
            for (var before : block.entrySet()) {
                if (before.getKey().startsWith(prefix)) {
                    isWritten = true;
                    before.getValue()
                            .ifPresentOrElse(
                                    value -> range.put(before.getKey(), value),
                                    () -> range.remove(before.getKey()));
                }
            }
            if (isWritten) {
                ranges.add(new TreeMap<>(range));
            }
        }
        return ranges;
    }
}
