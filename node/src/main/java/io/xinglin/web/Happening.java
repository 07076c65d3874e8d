package io.xinglin.web;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one block brought to the ledger, or several in a row that brought nothing but the sizes of logs.
///
/// @param first the number of its first block
/// @param last the number of its last block
/// @param time of the last block
/// @param facts how often each contract function is in it, such as `consent.grant`
record Happening(long first, long last, Instant time, SortedMap<String, Integer> facts) {
    private static final String ANCHOR = "anchor.checkpoint";

    static Happening of(long block, Instant time, String function) {
        return new Happening(block, block, time, new TreeMap<>(java.util.Map.of(function, 1)));
    }

    /// Whether both are told as one: they are the same block, or only logs' sizes.
    boolean joins(Happening next) {
        return next.first == last || (isAnchors() && next.isAnchors());
    }

    /// Both as one.
    Happening and(Happening next) {
        var sum = new TreeMap<>(facts);
        next.facts.forEach((function, count) -> sum.merge(function, count, Integer::sum));
        return new Happening(first, next.last, next.time, sum);
    }

    private boolean isAnchors() {
        return facts.keySet().stream().allMatch(ANCHOR::equals);
    }
}
