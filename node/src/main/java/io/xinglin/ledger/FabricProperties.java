package io.xinglin.ledger;

import io.xinglin.fabric.FabricSettings;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator sets for a node whose ledger is a channel of Hyperledger Fabric. The channel has the name of the ledger.
///
/// @param peers `host:port` of peers, those of the own organisation first; none: the ledger is the node's own
/// @param tlsRoots a PEM file with the authorities of all peers' TLS certificates
/// @param msp the organisation's id on the channel
/// @param certificate a PEM file with the node's certificate
/// @param key a PEM file with the node's private key
/// @param chaincode the name under which the rules are deployed
@ConfigurationProperties("xinglin.fabric")
record FabricProperties(
        @DefaultValue List<String> peers,
        @DefaultValue("") Path tlsRoots,
        @DefaultValue("") String msp,
        @DefaultValue("") Path certificate,
        @DefaultValue("") Path key,
        @DefaultValue("xinglin") String chaincode) {
    FabricSettings settings(String ledger) {
        return new FabricSettings(ledger, chaincode, peers, tlsRoots, msp, certificate, key);
    }
}
