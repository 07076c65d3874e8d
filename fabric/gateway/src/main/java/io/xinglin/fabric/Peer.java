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
    private final FabricSettings settings;
    private volatile Session session;
    private volatile boolean answers = true;
    private volatile long failedNanos;
    private volatile Optional<Instant> certificateEnds = Optional.empty();

    Peer(String address, FabricSettings settings, Speaker speaker) throws IOException {
        this.address = address;
        this.settings = settings;
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
        this.session = session(speaker);
        connection.getState(true);
    }

    /// What is asked over the connection, as somebody.
    private record Session(Gateway gateway, Network network, Contract contract) {}

    private Session session(Speaker speaker) {
        var gateway =
                Gateway.newInstance()
                        .identity(speaker.identity())
                        .signer(speaker.signer())
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
        var network = gateway.getNetwork(settings.channel());
        return new Session(gateway, network, network.getContract(settings.chaincode()));
    }

    /// From now on everything is asked as this one; what is under way goes on as it began.
    void hear(Speaker speaker) {
        session = session(speaker);
    }

    Gateway gateway() {
        return session.gateway;
    }

    Network network() {
        return session.network;
    }

    Contract contract() {
        return session.contract;
    }

    /// How many blocks it has.
    ///
    /// @throws GatewayException if it does not answer
    long height() throws GatewayException, InvalidProtocolBufferException {
        var answer =
                network()
                        .getContract("qscc")
                        .evaluateTransaction("GetChainInfo", settings.channel());
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
        session.gateway.close();
        connection.shutdownNow();
    }

    @Override
    public String toString() {
        return address;
    }
}
