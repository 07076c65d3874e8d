package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.SignedNote;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What was cosigned, in PostgreSQL.
@Component
class PostgresWitnessTable implements WitnessTable {
    private final JdbcClient client;

    PostgresWitnessTable(JdbcClient client) {
        this.client = client;
    }

    @Override
    public void lock(MemberId witness, String origin) {
        client.sql(
                        "select pg_advisory_xact_lock(hashtextextended('witness ' || :witness || ' ' || :origin, 0))::text")
                .param("witness", witness.value())
                .param("origin", origin)
                .query(String.class)
                .single();
    }

    @Override
    public Optional<SignedNote> witnessed(MemberId witness, String origin) {
        return client.sql(
                        "select note from log.witnessed where witness = :witness and origin = :origin")
                .param("witness", witness.value())
                .param("origin", origin)
                .query(String.class)
                .optional()
                .map(SignedNote::parse);
    }

    @Override
    public List<SignedNote> witnessed(String origin) {
        return client
                .sql("select note from log.witnessed where origin = :origin order by witness")
                .param("origin", origin)
                .query(String.class)
                .list()
                .stream()
                .map(SignedNote::parse)
                .toList();
    }

    @Override
    public long witnessedSize(MemberId witness, String origin) {
        return client.sql(
                        "select size from log.witnessed where witness = :witness and origin = :origin")
                .param("witness", witness.value())
                .param("origin", origin)
                .query(Long.class)
                .single();
    }

    @Override
    public void keepWitnessed(
            MemberId witness, String origin, long size, SignedNote note, Instant at) {
        client.sql(
                        """
                        insert into log.witnessed (witness, origin, size, note, cosigned_at)
                        values (:witness, :origin, :size, :note, :at)
                        on conflict (witness, origin) do update
                        set size = excluded.size, note = excluded.note, cosigned_at = excluded.cosigned_at
                        """)
                .param("witness", witness.value())
                .param("origin", origin)
                .param("size", size)
                .param("note", note.toString())
                .param("at", Timestamp.from(at))
                .update();
    }

    @Override
    public void keepCosignature(
            MemberId organisation, long size, MemberId witness, NoteSignature line) {
        client.sql(
                        """
                        insert into log.cosignature (org, size, witness, line)
                        values (:org, :size, :witness, :line)
                        on conflict (org, size, witness) do update set line = excluded.line
                        """)
                .param("org", organisation.value())
                .param("size", size)
                .param("witness", witness.value())
                .param("line", line.toString())
                .update();
    }

    @Override
    public List<NoteSignature> cosignatures(MemberId organisation, long size) {
        return client
                .sql(
                        """
                        select line from log.cosignature
                        where org = :org and size = :size order by witness
                        """)
                .param("org", organisation.value())
                .param("size", size)
                .query(String.class)
                .list()
                .stream()
                .map(NoteSignature::parse)
                .toList();
    }

    @Override
    public List<Kept> cosignatures(MemberId organisation) {
        return client.sql(
                        """
                        select size, witness, line from log.cosignature
                        where org = :org order by size, witness
                        """)
                .param("org", organisation.value())
                .query((row, _) -> new Kept(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    @Override
    public OptionalLong cosignedSize(MemberId organisation, int quorum) {
        return client.sql(
                        """
                        select size from log.cosignature where org = :org
                        group by size having count(*) >= :quorum order by size desc limit 1
                        """)
                .param("org", organisation.value())
                .param("quorum", quorum)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public long cosignedSize(MemberId organisation, MemberId witness) {
        return client.sql(
                        """
                        select coalesce(max(size), 0) from log.cosignature
                        where org = :org and witness = :witness
                        """)
                .param("org", organisation.value())
                .param("witness", witness.value())
                .query(Long.class)
                .single();
    }

    @Override
    public void forgetCosignatures(MemberId organisation, long below, long except) {
        client.sql(
                        """
                        delete from log.cosignature
                        where org = :org and size < :below and size <> :except
                        """)
                .param("org", organisation.value())
                .param("below", below)
                .param("except", except)
                .update();
    }
}
