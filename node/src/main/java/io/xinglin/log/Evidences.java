package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.Members.KnownLog;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.SignedNote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The evidence against logs that this node has found. Nothing is kept that the log did not sign.
///
/// One proof convicts; of each log and kind a hundred are kept, so that nobody can fill the database with them.
@Component
class Evidences {
    private static final Logger LOG = LoggerFactory.getLogger(Evidences.class);
    private static final int KEPT_MAX = 100;

    private final JdbcClient client;
    private final ApplicationEventPublisher events;
    private final InstantSource clock;

    Evidences(JdbcClient client, ApplicationEventPublisher events, InstantSource clock) {
        this.client = client;
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
        if (insert(id, log, ordered(log, pair), proved, foundBy)) {
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

    private boolean insert(
            UUID id, KnownLog log, Contradiction pair, boolean proved, String foundBy) {
        return client.sql(
                                """
                                insert into log.evidence (
                                    id, member, vkey, proved, first_size, first_root, first_note,
                                    second_size, second_root, second_note, found_at, found_by)
                                select :id, :member, :vkey, :proved, :firstSize, :firstRoot, :first,
                                    :secondSize, :secondRoot, :second, :at, :by
                                where :max > (
                                    select count(*) from log.evidence
                                    where vkey = :vkey and proved = :proved)
                                on conflict do nothing
                                """)
                        .param("id", id)
                        .param("member", log.member().value())
                        .param("vkey", log.key().toString())
                        .param("proved", proved)
                        .param("firstSize", head(pair.first()).size().value())
                        .param("firstRoot", head(pair.first()).root().toString())
                        .param("first", pair.first().toString())
                        .param("secondSize", head(pair.second()).size().value())
                        .param("secondRoot", head(pair.second()).root().toString())
                        .param("second", pair.second().toString())
                        .param("at", Timestamp.from(clock.instant()))
                        .param("by", foundBy)
                        .param("max", KEPT_MAX)
                        .update()
                > 0;
    }

    /// The newest first.
    List<Evidence> latest(int countMax) {
        return client.sql("select * from log.evidence order by found_at desc, id limit :max")
                .param("max", countMax)
                .query(Evidences::evidence)
                .list();
    }

    /// What is unproved of a log.
    List<Evidence> unproved(KnownLog log) {
        return client.sql("select * from log.evidence where vkey = :vkey and not proved")
                .param("vkey", log.key().toString())
                .query(Evidences::evidence)
                .list();
    }

    /// Drops what turned out to be in order: the log has shown that one checkpoint continues the other.
    void settle(Evidence unproved) {
        client.sql("delete from log.evidence where id = :id and not proved")
                .param("id", unproved.id())
                .update();
    }

    private static Evidence evidence(ResultSet row, int number) throws SQLException {
        return new Evidence(
                row.getObject("id", UUID.class),
                new MemberId(row.getString("member")),
                row.getString("vkey"),
                row.getBoolean("proved") ? Judgement.PROVED : Judgement.UNPROVED,
                new Contradiction(
                        SignedNote.parse(row.getString("first_note")),
                        SignedNote.parse(row.getString("second_note"))),
                row.getTimestamp("found_at").toInstant(),
                row.getString("found_by"));
    }
}
