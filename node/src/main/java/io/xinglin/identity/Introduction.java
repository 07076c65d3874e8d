package io.xinglin.identity;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a node tells the founder of a ledger, or the members who vote on it: its organisations and the keys they will join with.
///
/// It holds nothing secret, but it must come from whom it seems to come from: whoever is admitted with another's key is another.
///
/// @param members the thumbprint of each organisation's signing key
record Introduction(SortedMap<MemberId, KeyId> members) {
    private static final Logger LOG = LoggerFactory.getLogger(Introduction.class);
    private static final String FILE = "introduction.json";
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    Introduction {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /// Puts it into a node's directory, for its operator to hand on.
    void write(Path data) {
        var json = JsonMapper.shared().createObjectNode();
        members.forEach((id, kid) -> json.put(id.value(), kid.value()));
        var file = data.resolve(FILE);
        var draft = file.resolveSibling(FILE + ".new");
        try {
            Files.writeString(draft, json.toPrettyString() + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads one, waiting until it is there.
    static Introduction awaited(Path file) {
        if (!Files.exists(file)) {
            LOG.info("waiting for {}", file);
        }
        while (!Files.exists(file)) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("no longer waiting for " + file);
            }
        }
        return read(file);
    }

    private static Introduction read(Path file) {
        try {
            var members = new TreeMap<MemberId, KeyId>();
            for (var member : JsonMapper.shared().readTree(Files.readString(file)).properties()) {
                members.put(
                        new MemberId(member.getKey()), new KeyId(member.getValue().asString("")));
            }
            return new Introduction(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IllegalStateException(file + " is not a node's introduction", e);
        }
    }
}
