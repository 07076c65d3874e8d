package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The resources that references name, as far as the caller sees them. During one search each is fetched once.
final class Lookup {
    private static final int BATCH = 500;
    private static final int FETCHED_MAX = 5_000;

    private final SearchTable table;
    private final Unsealing unsealing;
    private final Sight sight;
    private final MemberId custodian;
    private final Map<String, Optional<Match>> known = new HashMap<>();

    Lookup(SearchTable table, Unsealing unsealing, Sight sight, MemberId custodian) {
        this.table = table;
        this.unsealing = unsealing;
        this.sight = sight;
        this.custodian = custodian;
    }

    /// Fetches those of these that are not known yet.
    void fetch(Collection<String> references) {
        var unknown = new LinkedHashSet<String>();
        references.stream()
                .filter(Lookup::isLocal)
                .filter(reference -> !known.containsKey(reference))
                .forEach(unknown::add);
        var all = List.copyOf(unknown);
        if (known.size() + all.size() > FETCHED_MAX) {
            throw Outcomes.tooCostly("The search goes through too many resources; narrow it.");
        }
        for (var begin = 0; begin < all.size(); begin += BATCH) {
            var some = all.subList(begin, Math.min(all.size(), begin + BATCH));
            some.forEach(reference -> known.put(reference, Optional.empty()));
            for (var row : table.named(custodian, some)) {
                // What the caller does not see is not opened.
                if (sight.sees(row)) {
                    known.put(
                            row.id().resource().reference(),
                            Optional.of(Match.of(row, unsealing.open(row)))
                                    .filter(one -> !one.version().isDeletion()));
                }
            }
        }
    }

    /// What a reference names, if it was fetched, is there and is seen.
    Optional<Match> get(String reference) {
        return known.getOrDefault(reference, Optional.empty());
    }

    private static boolean isLocal(String reference) {
        var slash = reference.indexOf('/');
        return slash > 0
                && R4.type(reference.substring(0, slash)).isPresent()
                && ResourceId.isId(reference.substring(slash + 1));
    }

    /// The type a reference names; empty if it names something else.
    static String type(String reference) {
        return isLocal(reference) ? reference.substring(0, reference.indexOf('/')) : "";
    }

    static String reference(JsonNode resource) {
        return resource.path("resourceType").asString("") + "/" + resource.path("id").asString("");
    }
}
