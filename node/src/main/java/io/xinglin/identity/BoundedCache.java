package io.xinglin.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Remembers the most recently used values, up to a number.
final class BoundedCache<K, V> {
    private final Map<K, V> values;

    BoundedCache(int size) {
        this.values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > size;
                    }
                };
    }

    /// The value, loaded outside the lock if it is not here; two at once may both load it.
    V get(K key, Function<K, V> loader) {
        synchronized (values) {
            var known = values.get(key);
            if (known != null) {
                return known;
            }
        }
        var loaded = loader.apply(key);
        synchronized (values) {
            values.put(key, loaded);
        }
        return loaded;
    }

    void remove(K key) {
        synchronized (values) {
            values.remove(key);
        }
    }
}
