package io.xinglin.fabric;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Reads what the chaincode lists of the state.
final class StateExcerpts {
    /// How many keys the chaincode lists at most.
    private static final int KEYS_MAX = 500;

    private StateExcerpts() {}

    /// @throws IllegalArgumentException if it is not such a list
    static StateExcerpt read(byte[] lines, long atLeast, long atMost) {
        var hashes = new TreeMap<String, String>();
        new String(lines, StandardCharsets.UTF_8)
                .lines()
                .forEach(
                        line -> {
                            var space = line.lastIndexOf(' ');
                            if (space <= 0) {
                                throw new IllegalArgumentException("a line without a hash");
                            }
                            hashes.put(line.substring(0, space), line.substring(space + 1));
                        });
        return new StateExcerpt(atLeast, atMost, hashes, hashes.size() < KEYS_MAX);
    }
}
