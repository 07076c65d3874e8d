package io.xinglin.records;

import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.RuntimeChildChoiceDefinition;
import ca.uhn.fhir.context.RuntimeResourceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The part of FHIRPath in which the standard says what can be searched by: `Observation.component.code`,
/// `(Condition.onset as dateTime)`, `Patient.telecom.where(system='phone')`, `Observation.subject.where(resolve() is Patient)`,
/// `Bundle.entry[0].resource`.
///
/// It is walked over the stored JSON itself, so that a resource is found and checked without building its object model.
///
/// @param steps from the resource to the elements; none for the resource itself
/// @param target the resource type a reference must point at
record ElementPath(List<Step> steps, Optional<String> target) {
    private static final Pattern CAST = Pattern.compile("(\\S+) as ([A-Za-z]+)");
    private static final Pattern BRACKETED = Pattern.compile("\\(([^()]+)\\)(.*)");
    private static final Pattern DOT = Pattern.compile("\\.(?![^(]*\\))");
    private static final Pattern AS = Pattern.compile("as\\((?<type>[A-Za-z]+)\\)");
    private static final Pattern IS =
            Pattern.compile("where\\(resolve\\(\\) is (?<type>[A-Za-z]+)\\)");
    private static final Pattern EQUALS =
            Pattern.compile("where\\((?<name>[a-z]+)='(?<value>[a-z-]+)'\\)");
    private static final Pattern NAME = Pattern.compile("(?<name>[A-Za-z]+)(?<first>\\[0\\])?");

    /// From an element to some of its children.
    ///
    /// @param names the JSON names they may have: one, or several for a choice of types
    /// @param only those of which a child has a value
    /// @param first only the first
    record Step(List<String> names, Optional<Equality> only, boolean first) {
        private Step as(String type) {
            return new Step(List.of(names.getFirst() + capital(type)), only, first);
        }

        private static String capital(String type) {
            return Character.toUpperCase(type.charAt(0)) + type.substring(1);
        }
    }

    /// `system='phone'`.
    record Equality(String name, String value) {
        private boolean of(JsonNode element) {
            return element.path(name).asString("").equals(value);
        }
    }

    /// The path of elements every resource has: `meta.tag`.
    static ElementPath plain(String... names) {
        return new ElementPath(
                Stream.of(names)
                        .map(name -> new Step(List.of(name), Optional.empty(), false))
                        .toList(),
                Optional.empty());
    }

    /// The path, if the expression is one.
    static Optional<ElementPath> parse(RuntimeResourceDefinition type, String expression) {
        return Optional.ofNullable(new Parser(type).parse(casts(expression)));
    }

    /// `(X as T).y` is `X.as(T).y`.
    private static String casts(String expression) {
        var bracketed = BRACKETED.matcher(expression);
        var text =
                bracketed.matches() ? casts(bracketed.group(1)) + bracketed.group(2) : expression;
        var cast = CAST.matcher(text);
        return cast.matches() ? cast.group(1) + ".as(" + cast.group(2) + ")" : text;
    }

    private static final class Parser {
        private final RuntimeResourceDefinition type;
        private final List<Step> steps = new ArrayList<>();
        private Optional<String> target = Optional.empty();

        /// What the children of the last step are children of; none if it has none or they are of a choice.
        private @Nullable BaseRuntimeElementCompositeDefinition<?> at;

        private @Nullable RuntimeChildChoiceDefinition choice;

        Parser(RuntimeResourceDefinition type) {
            this.type = type;
            this.at = type;
        }

        @Nullable ElementPath parse(String expression) {
            var parts = DOT.split(expression, -1);
            var begin = parts[0].equals(type.getName()) ? 1 : 0;
            for (var i = begin; i < parts.length; i++) {
                if (!part(parts[i])) {
                    return null;
                }
            }
            return new ElementPath(List.copyOf(steps), target);
        }

        private boolean part(String part) {
            var is = IS.matcher(part);
            if (is.matches()) {
                target = Optional.of(is.group("type"));
                return !steps.isEmpty();
            }
            var as = AS.matcher(part);
            if (as.matches()) {
                return cast(as.group("type"));
            }
            var equals = EQUALS.matcher(part);
            if (equals.matches() && !steps.isEmpty()) {
                var last = steps.removeLast();
                var only = new Equality(equals.group("name"), equals.group("value"));
                return steps.add(new Step(last.names, Optional.of(only), last.first));
            }
            var name = NAME.matcher(part);
            return name.matches() && child(name.group("name"), name.group("first") != null);
        }

        private boolean cast(String to) {
            if (choice == null) {
                return false;
            }
            var last = steps.removeLast();
            var stem = choice.getElementName().replace("[x]", "");
            var one = new Step(List.of(stem), last.only, last.first).as(to);
            steps.add(one);
            at = composite(choice, one.names.getFirst());
            return true;
        }

        private boolean child(String name, boolean first) {
            if (at == null) {
                return false;
            }
            choice = null;
            if (at.getChildByName(name + "[x]") instanceof RuntimeChildChoiceDefinition several) {
                choice = several;
                steps.add(
                        new Step(
                                List.copyOf(several.getValidChildNames()),
                                Optional.empty(),
                                first));
                at = null;
                return true;
            }
            var child = at.getChildByName(name);
            if (child == null) {
                return false;
            }
            steps.add(new Step(List.of(name), Optional.empty(), first));
            at = composite(child, name);
            return true;
        }

        private static @Nullable BaseRuntimeElementCompositeDefinition<?> composite(
                ca.uhn.fhir.context.BaseRuntimeChildDefinition child, String name) {
            return child.getChildByName(name)
                            instanceof BaseRuntimeElementCompositeDefinition<?> next
                    ? next
                    : null;
        }
    }

    /// The elements it names in a resource, lists taken apart.
    Stream<JsonNode> in(JsonNode resource) {
        var at = List.of(resource);
        for (var step : steps) {
            var next = new ArrayList<JsonNode>();
            for (var node : at) {
                for (var name : step.names) {
                    var child = node.get(name);
                    if (child != null && child.isArray()) {
                        child.forEach(one -> add(step, one, next));
                    } else if (child != null) {
                        add(step, child, next);
                    }
                }
            }
            at = next;
        }
        return at.stream();
    }

    private static void add(Step step, JsonNode element, List<JsonNode> elements) {
        if ((!step.first || elements.isEmpty())
                && (step.only.isEmpty() || step.only.get().of(element))) {
            elements.add(element);
        }
    }

    /// What is left of it below another path; none if it does not begin with that.
    Optional<ElementPath> below(ElementPath base) {
        return base.steps.size() <= steps.size()
                        && steps.subList(0, base.steps.size()).equals(base.steps)
                ? Optional.of(
                        new ElementPath(steps.subList(base.steps.size(), steps.size()), target))
                : Optional.empty();
    }
}
