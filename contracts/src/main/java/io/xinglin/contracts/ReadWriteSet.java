package io.xinglin.contracts;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a transaction read, with versions, and what it writes if all of that still holds.
///
/// @param reads each key read and its version, empty for a key that was not there
/// @param ranges each prefix read, with the keys found and their versions
/// @param writes each key written, empty for one removed
public record ReadWriteSet(
        SortedMap<String, Optional<Version>> reads,
        SortedMap<String, SortedMap<String, Version>> ranges,
        SortedMap<String, Optional<String>> writes) {
    public ReadWriteSet {
        reads = Collections.unmodifiableSortedMap(new TreeMap<>(reads));
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
        writes = Collections.unmodifiableSortedMap(new TreeMap<>(writes));
    }

    /// The same text wherever the transaction runs.
    public String toJson() {
        var readsJson = new JsonObject.Builder();
        reads.forEach(
                (key, version) -> readsJson.with(key, version.map(Version::toString).orElse("")));
        var rangesJson = new JsonObject.Builder();
        ranges.forEach((prefix, keys) -> rangesJson.with(prefix, versions(keys)));
        var writesJson = new JsonObject.Builder();
        writes.forEach((key, value) -> writesJson.with(key, value.orElse("")));
        return JsonObject.with("reads", readsJson.build())
                .with("ranges", rangesJson.build())
                .with("writes", writesJson.build())
                .text();
    }

    private static JsonObject versions(SortedMap<String, Version> keys) {
        var json = new JsonObject.Builder();
        keys.forEach((key, version) -> json.with(key, version.toString()));
        return json.build();
    }
}
