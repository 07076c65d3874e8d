package io.xinglin.fabric.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.ledger.queryresult.KV;
import org.hyperledger.fabric.protos.peer.ChaincodeGrpc;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.DelState;
import org.hyperledger.fabric.protos.peer.GetState;
import org.hyperledger.fabric.protos.peer.GetStateByRange;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.QueryResponse;
import org.hyperledger.fabric.protos.peer.QueryResultBytes;
import org.hyperledger.fabric.protos.peer.QueryStateNext;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/// A peer without Fabric: it dials the chaincode as a peer does, keeps versioned state, and notes what each call reads and writes.
///
/// What it writes down is what a peer would put into the read/write set: a range counts as read only when it was read to its end.
final class FakePeer implements AutoCloseable {
    /// Small, so that every range of some size comes in pages.
    private static final int PAGE = 2;

    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    private final String ledger;
    private final InetSocketAddress address;
    private final ChannelCredentials credentials;
    private final boolean answers;
    private final SortedMap<String, Versioned> state = new TreeMap<>(BY_BYTES);
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean broken;
    private long height;
    private Line line;

    private FakePeer(
            String ledger,
            InetSocketAddress address,
            ChannelCredentials credentials,
            boolean answers) {
        this.ledger = ledger;
        this.address = address;
        this.credentials = credentials;
        this.answers = answers;
        this.line = new Line();
    }

    /// Dials and takes the chaincode's registration, or throws what came in between.
    static FakePeer dial(String ledger, InetSocketAddress address, ChannelCredentials credentials) {
        return new FakePeer(ledger, address, credentials, true).awaitRegistration();
    }

    /// Dials, and leaves the chaincode waiting for an answer to its registration.
    static FakePeer dialAndKeepSilent(InetSocketAddress address) {
        return new FakePeer("", address, InsecureChannelCredentials.create(), false)
                .awaitRegistration();
    }

    /// What came of a call.
    ///
    /// @param status the response's, 0 if there was none
    /// @param message the response's
    /// @param payload the response's
    /// @param effects what was read, and would be written
    /// @param requests how often the peer was asked for something
    record Answer(int status, String message, String payload, ReadWriteSet effects, int requests) {}

    /// The id under which the chaincode registered.
    String packageId() {
        return line.registered.join();
    }

    /// Calls, and commits what is endorsed as a block of its own.
    Answer submit(Instant time, String function, String... arguments) {
        var answer = evaluate(time, function, arguments);
        if (answer.status() == 200) {
            commit(answer.effects());
        }
        return answer;
    }

    /// Calls, and leaves it at that.
    Answer evaluate(Instant time, String function, String... arguments) {
        var bytes = new ArrayList<ByteString>();
        bytes.add(ByteString.copyFromUtf8(function));
        Arrays.stream(arguments).map(ByteString::copyFromUtf8).forEach(bytes::add);
        return evaluate(proposal(time), bytes);
    }

    /// Calls with arguments of any bytes.
    Answer evaluate(SignedProposal proposal, List<ByteString> arguments) {
        return begin(proposal, arguments).orTimeout(60, TimeUnit.SECONDS).join();
    }

    /// Begins a call.
    CompletableFuture<Answer> begin(SignedProposal proposal, List<ByteString> arguments) {
        var call = new Call("tx" + ids.incrementAndGet());
        calls.put(call.id, call);
        line.send(
                message(ChaincodeMessage.Type.TRANSACTION, call.id)
                        .setPayload(
                                ChaincodeInput.newBuilder()
                                        .addAllArgs(arguments)
                                        .build()
                                        .toByteString())
                        .setProposal(proposal)
                        .build());
        return call.answer;
    }

    /// A proposal that states this time.
    SignedProposal proposal(Instant time) {
        var header =
                ChannelHeader.newBuilder()
                        .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
                        .setChannelId(ledger)
                        .setTimestamp(
                                Timestamp.newBuilder()
                                        .setSeconds(time.getEpochSecond())
                                        .setNanos(time.getNano()))
                        .build();
        var proposal =
                Proposal.newBuilder()
                        .setHeader(
                                Header.newBuilder()
                                        .setChannelHeader(header.toByteString())
                                        .build()
                                        .toByteString())
                        .build();
        return SignedProposal.newBuilder().setProposalBytes(proposal.toByteString()).build();
    }

    /// A value that came onto the ledger in another way.
    void put(String key, String value) {
        synchronized (state) {
            state.put(key, new Versioned(value, new Version(height, 0)));
        }
    }

    /// From now on its database fails.
    void breakDown() {
        broken = true;
    }

    /// Loses the connection and makes another.
    void dialAgain() {
        line.close();
        line = new Line();
        awaitRegistration();
    }

    @Override
    public void close() {
        line.close();
    }

