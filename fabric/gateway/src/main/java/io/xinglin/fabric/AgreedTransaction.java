package io.xinglin.fabric;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A transaction of Fabric's: calls of the rules that were endorsed together and count together.
///
/// @param id Fabric's id
/// @param timeMillis when it was made, as its maker said, in milliseconds since 1970
/// @param code what the peers made of it, in Fabric's words
/// @param transactions the compact JWS that it carries
/// @param reads the keys that the endorsers read
/// @param ranges the first key of each range that they read
/// @param writes what they wrote; empty for a removed key
/// @spec https://hyperledger-fabric.readthedocs.io/en/release-2.5/readwrite.html Read-Write set semantics
public record AgreedTransaction(
        String id,
        long timeMillis,
        String code,
        List<String> transactions,
        SortedSet<String> reads,
        SortedSet<String> ranges,
        SortedMap<String, Optional<String>> writes) {
    /// The code of one whose writes count.
    public static final String VALID = "VALID";

    public AgreedTransaction {
        transactions = List.copyOf(transactions);
        reads = Collections.unmodifiableSortedSet(new TreeSet<>(reads));
        ranges = Collections.unmodifiableSortedSet(new TreeSet<>(ranges));
        writes = Collections.unmodifiableSortedMap(new TreeMap<>(writes));
    }

    /// Whether its writes count.
    public boolean isValid() {
        return code.equals(VALID);
    }
}
