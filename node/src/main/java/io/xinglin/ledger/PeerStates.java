package io.xinglin.ledger;

import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Versioned;
import io.xinglin.fabric.FabricChannel;
import io.xinglin.fabric.FabricUnavailable;
import io.xinglin.fabric.PeerStatus;
import io.xinglin.fabric.StateExcerpt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares what each peer answers from with what the agreed transactions give here: some keys at a time, round and round.
///
/// A peer whose database was changed behind its back endorses by wrong facts. The others do not follow it, but nobody would know whose
/// peer it is, nor why less is agreed on.
///
/// A key is judged only where that is certain: its value here is older than what the peer was asked for, so no write that is under way
/// is taken for a fault. A key that is not here may just have been deleted, so it counts when it is met again in the next round.
final class PeerStates {
    private static final Logger LOG = LoggerFactory.getLogger(PeerStates.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration CATCHING_UP = Duration.ofSeconds(5);

    /// Between a key and the next there is none that begins with this.
    private static final String NEXT = "\u0001";

    /// All keys, without those that say that a transaction is used up: these are as many as transactions, and each says its own name.
    private static final List<Range> RANGES =
            List.of(
                    new Range("!", StateKeys.TRANSACTIONS),
                    new Range(
                            StateKeys.TRANSACTIONS.substring(0, StateKeys.TRANSACTIONS.length() - 1)
                                    + "0",
                            "~"));

    private final FabricChannel channel;
    private final LedgerTables tables;
    private final WorldState state;
    private final Map<String, Walk> walks = new ConcurrentHashMap<>();

    PeerStates(FabricChannel channel, LedgerTables tables, WorldState state) {
        this.channel = channel;
        this.tables = tables;
        this.state = state;
    }

    private record Range(String from, String until) {}

    /// How far one peer has been compared.
    private static final class Walk {
        private int range;
        private String from = RANGES.getFirst().from;
        private final Set<String> unknown = new HashSet<>();
        private final SortedSet<String> altered = new TreeSet<>();

        private synchronized List<String> altered() {
            return List.copyOf(altered);
        }

        private String until() {
            return RANGES.get(range).until;
        }

        private void goOn(StateExcerpt excerpt) {
            if (excerpt.complete()) {
                range = (range + 1) % RANGES.size();
                from = RANGES.get(range).from;
            } else {
                from = excerpt.hashes().lastKey() + NEXT;
            }
        }
    }

    /// The keys for which a peer answers something else than was agreed, as far as is known.
    List<String> altered(String peer) {
        var walk = walks.get(peer);
        return walk == null ? List.of() : walk.altered();
    }

    /// Compares until interrupted.
    void walk() throws InterruptedException {
        while (true) {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            step();
        }
    }

    /// Compares some keys of every peer that answers.
    void step() throws InterruptedException {
        for (var peer : channel.peers()) {
            if (peer.answers()) {
                step(peer);
            }
        }
    }

    private void step(PeerStatus peer) throws InterruptedException {
        var walk = walks.computeIfAbsent(peer.address(), _ -> new Walk());
        try {
            var excerpt = channel.state(peer.address(), walk.from, walk.until());
            if (isHere(excerpt.atMost())) {
                compare(peer.address(), walk, excerpt);
                walk.goOn(excerpt);
            }
        } catch (FabricUnavailable e) {
            LOG.debug("the state of {} is compared later: {}", peer.address(), e.getMessage());
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

    private void compare(String peer, Walk walk, StateExcerpt theirs) {
        var until = theirs.complete() ? walk.until() : theirs.hashes().lastKey() + NEXT;
        var ours = tables.stateBetween(walk.from, until);
        var differing = new TreeSet<String>();
        ours.forEach(
                (key, value) -> {
                    if (value.version().block() < theirs.atLeast()
                            && !hash(value).equals(theirs.hashes().get(key))) {
                        differing.add(key);
                    }
                });
        var unknown = new HashSet<>(theirs.hashes().keySet());
        unknown.removeAll(ours.keySet());
        synchronized (walk) {
            walk.altered.subSet(walk.from, until).clear();
            unknown.stream().filter(walk.unknown::contains).forEach(differing::add);
            walk.unknown.removeIf(key -> key.compareTo(walk.from) >= 0 && key.compareTo(until) < 0);
            walk.unknown.addAll(unknown);
            walk.altered.addAll(differing);
        }
        if (!differing.isEmpty()) {
            LOG.error(
                    "peer {} does not answer what was agreed on for {} keys, among them {}",
                    peer,
                    differing.size(),
                    differing.first());
        }
    }

    private static String hash(Versioned value) {
        return BlockHeader.hex(Sha256.of(value.value().getBytes(StandardCharsets.UTF_8)));
    }
}