    private FakePeer awaitRegistration() {
        try {
            line.registered.orTimeout(20, TimeUnit.SECONDS).join();
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void commit(ReadWriteSet effects) {
        synchronized (state) {
            var version = new Version(height++, 0);
            effects.writes()
                    .forEach(
                            (key, value) ->
                                    value.ifPresentOrElse(
                                            text -> state.put(key, new Versioned(text, version)),
                                            () -> state.remove(key)));
        }
    }

    private ChaincodeMessage.Builder message(ChaincodeMessage.Type type, String id) {
        return ChaincodeMessage.newBuilder().setType(type).setChannelId(ledger).setTxid(id);
    }

    /// One connection.
    private final class Line implements StreamObserver<ChaincodeMessage>, AutoCloseable {
        private final CompletableFuture<String> registered = new CompletableFuture<>();
        private final ManagedChannel channel =
                Grpc.newChannelBuilderForAddress(
                                address.getAddress().getHostAddress(),
                                address.getPort(),
                                credentials)
                        .build();

        /// The chaincode may speak before this is known.
        private final CompletableFuture<StreamObserver<ChaincodeMessage>> chaincode =
                new CompletableFuture<>();

        Line() {
            chaincode.complete(ChaincodeGrpc.newStub(channel).connect(this));
        }

        synchronized void send(ChaincodeMessage message) {
            chaincode.join().onNext(message);
        }

        @Override
        public void onNext(ChaincodeMessage message) {
            try {
                if (message.getType() == ChaincodeMessage.Type.REGISTER) {
                    if (answers) {
                        send(message(ChaincodeMessage.Type.REGISTERED, "").build());
                        send(message(ChaincodeMessage.Type.READY, "").build());
                    }
                    registered.complete(ChaincodeID.parseFrom(message.getPayload()).getName());
                } else {
                    Optional.ofNullable(calls.get(message.getTxid()))
                            .orElseThrow()
                            .take(message, this);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onError(Throwable problem) {
            registered.completeExceptionally(problem);
            calls.values().forEach(call -> call.answer.completeExceptionally(problem));
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the chaincode hung up"));
        }

        @Override
        public void close() {
            channel.shutdownNow();
            try {
                assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// One transaction on its way.
    private final class Call {
        private final String id;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final SortedMap<String, Optional<Version>> reads = new TreeMap<>();
        private final SortedMap<String, SortedMap<String, Version>> ranges = new TreeMap<>();
        private final SortedMap<String, Optional<String>> writes = new TreeMap<>();
        private final Map<String, Range> open = new ConcurrentHashMap<>();
        private int requests;

        Call(String id) {
            this.id = id;
        }

        void take(ChaincodeMessage message, Line from) throws InvalidProtocolBufferException {
            switch (message.getType()) {
                case COMPLETED -> {
                    var response = Response.parseFrom(message.getPayload());
                    complete(
                            response.getStatus(),
                            response.getMessage(),
                            response.getPayload().toStringUtf8());
                }
                case ERROR -> complete(0, message.getPayload().toStringUtf8(), "");
                default -> {
                    requests++;
                    from.send(
                            broken
                                    ? message(ChaincodeMessage.Type.ERROR, id)
                                            .setPayload(ByteString.copyFromUtf8("disk full"))
                                            .build()
                                    : message(ChaincodeMessage.Type.RESPONSE, id)
                                            .setPayload(serve(message))
                                            .build());
                }
            }
        }

        private void complete(int status, String message, String payload) {
            calls.remove(id);
            answer.complete(
                    new Answer(
                            status,
                            message,
                            payload,
                            new ReadWriteSet(reads, ranges, writes),
                            requests));
        }

        private ByteString serve(ChaincodeMessage request) throws InvalidProtocolBufferException {
            return switch (request.getType()) {
                case GET_STATE -> get(GetState.parseFrom(request.getPayload()).getKey());
                case PUT_STATE -> {
                    var put = PutState.parseFrom(request.getPayload());
                    writes.put(put.getKey(), Optional.of(put.getValue().toStringUtf8()));
                    yield ByteString.EMPTY;
                }
                case DEL_STATE -> {
                    writes.put(DelState.parseFrom(request.getPayload()).getKey(), Optional.empty());
                    yield ByteString.EMPTY;
                }
                case GET_STATE_BY_RANGE -> range(GetStateByRange.parseFrom(request.getPayload()));
                case QUERY_STATE_NEXT ->
                        page(QueryStateNext.parseFrom(request.getPayload()).getId());
                case QUERY_STATE_CLOSE -> ByteString.EMPTY;
                default -> throw new AssertionError(request.getType());
            };
        }

        private ByteString get(String key) {
            synchronized (state) {
                var found = Optional.ofNullable(state.get(key));
                reads.put(key, found.map(Versioned::version));
                return ByteString.copyFromUtf8(found.map(Versioned::value).orElse(""));
            }
        }

        private ByteString range(GetStateByRange request) {
            synchronized (state) {
                var query = "query" + open.size();
                var found = new TreeMap<>(state.subMap(request.getStartKey(), request.getEndKey()));
                open.put(
                        query,
                        new Range(request.getStartKey(), found, found.entrySet().iterator()));
                return page(query);
            }
        }

        private ByteString page(String query) {
            var range = Optional.ofNullable(open.get(query)).orElseThrow();
            var page = QueryResponse.newBuilder().setId(query);
            for (var i = 0; i < PAGE && range.rest.hasNext(); i++) {
                var entry = range.rest.next();
                var kv =
                        KV.newBuilder()
                                .setKey(entry.getKey())
                                .setValue(ByteString.copyFromUtf8(entry.getValue().value()));
                page.addResults(
                        QueryResultBytes.newBuilder().setResultBytes(kv.build().toByteString()));
            }
            if (!range.rest.hasNext()) {
                var versions = new TreeMap<String, Version>();
                range.found.forEach((key, value) -> versions.put(key, value.version()));
                ranges.put(range.start, versions);
            }
            return page.setHasMore(range.rest.hasNext()).build().toByteString();
        }
    }

    private record Range(
            String start,
            SortedMap<String, Versioned> found,
            Iterator<Map.Entry<String, Versioned>> rest) {}
}
