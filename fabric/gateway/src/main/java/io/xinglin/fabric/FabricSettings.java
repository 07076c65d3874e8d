package io.xinglin.fabric;

import java.nio.file.Path;
import java.util.List;

/// How to reach a channel, and as whom.
///
/// @param channel its name, which is also that of the ledger
/// @param chaincode the name under which the rules are deployed
/// @param peers `host:port` of peers, those of the own organisation first
/// @param tlsRoots a PEM file with the authorities that the peers' TLS certificates come from
/// @param msp the id of the own organisation on the channel
/// @param certificate a PEM file with the node's certificate
/// @param key a PEM file with the node's private key
public record FabricSettings(
        String channel,
        String chaincode,
        List<String> peers,
        Path tlsRoots,
        String msp,
        Path certificate,
        Path key) {
    public FabricSettings {
        peers = List.copyOf(peers);
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("name at least one peer");
        }
    }
}
