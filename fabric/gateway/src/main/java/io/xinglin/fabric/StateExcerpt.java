package io.xinglin.fabric;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Some of the state that one peer answers from.
///
/// @param atLeast how many blocks the peer had before it was asked
/// @param atMost how many it had afterwards: what it said holds after some number of blocks between the two
/// @param hashes by key, SHA-256 of the value in hexadecimal
/// @param complete whether these are all keys of the range; otherwise there may be more after the last
public record StateExcerpt(
        long atLeast, long atMost, SortedMap<String, String> hashes, boolean complete) {
    public StateExcerpt {
        hashes = Collections.unmodifiableSortedMap(new TreeMap<>(hashes));
    }
}
