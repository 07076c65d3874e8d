package io.xinglin.records;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Understands the names of parameters: `code:not`, `subject:Patient.name:exact`, `_has:Observation:patient:code`.
///
/// @spec https://hl7.org/fhir/R4/search.html#chaining FHIR R4, chained parameters and reverse chaining
record Criteria(Conditions conditions) {
    private static final int DEPTH_MAX = 4;
    private static final int TYPES_MAX = 8;
    private static final String HAS = "_has:";

    Criterion of(R4.Type type, String name, String value) {
        return of(type, name, value, 0);
    }

    private Criterion of(R4.Type type, String name, String value, int depth) {
        if (depth > DEPTH_MAX) {
            throw Outcomes.tooCostly(
                    "A chain has " + DEPTH_MAX + " steps at most; this search has a longer one.");
        }
        if (name.startsWith(HAS)) {
            return has(type, name.substring(HAS.length()), value, depth);
        }
        var dot = name.indexOf('.');
        var head = dot < 0 ? name : name.substring(0, dot);
        var colon = head.indexOf(':');
        var parameter = known(type, colon < 0 ? head : head.substring(0, colon), name);
        var modifier = colon < 0 ? "" : head.substring(colon + 1);
        return dot < 0
                ? conditions.of(parameter, modifier, value)
                : chain(parameter, modifier, name.substring(dot + 1), value, depth);
    }

    private static SearchParameter known(R4.Type type, String name, String whole) {
        var parameter = type.parameters().get(name);
        if (parameter == null) {
            throw Outcomes.unsupported(
                    type.name()
                            + " cannot be searched by '"
                            + whole
                            + "'. Supported: _count, _sort, _total, _include, _revinclude, _has, "
                            + String.join(", ", type.parameters().keySet())
                            + ".");
        }
        return parameter;
    }

    /// A chain goes wherever its reference may point and the rest makes sense.
    private Criterion chain(
            SearchParameter parameter, String modifier, String rest, String value, int depth) {
        if (parameter.kind() != SearchParameter.Kind.REFERENCE) {
            throw Outcomes.unsupported(
                    "'" + parameter.name() + "' is no reference; nothing is chained to it.");
        }
        var targets = modifier.isEmpty() ? targets(parameter) : Set.of(modifier);
        var byType = new TreeMap<String, Criterion>(Comparator.naturalOrder());
        Optional<RuntimeException> refused = Optional.empty();
        for (var target : targets) {
            var type =
                    R4.type(target)
                            .orElseThrow(
                                    () ->
                                            Outcomes.unsupported(
                                                    "There is no resource type " + target + "."));
            try {
                byType.put(target, of(type, rest, value, depth + 1));
            } catch (ca.uhn.fhir.rest.server.exceptions.InvalidRequestException e) {
                refused = Optional.of(e);
            }
        }
        if (byType.isEmpty()) {
            throw refused.orElseGet(() -> untyped(parameter));
        }
        return new Criterion.Chain(parameter, Map.copyOf(byType));
    }

    private static Set<String> targets(SearchParameter parameter) {
        var targets = parameter.targets();
        if (targets.isEmpty() || targets.size() > TYPES_MAX) {
            throw untyped(parameter);
        }
        return targets;
    }

    private static RuntimeException untyped(SearchParameter parameter) {
        return Outcomes.unsupported(
                "'"
                        + parameter.name()
                        + "' may point at many types; name one: "
                        + parameter.name()
                        + ":Type.…");
    }

    /// `Observation:patient:code`.
    private Criterion has(R4.Type type, String rest, String value, int depth) {
        var parts = rest.split(":", 3);
        var source = parts.length == 3 ? R4.type(parts[0]) : Optional.<R4.Type>empty();
        if (source.isEmpty()) {
            throw Outcomes.invalid("'_has:" + rest + "' is not _has:Type:reference:parameter.");
        }
        var reference = known(source.get(), parts[1], parts[1]);
        if (reference.kind() != SearchParameter.Kind.REFERENCE
                || (!reference.targets().isEmpty() && !reference.targets().contains(type.name()))) {
            throw Outcomes.unsupported(
                    "'" + parts[0] + ":" + parts[1] + "' does not point at a " + type.name() + ".");
        }
        return new Criterion.Has(
                source.get(), reference, of(source.get(), parts[2], value, depth + 1));
    }
}
