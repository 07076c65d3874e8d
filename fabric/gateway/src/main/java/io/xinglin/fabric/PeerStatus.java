package io.xinglin.fabric;

import java.time.Instant;
import java.util.Optional;

/// What is known of a peer.
///
/// @param address its host and port
/// @param answers whether there is a connection and it has not failed to answer just now
/// @param certificateEnds when the TLS certificate ends that it showed last; empty before the first connection
public record PeerStatus(String address, boolean answers, Optional<Instant> certificateEnds) {}
