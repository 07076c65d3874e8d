package io.xinglin.fabric.chaincode;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.stub.StreamObserver;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.JcaSignatureVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.conscrypt.Conscrypt;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.jspecify.annotations.Nullable;

/// What a peer may call: `apply` with 1 to 100 signed transactions, `version`, and `hashes` with 1 to 500 keys, see [StateHashes].
///
/// `apply` is all or nothing: see [Batch]. The answer to a call that is refused has the status 422 and a [Refusal] as its message.
/// The ledger's name is the channel's; a transaction's time is what the submitting client states, to the millisecond.
///
/// The shim's own dispatcher logs arguments, so it is not used; and no exception leaves [#invoke], since the shim would log its
/// text and send its stack trace to the peer.
final class ContractChaincode extends ChaincodeBase {
    private static final Logger LOG = Logger.getLogger(ContractChaincode.class.getName());

    /// How far the time that a client states may be from this machine's.
    ///
    /// No two machines' clocks agree, yet this breaks no rule of determinism: a peer may always refuse to endorse, and the clock
    /// has no part in what is read and written when it does not.
    static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofMinutes(10);

    private static final Contracts CONTRACTS =
            new Contracts(new JcaSignatureVerifier(Conscrypt.newProvider()));

    private final String packageId;
    private final InstantSource clock;

    /// Chaincode of this package id.
    ///
    /// The environment variables that the shim would read are about dialling a peer, which nobody does here: the peer dials.
    ContractChaincode(String packageId, InstantSource clock) {
        this.packageId = packageId;
        this.clock = clock;
        processCommandLineOptions(new String[] {"--id", packageId});
    }

    @Override
    public Response init(ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse();
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        try {
            var arguments = stub.getArgs();
            return switch (arguments.isEmpty() ? "" : text(arguments.getFirst())) {
                case "apply" -> apply(arguments.subList(1, arguments.size()), stub);
                case "version" -> version(stub);
                case "hashes" -> hashes(arguments.subList(1, arguments.size()), stub);
                default ->
                        refused(
                                Refusal.of(
                                        "unknown-function",
                                        "There is apply, version, and hashes."));
            };
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A call failed: {0}", where(e));
            return ResponseUtils.newErrorResponse(
                    Refusal.of("failed", "The chaincode or its peer failed; try again.").toJson());
        }
    }

    private Response apply(List<byte[]> transactions, ChaincodeStub stub) {
        @Nullable Instant time = stub.getTxTimestamp();
        if (time == null || isFar(time)) {
            return refused(
                    Refusal.of(
                            "clock",
                            "The time stated is more than ten minutes from this machine's."));
        }
        var batch =
                new Batch(
                        CONTRACTS,
                        stub.getChannelId(),
                        time.truncatedTo(ChronoUnit.MILLIS),
                        new PeerState(stub));
        var refusal = batch.run(transactions.stream().map(ContractChaincode::text).toList());
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        batch.writes()
                .forEach(
                        (key, value) ->
                                value.ifPresentOrElse(
                                        text -> stub.putStringState(key, text),
                                        () -> stub.delState(key)));
        return ResponseUtils.newSuccessResponse();
    }

    private boolean isFar(Instant time) {
        return Duration.between(time, clock.instant()).abs().compareTo(CLOCK_DIFFERENCE_MAX) > 0;
    }

    /// Which ledger this is and which rules this build knows: answered as soon as the chaincode is ready.
    private static Response version(ChaincodeStub stub) {
        var version =
                new TreeMap<String, Object>(
                        Map.of(
                                "contracts", ContractVersions.newest(),
                                "ledger", stub.getChannelId()));
        return ResponseUtils.newSuccessResponse(
                JSONObjectUtils.toJSONString(version).getBytes(StandardCharsets.UTF_8));
    }

    private static Response hashes(List<byte[]> keys, ChaincodeStub stub) {
        if (keys.isEmpty()
                || keys.size() > StateHashes.KEYS_MAX
                || keys.stream().anyMatch(it -> it.length == 0)) {
            return refused(Refusal.of("malformed", "hashes takes 1 to 500 keys."));
        }
        return ResponseUtils.newSuccessResponse(
                StateHashes.of(stub, keys.stream().map(ContractChaincode::text).toList()));
    }

    /// The shim keeps how far the conversation is in the chaincode: each connection gets one of its own, so that nobody who dials
    /// disturbs a peer that is served.
    @Override
    protected StreamObserver<ChaincodeMessage> connectToPeer(StreamObserver<ChaincodeMessage> peer)
            throws IOException {
        return new ContractChaincode(packageId, clock).converse(PeerStream.to(peer));
    }

    private StreamObserver<ChaincodeMessage> converse(StreamObserver<ChaincodeMessage> peer)
            throws IOException {
        // The shim takes it for read from here on.
        getChaincodeConfig();
        return super.connectToPeer(peer);
    }

    /// The shim knows three statuses only; [PeerStream] makes 422 of this one.
    private static Response refused(Refusal refusal) {
        return new Response(Response.Status.ERROR_THRESHOLD, refusal.toJson(), null);
    }

    /// What kind of failure and where: never its message, which may hold what was asked.
    private static String where(RuntimeException e) {
        var frames = e.getStackTrace();
        return e.getClass().getName() + (frames.length == 0 ? "" : " at " + frames[0]);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
