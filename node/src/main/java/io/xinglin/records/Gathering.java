package io.xinglin.records;

import io.xinglin.records.Query.Total;
import io.xinglin.records.Search.Matches;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/// Takes the matches of a page from a walk: the next ones as they come; or, of all there are, those that come next in the order
/// asked for, and how many there are.
final class Gathering {
    private final Query query;
    private final Matcher matcher;
    private final Sight sight;
    private final List<Placed> found = new ArrayList<>();
    private int seen;

    Gathering(Query query, Matcher matcher, Sight sight) {
        this.query = query;
        this.matcher = matcher;
        this.sight = sight;
    }

    private record Placed(Place place, Match match) {}

    Matches along(Walk walk, Walk.Way way) {
        return query.isCounted() || !query.sort().isEmpty() ? ofAll(walk, way) : next(walk, way);
    }

    private Matches next(Walk walk, Walk.Way way) {
        var end =
                walk.go(
                        way,
                        query.after(),
                        match -> found.size() < query.count() && found.add(placed(match)));
        found.forEach(one -> shown(one.match));
        return new Matches(
                matches(found),
                end.isAll() && query.after().isBegin() && query.total() != Total.NONE
                        ? OptionalInt.of(found.size())
                        : OptionalInt.empty(),
                end.isAll() ? Optional.empty() : Optional.of(end.last()));
    }

    /// All are looked at; the page is kept.
    private Matches ofAll(Walk walk, Walk.Way way) {
        var order = Sort.order(query.sort());
        var kept =
                new PriorityQueue<Placed>(
                        Comparator.<Placed, Place>comparing(Placed::place, order).reversed());
        var end =
                walk.go(
                        way,
                        Place.BEGIN,
                        match -> {
                            seen++;
                            var one = placed(match);
                            if (query.isCounted()) {
                                shown(match);
                            }
                            if (query.after().isBegin()
                                    || order.compare(one.place, query.after()) > 0) {
                                kept.add(one);
                            }
                            if (kept.size() > query.count() + 1) {
                                kept.remove();
                            }
                            return true;
                        });
        if (!end.isAll() && (query.total() != Total.ESTIMATE || !query.sort().isEmpty())) {
            throw Outcomes.tooCostly(
                    "There is too much to look at for all matches to be sorted or counted; narrow"
                            + " the search.");
        }
        var page = new ArrayList<>(kept);
        page.sort(Comparator.comparing(Placed::place, order));
        var more = page.size() > query.count();
        var shown = more ? page.subList(0, query.count()) : page;
        shown.forEach(one -> shown(one.match));
        return new Matches(
                matches(shown),
                isTotalTold(more) && end.isAll() ? OptionalInt.of(seen) : OptionalInt.empty(),
                more && !shown.isEmpty() ? Optional.of(shown.getLast().place) : Optional.empty());
    }

    private boolean isTotalTold(boolean more) {
        return query.isCounted()
                || (query.total() != Total.NONE && query.after().isBegin() && !more);
    }

    private Placed placed(Match match) {
        var keys = query.sort().stream().map(key -> key.of(match.json())).toList();
        return new Placed(new Place(keys, "", match.row().id().resource().id()), match);
    }

    /// What is shown, or counted, is recorded with all that it rests on.
    private void shown(Match match) {
        sight.show(match.row());
        if (!matcher.criteria().isEmpty()) {
            matcher.basis(match).forEach(sight::show);
        }
    }

    private static List<Match> matches(List<Placed> some) {
        return some.stream().map(Placed::match).toList();
    }
}
