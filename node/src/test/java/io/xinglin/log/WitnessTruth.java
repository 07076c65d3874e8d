package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.MemoryRows.OfLog;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.Violation;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// What the witnesses of one node must hold.
///
/// Checked with every commit: what a witness holds of a log never gets smaller and is of one history; nobody who is honest is
/// accused with proof. Checked with every cosignature that leaves: what it says is held.
public final class WitnessTruth {
    private final MemoryRows rows;
    private final Predicate<MemberId> isHonest;
    private final BiPredicate<Checkpoint, Checkpoint> isOneHistory;
    private final Map<OfLog, Checkpoint> last = new HashMap<>();

    /// @param isOneHistory whether two checkpoints of a log are moments of one history
    public WitnessTruth(
            MemoryDatabase database,
            Predicate<MemberId> isHonest,
            BiPredicate<Checkpoint, Checkpoint> isOneHistory) {
        this.rows = new MemoryRows(database);
        this.isHonest = isHonest;
        this.isOneHistory = isOneHistory;
    }

    /// Looks at what was just committed.
    public void committed(MemoryDatabase.Transaction transaction) {
        transaction
                .changes(rows.witnessed)
                .forEach((key, row) -> row.ifPresent(held -> follow(key, head(held.note()))));
        transaction.changes(rows.evidence).forEach((_, row) -> row.ifPresent(this::requireFair));
    }

    private void follow(OfLog key, Checkpoint now) {
        var before = last.put(key, now);
        if (before == null) {
            return;
        }
        require(
                now.size().compareTo(before.size()) >= 0,
                key.witness() + " goes back from " + before.size() + " to " + now.size());
        require(
                isOneHistory.test(before, now),
                key.witness() + " cosigned two histories of " + key.origin());
    }

    private void requireFair(Evidence evidence) {
        require(
                evidence.judgement() != Judgement.PROVED || !isHonest.test(evidence.member()),
                "the honest " + evidence.member() + " is accused with proof");
    }

    /// A witness answers a request with a cosignature.
    public void cosigned(MemberId witness, byte[] request) {
        var said = AddCheckpoint.parse(new String(request, StandardCharsets.UTF_8)).head();
        var held = rows.witnessed.rows().get(new OfLog(witness.value(), said.origin()));
        require(
                held != null && held.size() >= said.size().value(),
                witness + " cosigned size " + said.size() + " and does not hold it");
    }

    /// An operator has put back an older copy, on purpose.
    public void forget() {
        last.clear();
    }

    /// What is known against a log.
    public List<Evidence> against(MemberId log) {
        return rows.evidence.rows().values().stream()
                .filter(evidence -> evidence.member().equals(log))
                .toList();
    }

    /// What a witness holds of a log.
    public Optional<Checkpoint> held(MemberId witness, String origin) {
        return Optional.ofNullable(rows.witnessed.rows().get(new OfLog(witness.value(), origin)))
                .map(held -> head(held.note()));
    }

    private static Checkpoint head(String note) {
        return Checkpoint.parse(SignedNote.parse(note).text());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Violation("witness: " + otherwise);
        }
    }
}
