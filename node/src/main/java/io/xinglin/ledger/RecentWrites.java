package io.xinglin.ledger;

import io.xinglin.contracts.Version;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which keys the last blocks wrote, so that reads are checked without asking the database.
///
/// A transaction simulated on at least [#since] blocks saw the latest version of every key that is not here.
final class RecentWrites {
    static final int BLOCKS_MAX = 256;
    static final int KEYS_MAX = 50_000;

    private final Map<String, Written> latest = new HashMap<>();
    private final Deque<Written.OfBlock> blocks = new ArrayDeque<>();
    private int keys;
    private long since;

    RecentWrites(long height) {
        this.since = height;
    }

    /// How many blocks there were before the first one remembered.
    long since() {
        return since;
    }

    /// The version a key got, or that it was removed; null for a key not written recently.
    Optional<Written> latest(String key) {
        return Optional.ofNullable(latest.get(key));
    }

    void add(long block, Map<String, Optional<Version>> writes) {
        writes.forEach((key, version) -> latest.put(key, new Written(block, version)));
        blocks.add(new Written.OfBlock(block, Set.copyOf(writes.keySet())));
        keys += writes.size();
        while (blocks.size() > 1 && (keys > KEYS_MAX || blocks.size() > BLOCKS_MAX)) {
            forget(blocks.remove());
        }
    }

    private void forget(Written.OfBlock oldest) {
        for (var key : oldest.keys()) {
            latest.computeIfPresent(key, (k, w) -> w.block() == oldest.block() ? null : w);
        }
        keys -= oldest.keys().size();
        since = oldest.block() + 1;
    }

    /// That a block wrote a key.
    ///
    /// @param block its number
    /// @param version the version the key has since, empty for a removed one
    record Written(long block, Optional<Version> version) {
        private record OfBlock(long block, Set<String> keys) {}
    }
}
