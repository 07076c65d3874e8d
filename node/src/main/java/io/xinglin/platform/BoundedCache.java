package io.xinglin.platform;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Remembers what was used last, up to a number of entries. Safe for several threads.
public final class BoundedCache<K, V> {
    private static final float LOAD_FACTOR = 0.75f;

    private final Map<K, V> entries;

    public BoundedCache(int entriesMax) {
        this.entries =
                new LinkedHashMap<>(16, LOAD_FACTOR, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > entriesMax;
                    }
                };
    }

    public synchronized Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    /// The value, loaded outside the lock if it is not here; two at once may both load it.
    public V get(K key, Function<K, V> loader) {
        var known = get(key);
        if (known.isPresent()) {
            return known.get();
        }
        var loaded = loader.apply(key);
        put(key, loaded);
        return loaded;
    }

    public synchronized void put(K key, V value) {
        entries.put(key, value);
    }

    public synchronized void remove(K key) {
        entries.remove(key);
    }

    public synchronized void clear() {
        entries.clear();
    }
}
