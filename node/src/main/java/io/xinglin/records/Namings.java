package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.records.Naming.ByIdentifier;
import io.xinglin.records.Naming.BySearch;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/// Finds what writes name by a search, and sees to it that of two writers who find nothing one creates.
@Component
class Namings {
    private final IdentifierLookup identifiers;
    private final Matching matching;
    private final RecordTable table;

    Namings(IdentifierLookup identifiers, Matching matching, RecordTable table) {
        this.identifiers = identifiers;
        this.matching = matching;
        this.table = table;
    }

    /// The newest versions of what each finds; two tell that it is not one.
    Map<Naming, List<StoredVersion>> find(MemberId custodian, Collection<Naming> namings) {
        var found = new HashMap<Naming, List<StoredVersion>>();
        var queries =
                namings.stream()
                        .filter(ByIdentifier.class::isInstance)
                        .map(naming -> ((ByIdentifier) naming).query())
                        .distinct()
                        .toList();
        identifiers
                .find(custodian, queries)
                .forEach((query, rows) -> found.put(new ByIdentifier(query), rows));
        for (var naming : Set.copyOf(namings)) {
            if (naming instanceof BySearch(var type, var criteria)) {
                found.put(naming, matching.find(custodian, type, criteria, 2));
            }
        }
        return found;
    }

    /// Fails if one of these finds something by now, apart from what is deleted; nobody else creates it until this transaction
    /// ends. Those that are not by identifier wait for each other type by type: what one creates another may find.
    void requireAbsent(MemberId custodian, Collection<Naming> namings, Set<ResourceId> gone) {
        if (namings.isEmpty()) {
            return;
        }
        table.lock(namings.stream().map(naming -> lock(custodian, naming)).toList());
        find(custodian, namings).values().stream()
                .flatMap(List::stream)
                .filter(row -> !gone.contains(row.id().resource()))
                .findFirst()
                .ifPresent(
                        _ -> {
                            throw new OptimisticLockingFailureException(
                                    "created by someone else just now");
                        });
    }

    private long lock(MemberId custodian, Naming naming) {
        return custodian.value().hashCode()
                ^ switch (naming) {
                    case ByIdentifier(var query) -> identifiers.token(custodian, query);
                    case BySearch(var type, _) -> (long) type.hashCode() << Integer.SIZE;
                };
    }
}
