package io.xinglin.log;

import io.xinglin.log.MemoryRows.Pair;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.tlog.Contradiction.Judgement;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// The evidence in memory.
class MemoryEvidenceTable implements EvidenceTable {
    private static final Comparator<Evidence> NEWEST_FIRST =
            Comparator.comparing(Evidence::foundAt)
                    .reversed()
                    .thenComparing(it -> it.id().toString());

    private final MemoryDatabase.Session session;
    private final MemoryRows rows;

    MemoryEvidenceTable(MemoryDatabase.Session session) {
        this.session = session;
        this.rows = new MemoryRows(session.database());
    }

    @Override
    public boolean insert(Evidence evidence, int keptMax) {
        return session.statement(
                "insert evidence",
                it -> {
                    var kept =
                            it.view(rows.evidence).values().stream()
                                    .filter(row -> row.vkey().equals(evidence.vkey()))
                                    .filter(row -> row.judgement() == evidence.judgement())
                                    .count();
                    if (kept >= keptMax
                            || it.view(rows.evidencePairs).containsKey(pair(evidence))) {
                        return false;
                    }
                    it.insert(rows.evidencePairs, pair(evidence), evidence.id());
                    it.insert(rows.evidence, evidence.id(), evidence);
                    return true;
                });
    }

    /// The texts of two checkpoints say their sizes and roots.
    private static Pair pair(Evidence evidence) {
        var pair = evidence.pair();
        return new Pair(evidence.vkey() + "\n" + pair.first().text() + pair.second().text());
    }

    @Override
    public List<Evidence> latest(int countMax) {
        return session.statement(
                "latest evidence",
                it ->
                        it.view(rows.evidence).values().stream()
                                .sorted(NEWEST_FIRST)
                                .limit(countMax)
                                .toList());
    }

    @Override
    public List<Evidence> unproved(String vkey) {
        return session.statement(
                "unproved evidence",
                it ->
                        it.view(rows.evidence).values().stream()
                                .filter(row -> row.vkey().equals(vkey))
                                .filter(row -> row.judgement() == Judgement.UNPROVED)
                                .toList());
    }

    @Override
    public void deleteUnproved(UUID id) {
        session.statement(
                "delete evidence",
                it -> {
                    var found = it.view(rows.evidence).get(id);
                    if (found != null && found.judgement() == Judgement.UNPROVED) {
                        it.delete(rows.evidence, id);
                        it.delete(rows.evidencePairs, pair(found));
                    }
                    return true;
                });
    }
}
