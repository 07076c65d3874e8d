package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.consent.RecordCategory;
import io.xinglin.contracts.MemberId;
import io.xinglin.log.EntryId;
import io.xinglin.records.Compartment.Owner;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of resources and their versions.
@Component
class RecordTable {
    private static final int BATCH = 500;
    static final String VERSIONS =
            """
            select r.org, r.type, r.id, r.key, r.owner, r.class, r.category as now, r.deleted,
                   v.version, v.category, v.compartment, c.class as purpose,
                   v.written, v.entry, v.sealed
            from records.resource r
            join records.version v on v.resource = r.key
            join records.compartment c on c.key = v.compartment
            """;

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    RecordTable(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    Optional<StoredVersion> current(ResourceId id) {
        return jdbc.sql(
                        VERSIONS
                                + " where v.version = r.version"
                                + " and r.org = ? and r.type = ? and r.id = ?")
                .params(id.custodian().value(), id.type(), id.id())
                .query(RecordTable::version)
                .optional();
    }

    Optional<StoredVersion> version(VersionId id) {
        var resource = id.resource();
        return jdbc.sql(VERSIONS + " where r.org = ? and r.type = ? and r.id = ? and v.version = ?")
                .params(resource.custodian().value(), resource.type(), resource.id(), id.number())
                .query(RecordTable::version)
                .optional();
    }

    static void narrow(
            StringBuilder sql,
            List<Object> params,
            Permit permit,
            String category,
            String classes) {
        sql.append(" and (false");
        for (var ground : permit.grounds()) {
            sql.append(" or %s = any(?) and %s::int & ? = 0".formatted(category, classes));
            params.add(codes(ground.categories()));
            params.add(~Categories.code(ground.classes()));
        }
        sql.append(")");
    }

    private static Integer[] codes(Set<RecordCategory> categories) {
        return categories.stream().map(Categories::code).toArray(Integer[]::new);
    }

    /// Newest versions of resources of a type by tokens of their identifiers.
    Map<Long, List<StoredVersion>> byIdentifier(
            MemberId custodian, String type, Collection<Long> tokens) {
        var found = new HashMap<Long, List<StoredVersion>>();
        jdbc.sql(
                        VERSIONS.replace("v.sealed\n", "v.sealed, i.token\n")
                                + """
                                 join records.identifier i on i.resource = r.key
                                 where v.version = r.version and not r.deleted
                                   and r.org = ? and r.type = ? and i.org = ? and i.token = any(?)
                                """)
                .params(custodian.value(), type, custodian.value(), tokens.toArray(Long[]::new))
                .query(
                        (ResultSet row) -> {
                            found.computeIfAbsent(row.getLong("token"), _ -> new ArrayList<>())
                                    .add(version(row, 0));
                        });
        return found;
    }

    /// A version, and what the database says of its resource.
    ///
    /// @param newest the number of the newest version
    /// @param tokens what the newest version is filed under
    /// @param indexed by which version of the index
    @SuppressWarnings("ArrayRecordComponent") // Looked at once, never compared.
    record Filed(StoredVersion version, int newest, long[] tokens, int indexed) {}

    /// Versions after one of a resource, in the order of resources and versions.
    List<Filed> after(long resource, int version, int most) {
        return jdbc.sql(
                        VERSIONS.replace(
                                        "v.sealed\n",
                                        "v.sealed, r.version as newest, r.tokens, r.indexed\n")
                                + """
                                 where (r.key, v.version) > (?, ?) order by r.key, v.version limit ?
                                """)
                .params(resource, version, most)
                .query(
                        (row, number) ->
                                new Filed(
                                        version(row, number),
                                        row.getInt("newest"),
                                        Arrays.stream((Long[]) row.getArray("tokens").getArray())
                                                .mapToLong(Long::longValue)
                                                .toArray(),
                                        row.getInt("indexed")))
                .list();
    }

    /// What resources are filed under across patients.
    Map<Long, Set<Long>> identifiers(Collection<Long> resources) {
        var found = new HashMap<Long, Set<Long>>();
        jdbc.sql(
                        """
                        select i.resource, i.token
                        from records.identifier i join records.resource r on r.key = i.resource
                        where i.resource = any(?) and i.org = r.org
                        """)
                .param(resources.toArray(Long[]::new))
                .query(
                        (ResultSet row) -> {
                            found.computeIfAbsent(row.getLong(1), _ -> new HashSet<>())
                                    .add(row.getLong(2));
                        });
        return found;
    }

    /// Resources without any version.
    List<ResourceId> empty() {
        return jdbc.sql(
                        """
                        select org, type, id from records.resource r
                        where not exists (select from records.version v where v.resource = r.key)
                        """)
                .query(
                        (row, _) ->
                                new ResourceId(
                                        new MemberId(row.getString(1)),
                                        row.getString(2),
                                        row.getString(3)))
                .list();
    }

    /// Those of these entries that belong to a version, or to one that was erased.
    Set<EntryId> known(Collection<EntryId> entries) {
        var ids = entries.stream().map(EntryId::value).toArray(UUID[]::new);
        return jdbc
                .sql(
                        """
                        select entry from records.version where entry = any(?)
                        union all select entry from records.erased where entry = any(?)
                        """)
                .params(ids, ids)
                .query(UUID.class)
                .list()
                .stream()
                .map(EntryId::new)
                .collect(Collectors.toSet());
    }

    /// Waits for whoever else holds one of these locks, and holds them until this transaction ends.
    void lock(Collection<Long> locks) {
        locks.stream()
                .sorted()
                .distinct()
                .forEach(
                        lock ->
                                jdbc.sql("select pg_advisory_xact_lock(?)")
                                        .param(lock)
                                        .query((ResultSet _) -> {}));
    }

    /// Stores versions and what they are found by, in this order.
    ///
    /// @param entries the log entry of each
    /// @throws OptimisticLockingFailureException if a resource has changed since its new version was made
    void insert(List<NewVersion> versions, List<EntryId> entries) {
        try {
            var resources = resources(versions);
            update(versions);
            insertVersions(versions, resources, entries);
            insertIdentifiers(versions, resources);
        } catch (DuplicateKeyException e) {
            throw new OptimisticLockingFailureException("stored by someone else just now", e);
        }
    }

    /// The numbers of the resources; the new ones are stored.
    private List<Long> resources(List<NewVersion> versions) {
        var created = versions.stream().filter(version -> version.resource() == 0).toList();
        var keys =
                jdbc.sql("select nextval('records.resource_key')" + " from generate_series(1, ?)")
                        .param(created.size())
                        .query(Long.class)
                        .list()
                        .iterator();
        var resources =
                versions.stream()
                        .map(version -> version.resource() == 0 ? keys.next() : version.resource())
                        .toList();
        var key = numbered(versions, resources);
        template.batchUpdate(
                """
                insert into records.resource
                    (key, org, type, id, owner, class, category, version, tokens, indexed)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                created,
                BATCH,
                (row, version) -> {
                    var id = version.id().resource();
                    row.setLong(1, key.applyAsLong(version));
                    row.setString(2, id.custodian().value());
                    row.setString(3, id.type());
                    row.setString(4, id.id());
                    row.setString(5, version.owner().id());
                    row.setInt(6, version.compartment().purpose());
                    row.setInt(7, Categories.code(version.category()));
                    row.setInt(8, version.id().number());
                    row.setObject(9, version.tokens());
                    row.setInt(10, BlindIndex.VERSION);
                });
        return resources;
    }

    private static ToLongFunction<NewVersion> numbered(
            List<NewVersion> versions, List<Long> resources) {
        var keys = new HashMap<VersionId, Long>();
        for (var i = 0; i < versions.size(); i++) {
            keys.put(versions.get(i).id(), resources.get(i));
        }
        return version -> keys.getOrDefault(version.id(), 0L);
    }

    private void update(List<NewVersion> versions) {
        // In one order, so that two who change the same resources wait for each other instead of
        // for ever.
        var changed =
                versions.stream()
                        .filter(version -> version.resource() != 0)
                        .sorted(Comparator.comparingLong(NewVersion::resource))
                        .toList();
        var counts =
                template.batchUpdate(
                        """
                        update records.resource
                        set class = ?, category = ?, version = ?, tokens = ?, deleted = ?,
                            indexed = ?
                        where key = ? and version = ?
                        """,
                        changed,
                        BATCH,
                        (row, version) -> {
                            row.setInt(1, version.compartment().purpose());
                            row.setInt(2, Categories.code(version.category()));
                            row.setInt(3, version.id().number());
                            row.setObject(4, version.tokens());
                            row.setBoolean(5, version.deletion());
                            row.setInt(6, BlindIndex.VERSION);
                            row.setLong(7, version.resource());
                            row.setInt(8, version.id().number() - 1);
                        });
        for (var batch : counts) {
            for (var count : batch) {
                if (count == 0) {
                    throw new OptimisticLockingFailureException("changed by someone else just now");
                }
            }
        }
        template.batchUpdate(
                "delete from records.identifier where resource = ?",
                changed,
                BATCH,
                (row, version) -> row.setLong(1, version.resource()));
    }

    private void insertVersions(
            List<NewVersion> versions, List<Long> resources, List<EntryId> entries) {
        var rows =
                java.util.stream.IntStream.range(0, versions.size())
                        .mapToObj(i -> new Row(versions.get(i), resources.get(i), entries.get(i)))
                        .toList();
        template.batchUpdate(
                """
                insert into records.version
                    (resource, version, compartment, category, written, entry, sealed)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                rows,
                BATCH,
                RecordTable::set);
    }

    private static void set(PreparedStatement row, Row values) throws SQLException {
        var version = values.version;
        row.setLong(1, values.resource);
        row.setInt(2, version.id().number());
        row.setLong(3, version.compartment().key());
        row.setInt(4, Categories.code(version.category()));
        row.setObject(5, version.written().atOffset(ZoneOffset.UTC));
        row.setObject(6, values.entry.value());
        row.setBytes(7, version.sealed());
    }

    private void insertIdentifiers(List<NewVersion> versions, List<Long> resources) {
        record Pair(String custodian, long token, long resource) {}
        var found = new ArrayList<Pair>();
        for (var i = 0; i < versions.size(); i++) {
            for (var token : versions.get(i).identifiers()) {
                found.add(
                        new Pair(
                                versions.get(i).id().resource().custodian().value(),
                                token,
                                resources.get(i)));
            }
        }
        template.batchUpdate(
                """
                insert into records.identifier (org, token, resource) values (?, ?, ?)
                on conflict do nothing
                """,
                found,
                BATCH,
                (row, entry) -> {
                    row.setString(1, entry.custodian);
                    row.setLong(2, entry.token);
                    row.setLong(3, entry.resource);
                });
    }

    static StoredVersion version(ResultSet row, int number) throws SQLException {
        var custodian = new MemberId(row.getString("org"));
        return new StoredVersion(
                new ResourceId(custodian, row.getString("type"), row.getString("id"))
                        .version(row.getInt("version")),
                row.getLong("key"),
                new Owner(custodian, row.getString("owner")),
                row.getInt("class"),
                row.getInt("now"),
                row.getBoolean("deleted"),
                row.getInt("category"),
                row.getLong("compartment"),
                row.getInt("purpose"),
                row.getTimestamp("written").toInstant(),
                new EntryId(row.getObject("entry", UUID.class)),
                row.getBytes("sealed"));
    }

    private record Row(NewVersion version, long resource, EntryId entry) {}
}
