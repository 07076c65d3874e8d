package io.xinglin.fabric.chaincode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.hyperledger.fabric.shim.ChaincodeStub;

/// What a peer answers from, key by key, so that a member can compare it with what was agreed.
///
/// A line each: the key, a space, and SHA-256 of the value in hexadecimal.
final class StateListing {
    private static final int KEYS_MAX = 500;

    private StateListing() {}

    /// The first keys from one on and before another, 500 at most.
    static byte[] of(ChaincodeStub stub, String from, String until) {
        var lines = new StringBuilder();
        var listed = 0;
        for (var entry : stub.getStateByRange(from, until)) {
            if (listed == KEYS_MAX) {
                break;
            }
            lines.append(entry.getKey()).append(' ').append(sha256(entry.getValue())).append('\n');
            listed++;
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
