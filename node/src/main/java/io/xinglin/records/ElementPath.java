package io.xinglin.records;

import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.RuntimeChildChoiceDefinition;
import ca.uhn.fhir.context.RuntimeResourceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The part of FHIRPath that names elements: `Observation.component.code`, `(Condition.onset as dateTime)`,
/// `Observation.subject.where(resolve() is Patient)`.
///
/// It is walked over the stored JSON itself, so that a resource is found and checked without building its object model.
///
/// @param steps for each step, the JSON names it may have: one, or several for a choice of types
/// @param target the resource type a reference must point at
record ElementPath(List<List<String>> steps, Optional<String> target) {
    private static final Pattern FORM =
            Pattern.compile(
                    "\\(?(?<path>[A-Za-z]+(\\.[a-zA-Z]+)+?)"
                            + "(\\.as\\((?<as1>[A-Za-z]+)\\)| as (?<as2>[A-Za-z]+)"
                            + "|\\.where\\(resolve\\(\\) is (?<target>[A-Za-z]+)\\))?\\)?");

    /// The path, if the expression is one.
    static Optional<ElementPath> parse(RuntimeResourceDefinition type, String expression) {
        var match = FORM.matcher(expression);
        if (!match.matches()) {
            return Optional.empty();
        }
        var names = List.of(match.group("path").split("\\."));
        if (!names.getFirst().equals(type.getName())) {
            return Optional.empty();
        }
        var as = Optional.ofNullable(match.group("as1")).or(() -> or(match.group("as2")));
        return steps(type, names.subList(1, names.size()), as)
                .map(steps -> new ElementPath(steps, Optional.ofNullable(match.group("target"))));
    }

    private static Optional<String> or(@org.jspecify.annotations.Nullable String text) {
        return Optional.ofNullable(text);
    }

    private static Optional<List<List<String>>> steps(
            RuntimeResourceDefinition type, List<String> names, Optional<String> as) {
        var steps = new ArrayList<List<String>>();
        BaseRuntimeElementCompositeDefinition<?> at = type;
        for (var name : names) {
            if (at == null) {
                return Optional.empty();
            }
            if (at.getChildByName(name + "[x]") instanceof RuntimeChildChoiceDefinition choice) {
                steps.add(
                        as.map(t -> List.of(name + capital(t)))
                                .orElseGet(() -> List.copyOf(choice.getValidChildNames())));
                at = null;
            } else if (at.getChildByName(name) != null) {
                steps.add(List.of(name));
                at =
                        at.getChildByName(name).getChildByName(name)
                                        instanceof BaseRuntimeElementCompositeDefinition<?> next
                                ? next
                                : null;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(steps));
    }

    private static String capital(String type) {
        return Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }

    /// The elements it names in a resource, lists taken apart.
    Stream<JsonNode> in(JsonNode resource) {
        var at = List.of(resource);
        for (var names : steps) {
            var next = new ArrayList<JsonNode>();
            for (var node : at) {
                for (var name : names) {
                    var child = node.get(name);
                    if (child != null && child.isArray()) {
                        child.forEach(next::add);
                    } else if (child != null) {
                        next.add(child);
                    }
                }
            }
            at = next;
        }
        return at.stream();
    }
}
