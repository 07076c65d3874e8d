package io.xinglin.fabric.chaincode;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.shim.Chaincode.Response.Status;

/// The way to the peer, with two things put right that the shim leaves undone.
///
/// It can send no status but 200, 400 and 500: its 400 becomes 422 here. And when a peer goes away in the middle of a call, what is
/// still sent to it is dropped; it used to be an exception that left a lock locked.
final class PeerStream implements StreamObserver<ChaincodeMessage> {
    static final int REFUSED = 422;

    private final StreamObserver<ChaincodeMessage> peer;

    private PeerStream(StreamObserver<ChaincodeMessage> peer) {
        this.peer = peer;
    }

    static PeerStream to(StreamObserver<ChaincodeMessage> peer) {
        if (peer instanceof ServerCallStreamObserver<ChaincodeMessage> call) {
            // With a handler, sending to a peer that has gone is no longer an exception.
            call.setOnCancelHandler(() -> {});
        }
        return new PeerStream(peer);
    }

    @Override
    public void onNext(ChaincodeMessage message) {
        peer.onNext(
                message.getType() == ChaincodeMessage.Type.COMPLETED
                        ? withStatus(message)
                        : message);
    }

    @Override
    public void onError(Throwable problem) {
        peer.onError(problem);
    }

    @Override
    public void onCompleted() {
        peer.onCompleted();
    }

    private static ChaincodeMessage withStatus(ChaincodeMessage message) {
        try {
            var response = Response.parseFrom(message.getPayload());
            return response.getStatus() == Status.ERROR_THRESHOLD.getCode()
                    ? message.toBuilder()
                            .setPayload(
                                    response.toBuilder().setStatus(REFUSED).build().toByteString())
                            .build()
                    : message;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the shim sent no response", e);
        }
    }
}
