package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.MemberId;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.Condition.Narrowing;
import io.xinglin.records.EverythingQuery.After;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows that a search looks at: the newest versions.
@Component
class SearchTable {
    private final JdbcClient jdbc;

    SearchTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What a search can be narrowed to before anything is unsealed.
    ///
    /// @param owners these owners' resources, in the order of owners and ids; otherwise all, in the order of ids
    /// @param ids these logical ids; otherwise all
    /// @param permit what may be read; otherwise everything
    /// @param narrowings each of them
    /// @param across at least one token of each of these groups in the organisation's own index
    /// @param fresh whether everything is filed by the newest version of the index
    record Candidates(
            MemberId custodian,
            String type,
            Optional<Collection<String>> owners,
            Optional<Set<String>> ids,
            Optional<Permit> permit,
            List<Narrowing> narrowings,
            List<Narrowing> across,
            boolean fresh) {}

    /// Newest versions that may match, after a place.
    List<StoredVersion> candidates(Candidates wanted, Place after, int most) {
        var sql =
                new StringBuilder(RecordTable.VERSIONS)
                        .append(
                                " where v.version = r.version and not r.deleted"
                                        + " and r.org = ? and r.type = ?");
        var params = new ArrayList<Object>(List.of(wanted.custodian().value(), wanted.type()));
        wanted.owners().ifPresent(owners -> owners(sql, params, owners, after));
        if (wanted.owners().isEmpty() || wanted.owners().get().size() == 1) {
            sql.append(" and r.id > ?");
            params.add(after.id());
        }
        wanted.ids()
                .ifPresent(
                        ids -> {
                            sql.append(" and r.id = any(?)");
                            params.add(ids.toArray(String[]::new));
                        });
        wanted.permit()
                .ifPresent(
                        permit -> RecordTable.narrow(sql, params, permit, "r.category", "r.class"));
        for (var narrowing : wanted.narrowings()) {
            sql.append(
                    isOld(wanted, narrowing)
                            ? " and (r.tokens && ? or r.indexed < ?)"
                            : " and r.tokens && ?");
            params.add(narrowing.anyOf().toArray(Long[]::new));
            if (isOld(wanted, narrowing)) {
                params.add(narrowing.since());
            }
        }
        for (var narrowing : wanted.across()) {
            sql.append(isOld(wanted, narrowing) ? " and (r.indexed < ? or" : " and (");
            if (isOld(wanted, narrowing)) {
                params.add(narrowing.since());
            }
            sql.append(
                    " r.key in (select resource from records.identifier where org = ? and token ="
                            + " any(?)))");
            params.add(wanted.custodian().value());
            params.add(narrowing.anyOf().toArray(Long[]::new));
        }
        var isByOwner = wanted.owners().filter(owners -> owners.size() > 1).isPresent();
        sql.append(
                isByOwner
                        ? " order by r.owner collate \"C\", r.id collate \"C\" limit ?"
                        : " order by r.id limit ?");
        params.add(most);
        return jdbc.sql(sql.toString()).params(params).query(RecordTable::version).list();
    }

    /// Whether some of what is stored may not be filed so yet.
    private static boolean isOld(Candidates wanted, Narrowing narrowing) {
        return !wanted.fresh() && narrowing.since() > 1;
    }

    private static void owners(
            StringBuilder sql, List<Object> params, Collection<String> owners, Place after) {
        if (owners.size() == 1) {
            sql.append(" and r.owner = ?");
            params.add(owners.iterator().next());
        } else {
            sql.append(
                    " and r.owner = any(?) and (r.owner collate \"C\", r.id collate \"C\") > (?,"
                            + " ?)");
            params.add(owners.toArray(String[]::new));
            params.add(after.owner());
            params.add(after.id());
        }
    }

    /// The newest versions of what is in one record, but for the Patient: by type and id, from one on.
    List<StoredVersion> record(
            Owner owner, EverythingQuery query, Permit permit, After after, int most) {
        var sql =
                new StringBuilder(
                        RecordTable.VERSIONS
                                + " where v.version = r.version and not r.deleted"
                                + " and r.org = ? and r.owner = ? and r.type <> 'Patient'");
        var params = new ArrayList<Object>(List.of(owner.custodian().value(), owner.id()));
        if (!after.isBegin() && !after.isFirst()) {
            sql.append(" and (r.type, r.id) > (?, ?)");
            params.addAll(List.of(after.type(), after.id()));
        }
        query.types()
                .ifPresent(
                        types -> {
                            sql.append(" and r.type = any(?)");
                            params.add(types.toArray(String[]::new));
                        });
        query.since()
                .ifPresent(
                        since -> {
                            sql.append(" and v.written > ?");
                            params.add(since.atOffset(ZoneOffset.UTC));
                        });
        RecordTable.narrow(sql, params, permit, "r.category", "r.class");
        sql.append(" order by r.type, r.id limit ?");
        params.add(most);
        return jdbc.sql(sql.toString()).params(params).query(RecordTable::version).list();
    }

    /// The newest versions of resources by their references, `Observation/17`.
    List<StoredVersion> named(MemberId custodian, Collection<String> references) {
        var types = references.stream().map(one -> one.substring(0, one.indexOf('/')));
        var ids = references.stream().map(one -> one.substring(one.indexOf('/') + 1));
        return jdbc.sql(
                        RecordTable.VERSIONS
                                + """
                                 where v.version = r.version and not r.deleted and r.org = ?
                                   and (r.type, r.id) in (select * from unnest(?::text[], ?::text[]))
                                """)
                .params(custodian.value(), types.toArray(String[]::new), ids.toArray(String[]::new))
                .query(RecordTable::version)
                .list();
    }

    /// How many patients something is stored of.
    long countOwners(MemberId custodian) {
        return jdbc.sql(
                        """
                        select count(distinct owner) from records.compartment
                        where org = ? and class = ? and owner <> ''
                        """)
                .params(custodian.value(), Compartment.INDEX)
                .query(Long.class)
                .single();
    }

    /// Those who have an index of their own, some at a time; the first is the organisation itself, with an empty name.
    ///
    /// @param from this one and those after it
    List<String> owners(MemberId custodian, String from, int most) {
        return jdbc.sql(
                        """
                        select distinct owner collate "C" as owner from records.compartment
                        where org = ? and class = ? and owner collate "C" >= ?
                        order by 1 limit ?
                        """)
                .params(custodian.value(), Compartment.INDEX, from, most)
                .query(String.class)
                .list();
    }
}
