package io.xinglin.records;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows that an earlier version of the index filed.
@Component
class RefilingTable {
    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    RefilingTable(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    /// The newest versions of resources after one.
    List<StoredVersion> old(long resource, int most) {
        return jdbc.sql(
                        RecordTable.VERSIONS
                                + """
                                 where v.version = r.version and r.indexed < %d and r.key > ?
                                 order by r.key limit ?
                                """
                                        .formatted(BlindIndex.VERSION))
                .params(resource, most)
                .query(RecordTable::version)
                .list();
    }

    /// Files a resource, unless it has changed: then it was filed.
    void file(StoredVersion row, long[] tokens, List<Long> across) {
        var filed =
                jdbc.sql(
                                """
                                update records.resource set tokens = ?, indexed = ?
                                where key = ? and version = ?
                                """)
                        .params(tokens, BlindIndex.VERSION, row.resource(), row.id().number())
                        .update();
        if (filed == 1) {
            template.batchUpdate(
                    """
                    insert into records.identifier (org, token, resource) values (?, ?, ?)
                    on conflict do nothing
                    """,
                    across,
                    across.size() + 1,
                    (insert, token) -> {
                        insert.setString(1, row.id().resource().custodian().value());
                        insert.setLong(2, token);
                        insert.setLong(3, row.resource());
                    });
        }
    }
}
