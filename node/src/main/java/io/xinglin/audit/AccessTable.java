package io.xinglin.audit;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.EntryId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of accesses.
@Component
class AccessTable {
    private static final String ACCESSES =
            "select id, org, patient, at, entry, sealed from audit.access ";

    private final JdbcClient jdbc;

    AccessTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(StoredAccess access) {
        jdbc.sql(
                        """
                        insert into audit.access (id, org, patient, at, entry, sealed)
                        values (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        access.id(),
                        access.custodian().value(),
                        access.patient(),
                        access.at().atOffset(ZoneOffset.UTC),
                        access.entry().value(),
                        access.sealed())
                .update();
    }

    Optional<StoredAccess> find(MemberId custodian, UUID id) {
        return jdbc.sql(ACCESSES + "where org = ? and id = ?")
                .params(custodian.value(), id)
                .query(AccessTable::access)
                .optional();
    }

    /// A patient's accesses, newest first.
    List<StoredAccess> newest(MemberId custodian, String patient, int most) {
        return jdbc.sql(
                        ACCESSES
                                + "where org = ? and patient = ?"
                                + " order by at desc, id limit ?")
                .params(custodian.value(), patient, most)
                .query(AccessTable::access)
                .list();
    }

    /// A patient's accesses before another in the same list.
    List<StoredAccess> before(StoredAccess other, int most) {
        return jdbc.sql(
                        ACCESSES
                                + """
                                where org = ? and patient = ?
                                  and (at < ? or at = ? and id > ?)
                                order by at desc, id limit ?
                                """)
                .params(
                        other.custodian().value(),
                        other.patient(),
                        other.at().atOffset(ZoneOffset.UTC),
                        other.at().atOffset(ZoneOffset.UTC),
                        other.id(),
                        most)
                .query(AccessTable::access)
                .list();
    }

    /// The rows of these organisations after an id, in the order of their ids.
    List<StoredAccess> after(List<MemberId> custodians, UUID id, int most) {
        return jdbc.sql(ACCESSES + "where org = any(?) and id > ? order by id limit ?")
                .params(names(custodians), id, most)
                .query(AccessTable::access)
                .list();
    }

    /// The rows that are of none of these organisations.
    List<UUID> ofOthers(List<MemberId> custodians) {
        return jdbc.sql("select id from audit.access where org <> all(?) order by id")
                .param(names(custodians))
                .query(UUID.class)
                .list();
    }

    private static String[] names(List<MemberId> organisations) {
        return organisations.stream().map(MemberId::value).toArray(String[]::new);
    }

    /// How many rows each organisation has.
    long count(MemberId custodian) {
        return jdbc.sql("select count(*) from audit.access where org = ?")
                .param(custodian.value())
                .query(Long.class)
                .single();
    }

    /// Those of the entries that a row stands for.
    List<EntryId> known(MemberId custodian, List<EntryId> entries) {
        return jdbc
                .sql("select entry from audit.access where org = ? and entry = any(?)")
                .params(
                        custodian.value(),
                        entries.stream().map(EntryId::value).toArray(UUID[]::new))
                .query(UUID.class)
                .list()
                .stream()
                .map(EntryId::new)
                .toList();
    }

    private static StoredAccess access(ResultSet row, int number) throws SQLException {
        return new StoredAccess(
                row.getObject("id", UUID.class),
                new MemberId(row.getString("org")),
                row.getString("patient"),
                row.getTimestamp("at").toInstant(),
                new EntryId(row.getObject("entry", UUID.class)),
                row.getBytes("sealed"));
    }
}
