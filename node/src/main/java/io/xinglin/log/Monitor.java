package io.xinglin.log;

import io.xinglin.log.Members.KnownLog;
import io.xinglin.platform.BoundedCache;
import io.xinglin.platform.NodeProperties;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.ConsistencyProof;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.MissingTile;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TileReader;
import io.xinglin.tlog.Verification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Compares what each member's log shows in different places: its published checkpoint, its anchor on the ledger, and what our
/// witnesses hold.
///
/// All of them must be moments of one history. Two roots for one size prove that they are not; of different sizes, the log's own
/// tiles must show that the smaller ones are the beginning of the largest.
@Component
class Monitor {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    private static final int REMEMBERED_MAX = 10_000;
    private static final String MONITOR = "monitor";

    private final Members members;
    private final LogKeys keys;
    private final LogFiles files;
    private final CosignedHeads published;
    private final WitnessTable witnessed;
    private final PeerLogs peers;
    private final Evidences evidences;
    private final boolean enabled;
    private final BoundedCache<Contradiction, Boolean> shown = new BoundedCache<>(REMEMBERED_MAX);

    Monitor(
            Members members,
            LogKeys keys,
            LogFiles files,
            CosignedHeads published,
            WitnessTable witnessed,
            PeerLogs peers,
            Evidences evidences,
            NodeProperties node) {
        this.members = members;
        this.keys = keys;
        this.files = files;
        this.published = published;
        this.witnessed = witnessed;
        this.peers = peers;
        this.evidences = evidences;
        this.enabled = !node.readOnly();
    }

    @Scheduled(initialDelay = 15_000, fixedDelay = 30_000)
    void watchAll() {
        if (!enabled) {
            return;
        }
        for (var log : members.logs()) {
            try {
                watch(log);
            } catch (RuntimeException e) {
                // That it cannot be asked now says nothing about the log.
                LOG.info("log {}: not compared now: {}", log.member(), e.toString());
            }
        }
    }

    private void watch(KnownLog log) {
        var tiles = tiles(log);
        var seen = seen(log);
        for (var i = 0; i < seen.size(); i++) {
            for (var other : seen.subList(i + 1, seen.size())) {
                compareRoots(log, seen.get(i), other);
            }
        }
        for (var earlier : seen) {
            compareHistory(log, new Contradiction(earlier, seen.getLast()), tiles);
        }
        for (var open : evidences.unproved(log)) {
            if (isShown(open.pair(), tiles)) {
                evidences.settle(open);
            }
        }
    }

    /// What the log signed and showed somewhere, the smallest first; what it did not sign says nothing.
    private List<SignedNote> seen(KnownLog log) {
        var notes = new ArrayList<SignedNote>();
        published(log).ifPresent(notes::add);
        members.lastAnchored(log.member()).ifPresent(notes::add);
        notes.addAll(witnessed.witnessed(log.origin()));
        return notes.stream()
                .filter(note -> isSigned(log, note))
                .map(note -> note.signedOnlyBy(log.key()))
                .distinct()
                .sorted(Comparator.comparing(note -> head(note).size()))
                .toList();
    }

    private Optional<SignedNote> published(KnownLog log) {
        if (isHere(log)) {
            return published.published(log.member()).map(head -> SignedNote.parse(head.note()));
        }
        try {
            return peers.checkpoint(log.url());
        } catch (RuntimeException e) {
            // That it cannot be read now says nothing about the log; what is seen elsewhere is
            // compared all the same.
            LOG.info("log {}: its checkpoint cannot be read: {}", log.member(), e.toString());
            return Optional.empty();
        }
    }

    private TileReader tiles(KnownLog log) {
        return isHere(log) ? files.of(log.member()) : peers.tiles(log.url());
    }

    private boolean isHere(KnownLog log) {
        return keys.hosted().contains(log.member());
    }

    private static boolean isSigned(KnownLog log, SignedNote note) {
        try {
            return Checkpoint.verify(note, log.key()) instanceof Verification.Valid;
        } catch (MalformedLogData _) {
            return false;
        }
    }

    /// Two of one size; also the anchor of the same size as one seen elsewhere, which need not be the last.
    private void compareRoots(KnownLog log, SignedNote one, SignedNote other) {
        if (head(one).size().equals(head(other).size())) {
            evidences.keep(log, new Contradiction(one, other), MONITOR);
        }
    }

    private void compareHistory(KnownLog log, Contradiction pair, TileReader tiles) {
        members.anchored(log.member(), head(pair.first()).size().value())
                .ifPresent(anchor -> compareRoots(log, pair.first(), anchor));
        if (!head(pair.first()).size().equals(head(pair.second()).size())
                && !isShown(pair, tiles)) {
            evidences.keep(log, pair, MONITOR);
        }
    }

    /// Whether the log's tiles show that the second continues the first. What was shown once stays true.
    private boolean isShown(Contradiction pair, TileReader tiles) {
        if (shown.get(pair).isPresent()) {
            return true;
        }
        var one = head(pair.first());
        var other = head(pair.second());
        try {
            var proof = ConsistencyProof.of(one.size(), other.size(), tiles);
            if (proof.verify(one.root(), other.root()) instanceof Verification.Valid) {
                shown.put(pair, true);
                return true;
            }
        } catch (MissingTile | MalformedLogData _) {
            // A log has the tiles of every tree that it signed.
        }
        return false;
    }

    private static Checkpoint head(SignedNote note) {
        return Checkpoint.parse(note.text());
    }
}
