package io.xinglin.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/// A channel by way of the gateways of its peers: the own one first, another when it does not answer.
public final class GatewayChannel implements FabricChannel {
    /// How many organisations must say that the rules forbid something.
    private static final int REFUSALS_MIN = 2;

    private final FabricSettings settings;
    private final List<Peer> peers;
    private volatile Speaker speaker;

    /// What the certificate's file held when it was last looked at, whether it was of use or not.
    private String seen;

    private GatewayChannel(
            FabricSettings settings, List<Peer> peers, Speaker speaker, String seen) {
        this.settings = settings;
        this.peers = peers;
        this.speaker = speaker;
        this.seen = seen;
    }

    /// Connects; peers that do not answer now may do so later.
    ///
    /// @throws IOException if a file is missing or is not what it should be; the message names it
    public static FabricChannel connect(FabricSettings settings) throws IOException {
        var seen = Files.readString(settings.certificate());
        var speaker = Speaker.read(settings);
        var peers = new ArrayList<Peer>();
        for (var address : settings.peers()) {
            peers.add(new Peer(address, settings, speaker));
        }
        return new GatewayChannel(settings, peers, speaker, seen);
    }

    @Override
    public synchronized boolean renew() throws IOException {
        var now = Files.readString(settings.certificate());
        if (now.equals(seen)) {
            return false;
        }
        seen = now;
        var renewed = Speaker.read(settings);
        speaker = renewed;
        peers.forEach(peer -> peer.hear(renewed));
        return true;
    }

    @Override
    public Endorsement endorse(List<String> transactions) {
        var arguments =
                transactions.stream()
                        .map(jws -> jws.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new);
        return ask(
                peer -> {
                    var endorsed =
                            peer.contract()
                                    .newProposal(BlockReader.FUNCTION)
                                    .addArguments(arguments)
                                    .build()
                                    .endorse();
                    return new Endorsement(endorsed.getTransactionId(), endorsed.getBytes());
                });
    }

    @Override
    public void submit(Endorsement endorsement) {
        ask(
                peer ->
                        peer.gateway()
                                .newTransaction(endorsement.envelope())
                                .submitAsync()
                                .getTransactionId());
    }

    @Override
    public Instant signedUntil(Endorsement endorsement) {
        try {
            var envelope = PreparedTransaction.parseFrom(endorsement.envelope()).getEnvelope();
            var header = Payload.parseFrom(envelope.getPayload()).getHeader();
            var creator = SignatureHeader.parseFrom(header.getSignatureHeader()).getCreator();
            var pem = SerializedIdentity.parseFrom(creator).getIdBytes().toStringUtf8();
            return Identities.readX509Certificate(pem).getNotAfter().toInstant();
        } catch (InvalidProtocolBufferException | CertificateException e) {
            throw new IllegalArgumentException("not an endorsed transaction", e);
        }
    }

    @Override
    public Optional<CommitStatus> status(String id) {
        var request =
                CommitStatusRequest.newBuilder()
                        .setChannelId(settings.channel())
                        .setTransactionId(id)
                        .setIdentity(speaker.serialized())
                        .build();
        var signed =
                SignedCommitStatusRequest.newBuilder()
                        .setRequest(request.toByteString())
                        .build()
                        .toByteArray();
        return fromAny(peer -> status(peer, signed));
    }

    private static Optional<CommitStatus> status(Peer peer, byte[] signed) {
        try {
            var status = peer.gateway().newCommit(signed).getStatus();
            peer.answered();
            return Optional.of(new CommitStatus(status.getBlockNumber(), status.getCode().name()));
        } catch (CommitStatusException e) {
            // The peer answers when it has the transaction, and not before.
            if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                return Optional.empty();
            }
            if (isOfTheConnection(e)) {
                peer.failed();
            }
            throw new FabricUnavailable(Refusals.describe(peer.toString(), e), e);
        }
    }

    /// Asks all peers at once and takes the first that knows, for one may be behind; empty if some answer, and none knows.
    private <T> Optional<T> fromAny(Function<Peer, Optional<T>> question) {
        var known = new CompletableFuture<Optional<T>>();
        var asked = new ArrayList<CompletableFuture<Void>>();
        for (var peer : peers) {
            asked.add(
                    CompletableFuture.supplyAsync(
                                    () -> question.apply(peer), Thread::startVirtualThread)
                            .thenAccept(
                                    found -> {
                                        if (found.isPresent()) {
                                            known.complete(found);
                                        }
                                    }));
        }
        var all = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
        var unused =
                all.whenComplete(
                        (_, failure) -> {
                            if (asked.stream()
                                    .allMatch(CompletableFuture::isCompletedExceptionally)) {
                                known.completeExceptionally(failure);
                            } else {
                                known.complete(Optional.empty());
                            }
                        });
        try {
            return known.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public AgreedBlocks blocks(long from) {
        var peer = inOrder().getFirst();
        return new PeerBlocks(
                peer,
                peer.network().newBlockEventsRequest().startBlock(from).build(),
                settings.chaincode());
    }

    @Override
    public PeerHashes hashes(String address, List<String> keys) {
        var peer =
                peers.stream()
                        .filter(it -> it.toString().equals(address))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no peer " + address));
        try {
            var atLeast = peer.height();
            var answer = peer.contract().evaluateTransaction("hashes", keys.toArray(String[]::new));
            var hashes = new String(answer, StandardCharsets.US_ASCII).lines().toList();
            if (hashes.size() == keys.size()) {
                return new PeerHashes(atLeast, peer.height(), hashes);
            }
        } catch (GatewayException e) {
            throw new FabricUnavailable(Refusals.describe(address, e), e);
        } catch (InvalidProtocolBufferException e) {
            throw new FabricUnavailable("peer " + address + " answers something unreadable", e);
        }
        throw new FabricUnavailable(
                "peer " + address + " answers for other keys", new IllegalStateException());
    }

    @Override
    public List<PeerStatus> peers() {
        return peers.stream().map(Peer::status).toList();
    }

    @Override
    public Instant certificateEnds() {
        return speaker.ends();
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
    }

    private interface Question<T> {
        T ask(Peer peer) throws GatewayException, InvalidProtocolBufferException;
    }

    /// Asks one peer after the other until one has an answer. One organisation alone refuses nothing: its peer may be broken, and what
    /// is asked for here has passed the rules here already.
    private <T> T ask(Question<T> question) {
        var failures = new ArrayList<FabricUnavailable>();
        var refusals = new HashMap<String, EndorsementRefused>();
        for (var peer : inOrder()) {
            try {
                var answer = question.ask(peer);
                peer.answered();
                return answer;
            } catch (GatewayException e) {
                var refused = Refusals.in(e);
                refusals.putAll(refused);
                if (refusals.size() >= Math.min(REFUSALS_MIN, peers.size())) {
                    throw refusals.values().iterator().next();
                }
                if (isOfTheConnection(e) || !refused.isEmpty()) {
                    peer.failed();
                }
                failures.add(new FabricUnavailable(Refusals.describe(peer.toString(), e), e));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("not an endorsed transaction", e);
            }
        }
        throw failures.getFirst();
    }

    private List<Peer> inOrder() {
        return peers.stream().sorted(Comparator.comparing(Peer::isDoubtful)).toList();
    }

    private static boolean isOfTheConnection(GatewayException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, UNKNOWN, INTERNAL -> e.getDetails().isEmpty();
            case DEADLINE_EXCEEDED ->
                    !(e instanceof EndorseException || e instanceof SubmitException);
            default -> false;
        };
    }
}
