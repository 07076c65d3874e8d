package io.xinglin.log;

import io.xinglin.log.Members.KnownLog;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.SignedNote;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/// The evidence against logs that this node has found. Nothing is kept that the log did not sign.
///
/// One proof convicts; of each log and kind a hundred are kept, so that nobody can fill the database with them.
@Component
class Evidences {
    private static final Logger LOG = LoggerFactory.getLogger(Evidences.class);
    private static final int KEPT_MAX = 100;

    private final EvidenceTable table;
    private final ApplicationEventPublisher events;
    private final InstantSource clock;

    Evidences(EvidenceTable table, ApplicationEventPublisher events, InstantSource clock) {
        this.table = table;
        this.events = events;
        this.clock = clock;
    }

    /// Keeps a pair if it is evidence and new, and tells the node of it.
    void keep(KnownLog log, Contradiction pair, String foundBy) {
        var judgement = pair.judge(log.key());
        if (judgement == Judgement.NOTHING) {
            return;
        }
        var proved = judgement == Judgement.PROVED;
        var id = UUID.randomUUID();
        var evidence =
                new Evidence(
                        id,
                        log.member(),
                        log.key().toString(),
                        judgement,
                        ordered(log, pair),
                        clock.instant(),
                        foundBy);
        if (table.insert(evidence, KEPT_MAX)) {
            LOG.error(
                    "log {}: two signed checkpoints that {}; see /log/evidence, {}",
                    log.member(),
                    proved ? "contradict each other" : "were not shown to continue each other",
                    id);
            events.publishEvent(new EvidenceFound(id, log.member(), proved));
        }
    }

    /// The smaller first, the same pair always the same way round, without what others signed.
    private static Contradiction ordered(KnownLog log, Contradiction pair) {
        var one = pair.first().signedOnlyBy(log.key());
        var other = pair.second().signedOnlyBy(log.key());
        var order = head(one).size().compareTo(head(other).size());
        if (order == 0) {
            order = head(one).root().toString().compareTo(head(other).root().toString());
        }
        return order <= 0 ? new Contradiction(one, other) : new Contradiction(other, one);
    }

    private static Checkpoint head(SignedNote note) {
        return Checkpoint.parse(note.text());
    }

    /// The newest first.
    List<Evidence> latest(int countMax) {
        return table.latest(countMax);
    }

    /// What is unproved of a log.
    List<Evidence> unproved(KnownLog log) {
        return table.unproved(log.key().toString());
    }

    /// Drops what turned out to be in order: the log has shown that one checkpoint continues the other.
    void settle(Evidence unproved) {
        table.deleteUnproved(unproved.id());
    }
}
