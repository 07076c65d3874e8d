package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.SignedNote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The evidence in PostgreSQL.
@Component
class PostgresEvidenceTable implements EvidenceTable {
    private final JdbcClient client;

    PostgresEvidenceTable(JdbcClient client) {
        this.client = client;
    }

    @Override
    public boolean insert(Evidence evidence, int keptMax) {
        var first = evidence.pair().first();
        var second = evidence.pair().second();
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
                        .param("id", evidence.id())
                        .param("member", evidence.member().value())
                        .param("vkey", evidence.vkey())
                        .param("proved", evidence.judgement() == Judgement.PROVED)
                        .param("firstSize", head(first).size().value())
                        .param("firstRoot", head(first).root().toString())
                        .param("first", first.toString())
                        .param("secondSize", head(second).size().value())
                        .param("secondRoot", head(second).root().toString())
                        .param("second", second.toString())
                        .param("at", Timestamp.from(evidence.foundAt()))
                        .param("by", evidence.foundBy())
                        .param("max", keptMax)
                        .update()
                > 0;
    }

    private static Checkpoint head(SignedNote note) {
        return Checkpoint.parse(note.text());
    }

    @Override
    public List<Evidence> latest(int countMax) {
        return client.sql("select * from log.evidence order by found_at desc, id limit :max")
                .param("max", countMax)
                .query(PostgresEvidenceTable::evidence)
                .list();
    }

    @Override
    public List<Evidence> unproved(String vkey) {
        return client.sql("select * from log.evidence where vkey = :vkey and not proved")
                .param("vkey", vkey)
                .query(PostgresEvidenceTable::evidence)
                .list();
    }

    @Override
    public void deleteUnproved(UUID id) {
        client.sql("delete from log.evidence where id = :id and not proved")
                .param("id", id)
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
