package io.xinglin.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import java.util.NoSuchElementException;
import org.hyperledger.fabric.client.BlockEventsRequest;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.common.Block;

/// The blocks that one peer delivers.
final class PeerBlocks implements AgreedBlocks {
    private final Peer peer;
    private final String chaincode;
    private final CloseableIterator<Block> events;

    PeerBlocks(Peer peer, BlockEventsRequest request, String chaincode) {
        this.peer = peer;
        this.chaincode = chaincode;
        this.events = request.getEvents();
    }

    @Override
    public AgreedBlock next() {
        try {
            var block = BlockReader.read(events.next(), chaincode);
            peer.answered();
            return block;
        } catch (StatusRuntimeException | GatewayRuntimeException | NoSuchElementException e) {
            peer.failed();
            throw new FabricUnavailable("peer " + peer + " delivers no more blocks", e);
        } catch (InvalidProtocolBufferException e) {
            peer.failed();
            throw new FabricUnavailable("peer " + peer + " delivers a block that is none", e);
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
