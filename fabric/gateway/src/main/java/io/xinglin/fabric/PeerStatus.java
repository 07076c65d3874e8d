package io.xinglin.fabric;

/// What is known of a peer.
///
/// @param address its host and port
/// @param answers whether it answered when it was last asked
public record PeerStatus(String address, boolean answers) {}
