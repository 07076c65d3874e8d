package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.EntryId;
import io.xinglin.records.Compartment.Owner;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// All rows of one owner, and what is left of those that were erased.
@Component
class WholeRecordTable {
    private static final int BATCH = 500;

    private final JdbcClient jdbc;

    WholeRecordTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean isKnown(Owner owner) {
        return jdbc.sql(
                        """
                        select exists (select from records.resource where org = ? and owner = ?)
                            or exists (select from records.compartment where org = ? and owner = ?)
                        """)
                .params(
                        owner.custodian().value(),
                        owner.id(),
                        owner.custodian().value(),
                        owner.id())
                .query(Boolean.class)
                .single();
    }

    /// Patients with keys, after one.
    List<String> owners(MemberId custodian, String after) {
        return jdbc.sql(
                        """
                        select distinct owner collate "C" as owner from records.compartment
                        where org = ? and owner collate "C" > ? order by 1 limit ?
                        """)
                .params(custodian.value(), after, BATCH)
                .query(String.class)
                .list();
    }

    /// Shows the newest versions of everything of an owner.
    void newest(Owner owner, Consumer<StoredVersion> each) {
        var last = 0L;
        while (true) {
            var rows =
                    jdbc.sql(
                                    RecordTable.VERSIONS
                                            + """
                                             where v.version = r.version and r.org = ? and r.owner = ?
                                               and r.key > ? order by r.key limit ?
                                            """)
                            .params(owner.custodian().value(), owner.id(), last, BATCH)
                            .query(RecordTable::version)
                            .list();
            if (rows.isEmpty()) {
                return;
            }
            rows.forEach(each);
            last = rows.getLast().resource();
        }
    }

    /// Remembers which entries of the log are of this owner's versions.
    void keepEntries(Owner owner, UUID erasure) {
        jdbc.sql(
                        """
                        insert into records.erased (entry, erasure)
                        select v.entry, ? from records.version v
                        join records.resource r on r.key = v.resource
                        where r.org = ? and r.owner = ?
                        """)
                .params(erasure, owner.custodian().value(), owner.id())
                .update();
    }

    /// Deletes all versions and what they are found by, and says how many resources there were.
    long destroyVersions(Owner owner) {
        for (var table : List.of("identifier", "version")) {
            jdbc.sql(
                            """
                            delete from records.%s where resource in
                                (select key from records.resource where org = ? and owner = ?)
                            """
                                    .formatted(table))
                    .params(owner.custodian().value(), owner.id())
                    .update();
        }
        return jdbc.sql("delete from records.resource where org = ? and owner = ?")
                .params(owner.custodian().value(), owner.id())
                .update();
    }

    void keepToken(MemberId custodian, byte[] token) {
        jdbc.sql(
                        """
                        insert into records.erased_patient (org, patient) values (?, ?)
                        on conflict do nothing
                        """)
                .params(custodian.value(), token)
                .update();
    }

    boolean erasedPatients(MemberId custodian, List<byte[]> tokens) {
        return jdbc.sql(
                        """
                        select exists (select from records.erased_patient
                        where org = ? and patient = any(?))
                        """)
                .params(custodian.value(), tokens.toArray(byte[][]::new))
                .query(Boolean.class)
                .single();
    }

    List<EntryId> erased(UUID erasure) {
        return jdbc.sql("select entry from records.erased where erasure = ?")
                .param(erasure)
                .query((row, _) -> new EntryId(row.getObject(1, UUID.class)))
                .list();
    }

    Set<UUID> erasures() {
        return jdbc.sql("select distinct erasure from records.erased").query(UUID.class).set();
    }

    List<EntryId> undead() {
        return jdbc.sql(
                        """
                        select e.entry from records.erased e
                        join records.version v on v.entry = e.entry
                        """)
                .query((row, _) -> new EntryId(row.getObject(1, UUID.class)))
                .list();
    }
}
