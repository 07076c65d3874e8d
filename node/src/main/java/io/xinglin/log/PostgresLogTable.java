package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.LeafIndex;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The logs in PostgreSQL.
@Component
class PostgresLogTable implements LogTable {
    private final JdbcTemplate jdbc;
    private final JdbcClient client;

    PostgresLogTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        this.client = JdbcClient.create(jdbc);
    }

    @Override
    public void promise(MemberId organisation, List<EntryId> ids, List<Entry> entries) {
        jdbc.update(
                connection -> {
                    var insert =
                            connection.prepareStatement(
                                    """
                                    insert into log.pending (org, id, entry)
                                    select ?, id, entry
                                    from unnest(?::uuid[], ?::bytea[]) with ordinality as new (id, entry, n)
                                    order by n
                                    """);
                    insert.setString(1, organisation.value());
                    insert.setArray(
                            2,
                            connection.createArrayOf(
                                    "uuid", ids.stream().map(EntryId::value).toArray()));
                    insert.setArray(
                            3,
                            connection.createArrayOf(
                                    "bytea",
                                    entries.stream().map(Entry::bytes).toArray(byte[][]::new)));
                    return insert;
                });
    }

    @Override
    public Optional<Entry> entry(MemberId organisation, EntryId id) {
        return client.sql(
                        """
                        select entry from log.pending where org = :org and id = :id
                        union all
                        select entry from log.entry where org = :org and id = :id
                        limit 1
                        """)
                .param("org", organisation.value())
                .param("id", id.value())
                .query((row, _) -> Entry.stored(row.getBytes(1)))
                .optional();
    }

    @Override
    public Map<EntryId, Entry> entries(MemberId organisation, Collection<EntryId> ids) {
        var found = new HashMap<EntryId, Entry>();
        client.sql(
                        """
                        select id, entry from log.pending where org = :org and id = any(:ids)
                        union all
                        select id, entry from log.entry where org = :org and id = any(:ids)
                        """)
                .param("org", organisation.value())
                .param("ids", ids.stream().map(EntryId::value).toArray(UUID[]::new))
                .query(
                        (ResultSet row) -> {
                            found.put(
                                    new EntryId(row.getObject(1, UUID.class)),
                                    Entry.stored(row.getBytes(2)));
                        });
        return found;
    }

    @Override
    public List<Identified> identified(MemberId organisation, long from, long to) {
        return client.sql(
                        """
                        select id, entry from log.entry
                        where org = :org and leaf_index >= :from and leaf_index < :to
                        order by leaf_index
                        """)
                .param("org", organisation.value())
                .param("from", from)
                .param("to", to)
                .query(
                        (row, _) ->
                                new Identified(
                                        new EntryId(row.getObject(1, UUID.class)),
                                        Entry.stored(row.getBytes(2))))
                .list();
    }

    @Override
    public Optional<LeafIndex> indexOf(MemberId organisation, EntryId id) {
        return client.sql("select leaf_index from log.entry where org = :org and id = :id")
                .param("org", organisation.value())
                .param("id", id.value())
                .query(Long.class)
                .optional()
                .map(LeafIndex::new);
    }

    @Override
    public Set<MemberId> waiting(List<MemberId> organisations) {
        var found = new HashSet<MemberId>();
        jdbc.query(
                connection -> {
                    var query =
                            connection.prepareStatement(
                                    """
                                    select org from unnest(?::text[]) as asked (org)
                                    where exists (
                                        select 1 from log.pending where pending.org = asked.org)
                                    """);
                    var names = organisations.stream().map(MemberId::value).toArray();
                    query.setArray(1, connection.createArrayOf("text", names));
                    return query;
                },
                row -> {
                    found.add(new MemberId(row.getString(1)));
                });
        return found;
    }

    @Override
    public List<Placed> place(MemberId organisation, int limit) {
        lock(organisation);
        return client
                .sql(
                        """
                        with moved as (
                            delete from log.pending where position in (
                                select position from log.pending
                                where org = :org order by position limit :limit)
                            returning position, id, entry)
                        insert into log.entry (org, leaf_index, id, entry)
                        select :org,
                               (select coalesce(max(leaf_index) + 1, 0) from log.entry where org = :org)
                                   + row_number() over (order by position) - 1,
                               id, entry
                        from moved
                        returning leaf_index, entry
                        """)
                .param("org", organisation.value())
                .param("limit", limit)
                .query((row, _) -> new Placed(row.getLong(1), Entry.stored(row.getBytes(2))))
                .stream()
                .sorted(Comparator.comparingLong(Placed::index))
                .toList();
    }

    private void lock(MemberId organisation) {
        client.sql("select pg_advisory_xact_lock(hashtextextended('log ' || :org, 0))::text")
                .param("org", organisation.value())
                .query(String.class)
                .single();
    }

    @Override
    public List<Placed> entries(MemberId organisation, long from, int limit) {
        return client.sql(
                        """
                        select leaf_index, entry from log.entry
                        where org = :org and leaf_index >= :from order by leaf_index limit :limit
                        """)
                .param("org", organisation.value())
                .param("from", from)
                .param("limit", limit)
                .query((row, _) -> new Placed(row.getLong(1), Entry.stored(row.getBytes(2))))
                .list();
    }

    @Override
    public long size(MemberId organisation) {
        return client.sql("select coalesce(max(leaf_index) + 1, 0) from log.entry where org = :org")
                .param("org", organisation.value())
                .query(Long.class)
                .single();
    }

    @Override
    public void keep(MemberId organisation, SignedHead head) {
        client.sql(
                        """
                        insert into log.checkpoint (org, size, note, signed_at)
                        values (:org, :size, :note, :at)
                        """)
                .param("org", organisation.value())
                .param("size", head.size())
                .param("note", head.note())
                .param("at", Timestamp.from(head.signedAt()))
                .update();
    }

    @Override
    public Optional<SignedHead> latest(MemberId organisation) {
        return client.sql(
                        """
                        select note, signed_at from log.checkpoint
                        where org = :org order by size desc limit 1
                        """)
                .param("org", organisation.value())
                .query((row, _) -> SignedHead.of(row.getString(1), row.getTimestamp(2).toInstant()))
                .optional();
    }

    @Override
    public Optional<SignedHead> head(MemberId organisation, long size) {
        return client.sql(
                        "select note, signed_at from log.checkpoint where org = :org and size = :size")
                .param("org", organisation.value())
                .param("size", size)
                .query((row, _) -> SignedHead.of(row.getString(1), row.getTimestamp(2).toInstant()))
                .optional();
    }

    @Override
    public long latestSize(MemberId organisation) {
        return client.sql("select coalesce(max(size), 0) from log.checkpoint where org = :org")
                .param("org", organisation.value())
                .query(Long.class)
                .single();
    }

    @Override
    public List<Kept> checkpoints(MemberId organisation, long above, int limit) {
        return client.sql(
                        """
                        select size, note from log.checkpoint
                        where org = :org and size > :above order by size limit :limit
                        """)
                .param("org", organisation.value())
                .param("above", above)
                .param("limit", limit)
                .query((row, _) -> new Kept(row.getLong(1), row.getString(2)))
                .list();
    }

    @Override
    public List<String> organisations() {
        return client.sql(
                        """
                        select org from log.pending union select org from log.entry
                        union select org from log.checkpoint order by org
                        """)
                .query(String.class)
                .list();
    }
}
