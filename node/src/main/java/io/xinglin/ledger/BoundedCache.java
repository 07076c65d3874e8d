package io.xinglin.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers what was used last, up to a number of entries. Safe for several threads.
final class BoundedCache<K, V> {
    private static final float LOAD_FACTOR = 0.75f;

    private final Map<K, V> entries;

    BoundedCache(int entriesMax) {
        this.entries =
                new LinkedHashMap<>(16, LOAD_FACTOR, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > entriesMax;
                    }
                };
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized void put(K key, V value) {
        entries.put(key, value);
    }

    synchronized void remove(K key) {
        entries.remove(key);
    }

    synchronized void clear() {
        entries.clear();
    }
}
