package io.xinglin.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.identity.Identity;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.protos.common.BlockchainInfo;

/// A connection to one peer.
final class Peer implements AutoCloseable {
    private static final int ENDORSE_SECONDS = 15;
    private static final int SUBMIT_SECONDS = 15;
    private static final int STATUS_SECONDS = 3;
    private static final int MESSAGE_BYTES_MAX = 110 * 1024 * 1024;

    /// Fabric's peers take a client that asks more often than once a minute for a nuisance.
    private static final int KEEP_ALIVE_SECONDS = 65;

    private static final long DOUBTFUL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String address;
    private final ManagedChannel connection;
    private final Gateway gateway;
    private final Network network;
    private final Contract contract;
    private volatile boolean answers = true;
    private volatile long failedNanos;
    private volatile Optional<Instant> certificateEnds = Optional.empty();

    Peer(String address, FabricSettings settings, Identity identity, Signer signer)
            throws IOException {
        this.address = address;
        var tls =
                TlsChannelCredentials.newBuilder()
                        .trustManager(settings.tlsRoots().toFile())
                        .build();
        this.connection =
                Grpc.newChannelBuilder(address, tls)
                        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .addTransportFilter(new CertificateSeen())
                        .build();
        this.gateway =
                Gateway.newInstance()
                        .identity(identity)
                        .signer(signer)
                        .hash(Hash.SHA256)
                        .connection(connection)
                        .evaluateOptions(
                                call -> call.withDeadlineAfter(ENDORSE_SECONDS, TimeUnit.SECONDS))
                        .endorseOptions(
                                call -> call.withDeadlineAfter(ENDORSE_SECONDS, TimeUnit.SECONDS))
                        .submitOptions(
                                call -> call.withDeadlineAfter(SUBMIT_SECONDS, TimeUnit.SECONDS))
                        .commitStatusOptions(
                                call -> call.withDeadlineAfter(STATUS_SECONDS, TimeUnit.SECONDS))
                        .connect();
        this.network = gateway.getNetwork(settings.channel());
        this.contract = network.getContract(settings.chaincode());
        connection.getState(true);
    }

    Gateway gateway() {
        return gateway;
    }

    Network network() {
        return network;
    }

    Contract contract() {
        return contract;
    }

    /// How many blocks it has.
    ///
    /// @throws GatewayException if it does not answer
    long height() throws GatewayException, InvalidProtocolBufferException {
        var answer =
                network.getContract("qscc").evaluateTransaction("GetChainInfo", network.getName());
        return BlockchainInfo.parseFrom(answer).getHeight();
    }

    /// Has a connection made if there is none.
    PeerStatus status() {
        var state = connection.getState(true);
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
            connection.resetConnectBackoff();
        }
        return new PeerStatus(
                address, state == ConnectivityState.READY && !isDoubtful(), certificateEnds);
    }

    void answered() {
        answers = true;
    }

    void failed() {
        failedNanos = System.nanoTime();
        answers = false;
    }

    /// Whether it failed so lately that another should be asked first.
    boolean isDoubtful() {
        return !answers && System.nanoTime() - failedNanos < DOUBTFUL_NANOS;
    }

    /// Looks at the certificate that the peer shows whenever a connection is made.
    private final class CertificateSeen extends ClientTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            var session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            try {
                if (session != null
                        && session.getPeerCertificates()[0] instanceof X509Certificate shown) {
                    certificateEnds = Optional.of(shown.getNotAfter().toInstant());
                }
            } catch (SSLPeerUnverifiedException _) {
                // Then there is no connection either.
            }
            return attributes;
        }
    }

    @Override
    public void close() {
        gateway.close();
        connection.shutdownNow();
    }

    @Override
    public String toString() {
        return address;
    }
}
