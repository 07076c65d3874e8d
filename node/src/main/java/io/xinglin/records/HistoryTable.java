package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.MemberId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads versions in the order of a history: the newest first. New versions come in at the beginning, so that whoever goes on
/// from a place misses nothing and sees nothing twice.
@Component
class HistoryTable {
    private final JdbcClient jdbc;

    HistoryTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Versions of one resource that may be read.
    List<StoredVersion> ofResource(long resource, HistoryQuery query, Permit permit, int most) {
        var sql = new StringBuilder(RecordTable.VERSIONS).append(" where r.key = ?");
        var params = new ArrayList<Object>(List.of(resource));
        query.before()
                .ifPresent(
                        place -> {
                            sql.append(" and v.version < ?");
                            params.add(place.version());
                        });
        when(query, sql, params);
        RecordTable.narrow(sql, params, permit, "v.category", "c.class");
        sql.append(" order by v.version desc limit ?");
        params.add(most);
        return jdbc.sql(sql.toString()).params(params).query(RecordTable::version).list();
    }

    /// Versions of everything that an organisation keeps.
    ///
    /// @param type of these resources only
    List<StoredVersion> ofOrganisation(
            MemberId custodian, Optional<String> type, HistoryQuery query, int most) {
        var sql = new StringBuilder(RecordTable.VERSIONS).append(" where r.org = ?");
        var params = new ArrayList<Object>(List.of(custodian.value()));
        type.ifPresent(
                name -> {
                    sql.append(" and r.type = ?");
                    params.add(name);
                });
        query.before()
                .ifPresent(
                        place -> {
                            sql.append(" and (v.written, v.resource, v.version) < (?, ?, ?)");
                            params.addAll(
                                    List.of(
                                            time(place.written()),
                                            place.resource(),
                                            place.version()));
                        });
        when(query, sql, params);
        sql.append(" order by v.written desc, v.resource desc, v.version desc limit ?");
        params.add(most);
        return jdbc.sql(sql.toString()).params(params).query(RecordTable::version).list();
    }

    private static void when(HistoryQuery query, StringBuilder sql, List<Object> params) {
        query.since()
                .ifPresent(
                        from -> {
                            sql.append(" and v.written >= ?");
                            params.add(time(from));
                        });
        query.at()
                .ifPresent(
                        span -> {
                            sql.append(
                                    """
                                     and v.written < ? and not exists (
                                        select from records.version n
                                        where n.resource = v.resource
                                          and n.version = v.version + 1 and n.written <= ?)
                                    """);
                            params.add(time(span.until()));
                            params.add(time(span.from()));
                        });
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
