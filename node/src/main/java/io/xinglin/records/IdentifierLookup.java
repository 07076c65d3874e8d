package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.records.Compartment.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// Finds resources by identifier across patients, for writers and for the node's own bookkeeping: nothing of them is disclosed.
@Component
class IdentifierLookup {
    private final RecordTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;

    IdentifierLookup(RecordTable table, Compartments compartments, Unsealing unsealing) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
    }

    /// The newest versions of what each query finds; a query that finds nothing is not among the keys.
    Map<IdentifierQuery, List<StoredVersion>> find(
            MemberId custodian, Collection<IdentifierQuery> queries) {
        if (queries.isEmpty()) {
            return Map.of();
        }
        var index = compartments.indexing(Owner.organisation(custodian)).index();
        var tokens = new HashMap<String, Map<Long, IdentifierQuery>>();
        for (var query : queries) {
            tokens.computeIfAbsent(query.type(), _ -> new HashMap<>())
                    .put(query.token(index), query);
        }
        var found = new HashMap<IdentifierQuery, List<StoredVersion>>();
        tokens.forEach(
                (type, byToken) ->
                        table.byIdentifier(custodian, type, byToken.keySet())
                                .forEach(
                                        (token, rows) -> {
                                            var query = byToken.get(token);
                                            var matches = matching(query, rows).toList();
                                            if (query != null && !matches.isEmpty()) {
                                                found.computeIfAbsent(query, _ -> new ArrayList<>())
                                                        .addAll(matches);
                                            }
                                        }));
        return found;
    }

    long token(MemberId custodian, IdentifierQuery query) {
        return query.token(compartments.indexing(Owner.organisation(custodian)).index());
    }

    private Stream<StoredVersion> matching(
            @org.jspecify.annotations.Nullable IdentifierQuery query, List<StoredVersion> rows) {
        return query == null
                ? Stream.empty()
                : rows.stream().filter(row -> query.matches(unsealing.json(row)));
    }
}
