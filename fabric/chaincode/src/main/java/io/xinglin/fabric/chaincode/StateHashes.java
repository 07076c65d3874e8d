package io.xinglin.fabric.chaincode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeStub;

/// What a peer answers from, so that a member can compare it with what was agreed.
///
/// Key by key and never as a range: a peer of Fabric 3.1.1 ends when a client gives up while it reads a range.
final class StateHashes {
    static final int KEYS_MAX = 500;

    /// In place of a hash, where there is no value.
    private static final String NONE = "-";

    private StateHashes() {}

    /// A line for each key, in their order: SHA-256 of its value in hexadecimal, or `-`.
    static byte[] of(ChaincodeStub stub, List<String> keys) {
        var lines = new StringBuilder();
        for (var key : keys) {
            var value = stub.getState(key);
            lines.append(value.length == 0 ? NONE : sha256(value)).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
