package io.xinglin.records;

import io.xinglin.records.Compartment.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What is answered beside the matches: what they point at, and what points at them, as far as the caller sees it.
final class Including {
    private static final int INCLUDED_MAX = 1_000;
    private static final int ROUNDS_MAX = 5;

    private final Resolving search;
    private final Sight sight;
    private final Lookup lookup;
    private final Map<String, Match> included = new LinkedHashMap<>();
    private final Set<String> matched;

    Including(Resolving search, Sight sight, Lookup lookup, List<Match> matches) {
        this.search = search;
        this.sight = sight;
        this.lookup = lookup;
        this.matched = matches.stream().map(Match::reference).collect(Collectors.toSet());
    }

    /// @param matches what is included for first; then for what was included, as far as that is asked for
    Collection<Match> all(List<Include> includes, List<Match> matches) {
        var of = matches;
        for (var round = 0; !of.isEmpty() && !includes.isEmpty(); round++) {
            var first = round == 0;
            var found = new ArrayList<Match>();
            for (var include : includes) {
                if (first || include.isIterated()) {
                    found.addAll(of(include, of));
                }
            }
            if (round == ROUNDS_MAX && !found.isEmpty()) {
                throw Outcomes.tooCostly(
                        "':iterate' goes on after " + ROUNDS_MAX + " rounds; include less.");
            }
            of = found;
        }
        return included.values();
    }

    private List<Match> of(Include include, List<Match> resources) {
        return (include.isReverse() ? pointing(include, resources) : pointedAt(include, resources))
                .stream().filter(this::add).toList();
    }

    private boolean add(Match match) {
        if (matched.contains(match.reference())
                || included.putIfAbsent(match.reference(), match) != null) {
            return false;
        }
        if (included.size() > INCLUDED_MAX) {
            throw Outcomes.tooCostly(
                    "More than "
                            + INCLUDED_MAX
                            + " resources would be included; ask for less, or a smaller _count.");
        }
        return true;
    }

    private List<Match> pointedAt(Include include, List<Match> resources) {
        var references =
                resources.stream()
                        .filter(one -> one.type().equals(include.source().name()))
                        .flatMap(
                                one ->
                                        include.parameters().stream()
                                                .flatMap(by -> by.references(one.json()).stream()))
                        .filter(one -> isTarget(include, Lookup.type(one)))
                        .distinct()
                        .toList();
        lookup.fetch(references);
        return references.stream().flatMap(one -> lookup.get(one).stream()).toList();
    }

    private static boolean isTarget(Include include, String type) {
        return include.target().map(type::equals).orElse(true);
    }

    /// What points at these is looked for in the records that they are in.
    private List<Match> pointing(Include include, List<Match> resources) {
        var targets = resources.stream().filter(one -> isTarget(include, one.type())).toList();
        var type = include.source().name();
        if (targets.isEmpty() || !sight.mayTouch(type)) {
            return List.of();
        }
        var references = targets.stream().map(Match::reference).toList();
        var found = new ArrayList<Match>();
        for (var parameter : include.parameters()) {
            var to = new Condition.OfReferences(parameter, references);
            var way =
                    within(
                            search.way(include.source(), new Matcher(List.of(to), lookup), 1),
                            targets);
            var end =
                    search.walk()
                            .go(
                                    way,
                                    Place.BEGIN,
                                    match -> found.size() <= INCLUDED_MAX && found.add(match));
            if (!end.isAll()) {
                throw Outcomes.tooCostly(
                        "Too much of " + type + " would be included; ask for a smaller _count.");
            }
        }
        return found;
    }

    private static Walk.Way within(Walk.Way way, List<Match> targets) {
        if (way.records().isPresent()) {
            return way;
        }
        var owners =
                targets.stream()
                        .map(one -> one.row().owner())
                        .map(Owner::id)
                        .collect(Collectors.toSet());
        return new Walk.Way(
                way.custodian(),
                way.type(),
                Optional.of(owners),
                way.ids(),
                way.permit(),
                way.open(),
                way.matcher(),
                way.most());
    }
}
