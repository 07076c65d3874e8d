package io.xinglin.fabric;

import java.util.List;

/// What one peer holds for some keys.
///
/// @param atLeast how many blocks the peer had before it was asked
/// @param atMost how many it had afterwards: what it said holds after some number of blocks between the two
/// @param hashes for each key, SHA-256 of the value in hexadecimal, or `-` where there is none
public record PeerHashes(long atLeast, long atMost, List<String> hashes) {
    public PeerHashes {
        hashes = List.copyOf(hashes);
    }
}
