package io.xinglin.ledger;

import io.xinglin.contracts.Versioned;
import io.xinglin.fabric.FabricChannel;
import io.xinglin.fabric.FabricUnavailable;
import io.xinglin.fabric.PeerHashes;
import io.xinglin.fabric.PeerStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares what each peer answers from with what the agreed transactions give here: what was read lately, and the rest some keys at a
/// time, round and round.
///
/// A peer whose database was changed behind its back endorses by wrong facts. The others do not follow it, but nobody would know whose
/// peer it is, nor why less is agreed on.
///
/// A key is judged only where that is certain: its value here is older than what the peer was asked for, and still the same when the
/// blocks that the peer had are here too. So no write that is under way is taken for a fault.
final class PeerStates {
    private static final Logger LOG = LoggerFactory.getLogger(PeerStates.class);
    private static final int KEYS = 100;
    private static final int USED_MAX = 100;
    private static final Duration PAUSE = Duration.ofSeconds(4);
    private static final Duration CATCHING_UP = Duration.ofSeconds(5);

    private final FabricChannel channel;
    private final LedgerTables tables;
    private final WorldState state;
    private final Map<String, Walk> walks = new ConcurrentHashMap<>();

    /// What agreed transactions read, the last at the end.
    private final SequencedSet<String> used = new LinkedHashSet<>();

    PeerStates(FabricChannel channel, LedgerTables tables, WorldState state) {
        this.channel = channel;
        this.tables = tables;
        this.state = state;
    }

    /// How far one peer has been compared.
    private static final class Walk {
        private String after = "";
        private final TreeSet<String> altered = new TreeSet<>();

        private synchronized List<String> altered() {
            return List.copyOf(altered);
        }

        private synchronized void goOn(SortedMap<String, Versioned> keys) {
            if (keys.isEmpty()) {
                altered.tailSet(after, false).clear();
                after = "";
            } else {
                altered.subSet(after, false, keys.lastKey(), true).clear();
                after = keys.lastKey();
            }
        }

        private synchronized void found(Set<String> compared, List<String> differing) {
            altered.removeAll(compared);
            altered.addAll(differing);
        }
    }

    /// The keys for which a peer holds something else than was agreed, as far as is known.
    List<String> altered(String peer) {
        var walk = walks.get(peer);
        return walk == null ? List.of() : walk.altered();
    }

    /// Compares one peer after the other until interrupted.
    void walk() throws InterruptedException {
        while (true) {
            for (var peer : channel.peers()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
                step(peer);
            }
        }
    }

    /// Compares some keys of a peer, if it answers.
    void step(PeerStatus peer) throws InterruptedException {
        if (!peer.answers()) {
            return;
        }
        var walk = walks.computeIfAbsent(peer.address(), _ -> new Walk());
        var next = tables.statesAfter(walk.after, KEYS);
        var keys = new TreeMap<>(tables.states(lately()));
        keys.putAll(next);
        if (keys.isEmpty()) {
            return;
        }
        try {
            var theirs = channel.hashes(peer.address(), List.copyOf(keys.keySet()));
            if (isHere(theirs.atMost())) {
                var differing = differing(keys, theirs);
                walk.goOn(next);
                walk.found(keys.keySet(), differing);
                tell(peer, differing);
            }
        } catch (FabricUnavailable e) {
            LOG.debug("the state of {} is compared later: {}", peer.address(), e.getMessage());
        }
    }

    /// An agreed transaction read these keys: they are compared first.
    void used(Collection<String> keys) {
        synchronized (used) {
            keys.forEach(used::addLast);
            while (used.size() > USED_MAX) {
                used.removeFirst();
            }
        }
    }

    private Set<String> lately() {
        synchronized (used) {
            return Set.copyOf(used);
        }
    }

    /// Whether the blocks that the peer had are copied, or will be soon.
    private boolean isHere(long height) throws InterruptedException {
        var deadline = System.nanoTime() + CATCHING_UP.toNanos();
        while (state.height() < height) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }

    private List<String> differing(SortedMap<String, Versioned> before, PeerHashes theirs) {
        var now = tables.states(before.keySet());
        var hashes = theirs.hashes().iterator();
        return before.entrySet().stream()
                .filter(
                        entry -> {
                            var ours = entry.getValue();
                            return !hash(ours).equals(hashes.next())
                                    && ours.equals(now.get(entry.getKey()))
                                    && ours.version().block() < theirs.atLeast();
                        })
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void tell(PeerStatus peer, List<String> differing) {
        if (!differing.isEmpty()) {
            LOG.error(
                    "peer {} holds something else than was agreed on for {} keys, among them {}",
                    peer.address(),
                    differing.size(),
                    differing.getFirst());
        }
    }

    private static String hash(Versioned value) {
        return BlockHeader.hex(Sha256.of(value.value().getBytes(StandardCharsets.UTF_8)));
    }
}
