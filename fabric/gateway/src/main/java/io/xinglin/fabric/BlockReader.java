package io.xinglin.fabric;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/// Takes out of a block what concerns one chaincode.
final class BlockReader {
    /// The function of the chaincode that runs the rules.
    static final String FUNCTION = "apply";

    private BlockReader() {}

    static AgreedBlock read(Block block, String chaincode) throws InvalidProtocolBufferException {
        var codes = block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
        var transactions = new ArrayList<AgreedTransaction>();
        for (var index = 0; index < block.getData().getDataCount(); index++) {
            read(block.getData().getData(index), code(codes, index), chaincode)
                    .ifPresent(transactions::add);
        }
        return new AgreedBlock(block.getHeader().getNumber(), transactions);
    }

    private static String code(ByteString codes, int index) {
        var code = TxValidationCode.forNumber(codes.byteAt(index) & 0xff);
        return code == null ? "UNKNOWN" : code.name();
    }

    /// What a member hands in is not always well-formed; the peers have marked it invalid then, and it concerns nobody.
    private static Optional<AgreedTransaction> read(ByteString data, String code, String chaincode)
            throws InvalidProtocolBufferException {
        try {
            return parse(data, code, chaincode);
        } catch (InvalidProtocolBufferException e) {
            if (code.equals(AgreedTransaction.VALID)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Optional<AgreedTransaction> parse(ByteString data, String code, String chaincode)
            throws InvalidProtocolBufferException {
        var payload = Payload.parseFrom(Envelope.parseFrom(data).getPayload());
        var header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        if (header.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE) {
            return Optional.empty();
        }
        var actions = Transaction.parseFrom(payload.getData()).getActionsList();
        if (actions.size() != 1) {
            return Optional.empty();
        }
        var action = ChaincodeActionPayload.parseFrom(actions.getFirst().getPayload());
        var spec =
                ChaincodeInvocationSpec.parseFrom(
                                ChaincodeProposalPayload.parseFrom(
                                                action.getChaincodeProposalPayload())
                                        .getInput())
                        .getChaincodeSpec();
        var arguments = spec.getInput().getArgsList();
        if (!spec.getChaincodeId().getName().equals(chaincode)
                || arguments.isEmpty()
                || !arguments.getFirst().toStringUtf8().equals(FUNCTION)) {
            return Optional.empty();
        }
        var response =
                ProposalResponsePayload.parseFrom(action.getAction().getProposalResponsePayload());
        var results = ChaincodeAction.parseFrom(response.getExtension()).getResults();
        return Optional.of(
                transaction(
                        header,
                        code,
                        arguments.subList(1, arguments.size()),
                        TxReadWriteSet.parseFrom(results),
                        chaincode));
    }

    private static AgreedTransaction transaction(
            ChannelHeader header,
            String code,
            List<ByteString> arguments,
            TxReadWriteSet results,
            String chaincode)
            throws InvalidProtocolBufferException {
        var reads = new TreeSet<String>();
        var ranges = new TreeSet<String>();
        var writes = new TreeMap<String, Optional<String>>();
        for (var namespace : results.getNsRwsetList()) {
            if (!namespace.getNamespace().equals(chaincode)) {
                continue;
            }
            var set = KVRWSet.parseFrom(namespace.getRwset());
            set.getReadsList().forEach(read -> reads.add(read.getKey()));
            set.getRangeQueriesInfoList().forEach(range -> ranges.add(range.getStartKey()));
            set.getWritesList()
                    .forEach(
                            write ->
                                    writes.put(
                                            write.getKey(),
                                            write.getIsDelete()
                                                    ? Optional.empty()
                                                    : Optional.of(
                                                            write.getValue().toStringUtf8())));
        }
        return new AgreedTransaction(
                header.getTxId(),
                millis(header.getTimestamp()),
                code,
                arguments.stream().map(ByteString::toStringUtf8).toList(),
                reads,
                ranges,
                writes);
    }

    private static long millis(Timestamp time) {
        return Math.addExact(
                Math.multiplyExact(time.getSeconds(), 1_000L), time.getNanos() / 1_000_000);
    }
}
