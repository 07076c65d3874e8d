package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.records.Criterion.Chain;
import io.xinglin.records.Criterion.Has;
import io.xinglin.records.Criterion.InValueSet;
import io.xinglin.records.Criterion.PointedAt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a search needs to know before it begins: whether the caller may touch every type it goes through, and what those of its
/// parameters come to that are searches themselves.
final class Resolving {
    /// So many resources may be pointed at at most.
    private static final int POINTED_AT_MAX = 10_000;

    private final MemberId custodian;
    private final Walk walk;
    private final Sight sight;
    private final Lookup lookup;

    Resolving(MemberId custodian, Walk walk, Sight sight, Lookup lookup) {
        this.custodian = custodian;
        this.walk = walk;
        this.sight = sight;
        this.lookup = lookup;
    }

    /// The criteria without those that the caller may not ask; none if there is nothing left of one.
    Optional<List<Criterion>> permitted(List<Criterion> criteria) {
        var permitted = new ArrayList<Criterion>();
        for (var criterion : criteria) {
            permitted(criterion).ifPresent(permitted::add);
        }
        return permitted.size() == criteria.size() ? Optional.of(permitted) : Optional.empty();
    }

    private Optional<Criterion> permitted(Criterion criterion) {
        return switch (criterion) {
            case Chain(var reference, var byType) -> {
                var permitted = new HashMap<String, Criterion>();
                byType.forEach(
                        (type, next) -> {
                            if (sight.mayTouch(type)) {
                                permitted(next).ifPresent(one -> permitted.put(type, one));
                            }
                        });
                yield permitted.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Chain(reference, permitted));
            }
            case Has(var type, var reference, var next) ->
                    sight.mayTouch(type.name())
                            ? permitted(next).map(one -> new Has(type, reference, one))
                            : Optional.empty();
            default -> Optional.of(criterion);
        };
    }

    /// The criteria, those that are searches replaced by what they find.
    ///
    /// @param type what the criteria are about
    List<Criterion> resolved(String type, List<Criterion> criteria) {
        return criteria.stream().map(criterion -> resolved(type, criterion)).toList();
    }

    private Criterion resolved(String type, Criterion criterion) {
        return switch (criterion) {
            case Chain(var reference, var byType) -> {
                var resolved = new HashMap<String, Criterion>();
                byType.forEach((target, next) -> resolved.put(target, resolved(target, next)));
                yield new Chain(reference, resolved);
            }
            case Has has -> new PointedAt(pointedAt(type, has));
            case InValueSet(var parameter, var set, var isIn) -> {
                var codes = new TokenCondition(parameter, new ValueSets(this, lookup).codes(set));
                yield isIn ? codes : new Condition.Not(codes);
            }
            default -> criterion;
        };
    }

    private Map<String, List<StoredVersion>> pointedAt(String type, Has has) {
        var matcher = new Matcher(resolved(has.type().name(), List.of(has.criterion())), lookup);
        var found = new HashMap<String, List<StoredVersion>>();
        var end =
                walk.go(
                        way(has.type(), matcher, POINTED_AT_MAX),
                        Place.BEGIN,
                        match -> {
                            for (var reference : has.reference().references(match.json())) {
                                if (Lookup.type(reference).equals(type)) {
                                    var by =
                                            found.computeIfAbsent(
                                                    reference, _ -> new ArrayList<>());
                                    by.add(match.row());
                                    by.addAll(matcher.basis(match));
                                }
                            }
                            return found.size() <= POINTED_AT_MAX;
                        });
        if (!end.isAll()) {
            throw Outcomes.tooCostly(
                    "'_has' finds too much in " + has.type().name() + "; narrow it.");
        }
        return found;
    }

    /// The way through all resources of a type that this search may look at.
    Walk.Way way(R4.Type type, Matcher matcher, int most) {
        return way(type, matcher, most, sight.around());
    }

    /// The way through the resources of the type that is searched.
    Walk.Way main(R4.Type type, Matcher matcher, int most) {
        return way(type, matcher, most, sight.record().map(owner -> Set.of(owner.id())));
    }

    private Walk.Way way(R4.Type type, Matcher matcher, int most, Optional<Set<String>> whose) {
        var records = R4.isDirectory(type.name()) ? Optional.of(Set.of("")) : whose;
        var permit =
                R4.isDirectory(type.name())
                        ? Optional.<io.xinglin.consent.AccessDecision.Permit>empty()
                        : sight.record().flatMap(owner -> sight.permit(owner, type.name()));
        return new Walk.Way(
                custodian, type, records, Optional.empty(), permit, sight::isOpen, matcher, most);
    }

    Walk walk() {
        return walk;
    }
}
