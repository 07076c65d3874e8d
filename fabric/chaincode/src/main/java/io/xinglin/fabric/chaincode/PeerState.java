package io.xinglin.fabric.chaincode;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hyperledger.fabric.shim.ChaincodeStub;

/// The committed state as a peer tells it, during one call.
///
/// Each key and each range is asked for once, which is enough for the peer to check it when the transaction is committed. Versions
/// stay with the peer: the one given here only says that there is a value.
final class PeerState implements CommittedState {
    private static final Version KEPT_BY_THE_PEER = new Version(0, 0);

    private final ChaincodeStub stub;
    private final Map<String, Optional<Versioned>> values = new HashMap<>();
    private final Map<String, SortedMap<String, Versioned>> ranges = new HashMap<>();

    PeerState(ChaincodeStub stub) {
        this.stub = stub;
    }

    @Override
    public Optional<Versioned> get(String key) {
        return values.computeIfAbsent(key, this::ask);
    }

    @Override
    public SortedMap<String, Versioned> range(String prefix) {
        return ranges.computeIfAbsent(prefix, this::askRange);
    }

    private Optional<Versioned> ask(String key) {
        var value = stub.getState(key);
        return value.length == 0 ? Optional.empty() : Optional.of(versioned(value));
    }

    private SortedMap<String, Versioned> askRange(String prefix) {
        var found = new TreeMap<String, Versioned>();
        // To its end, or the peer would not notice a key that is added behind the last one read.
        for (var entry : stub.getStateByRange(prefix, behind(prefix))) {
            found.put(entry.getKey(), versioned(entry.getValue()));
        }
        return found;
    }

    /// The first key behind all that begin with `prefix`. Fabric sorts by UTF-8 bytes; all keys of the contracts are ASCII.
    static String behind(String prefix) {
        var last = prefix.length() - 1;
        if (last < 0 || prefix.charAt(last) >= 0x7e) {
            throw new IllegalArgumentException("a prefix ends in a printable ASCII character");
        }
        return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }

    private static Versioned versioned(byte[] value) {
        return new Versioned(new String(value, StandardCharsets.UTF_8), KEPT_BY_THE_PEER);
    }
}
