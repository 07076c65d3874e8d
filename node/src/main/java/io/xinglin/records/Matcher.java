package io.xinglin.records;

import io.xinglin.records.Criterion.Chain;
import io.xinglin.records.Criterion.PointedAt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Whether resources match, by what they are and by what they point at.
///
/// @param criteria all must match; those of kinds that need a search of their own have been replaced by what it found
record Matcher(List<Criterion> criteria, Lookup lookup) {

    /// Whether it looks at nothing but the resources themselves.
    boolean isPlain() {
        return criteria.stream().noneMatch(Chain.class::isInstance);
    }

    /// Fetches together what these point at.
    void prepare(List<Match> resources) {
        for (var criterion : criteria) {
            prepare(criterion, resources);
        }
    }

    private void prepare(Criterion criterion, List<Match> resources) {
        if (!(criterion instanceof Chain chain) || resources.isEmpty()) {
            return;
        }
        var references = resources.stream().flatMap(one -> targets(chain, one.json())).toList();
        lookup.fetch(references);
        chain.byType()
                .forEach(
                        (type, next) ->
                                prepare(
                                        next,
                                        references.stream()
                                                .filter(one -> Lookup.type(one).equals(type))
                                                .distinct()
                                                .flatMap(one -> lookup.get(one).stream())
                                                .toList()));
    }

    private static Stream<String> targets(Chain chain, JsonNode resource) {
        return chain.reference().references(resource).stream()
                .filter(reference -> chain.byType().containsKey(Lookup.type(reference)));
    }

    boolean matches(Match resource) {
        return criteria.isEmpty() || matches(resource.json());
    }

    private boolean matches(JsonNode resource) {
        for (var criterion : criteria) {
            if (!matches(criterion, resource)) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(Criterion criterion, JsonNode resource) {
        return switch (criterion) {
            case Condition condition -> condition.matches(resource);
            case Chain chain -> through(chain, resource).findAny().isPresent();
            case PointedAt(var by) -> by.containsKey(Lookup.reference(resource));
            case Criterion.Has _, Criterion.InValueSet _ ->
                    throw new IllegalStateException("this needs a search of its own first");
        };
    }

    /// The resources that a chain goes through to a match.
    private Stream<Match> through(Chain chain, JsonNode resource) {
        return targets(chain, resource)
                .flatMap(reference -> lookup.get(reference).stream())
                .filter(
                        target -> {
                            var next = chain.byType().get(target.type());
                            return next != null && matches(next, target.json());
                        });
    }

    /// What else it rests on that this one matches.
    List<StoredVersion> basis(Match resource) {
        var basis = new ArrayList<StoredVersion>();
        for (var criterion : criteria) {
            if (!(criterion instanceof Condition)) {
                basis(criterion, resource.json(), basis);
            }
        }
        return basis;
    }

    private void basis(Criterion criterion, JsonNode resource, List<StoredVersion> basis) {
        switch (criterion) {
            case Chain chain ->
                    through(chain, resource)
                            .forEach(
                                    target -> {
                                        basis.add(target.row());
                                        var next = chain.byType().get(target.type());
                                        if (next != null) {
                                            basis(next, target.json(), basis);
                                        }
                                    });
            case PointedAt(var by) ->
                    basis.addAll(by.getOrDefault(Lookup.reference(resource), List.of()));
            default -> {}
        }
    }
}
