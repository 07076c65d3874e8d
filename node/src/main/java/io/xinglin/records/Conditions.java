package io.xinglin.records;

import io.xinglin.records.Condition.OfParts;
import io.xinglin.records.Condition.OfTexts;
import io.xinglin.records.Condition.OfUris;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Understands parameters: name, modifier and value become a [Criterion]. What is not understood is refused.
///
/// @param base the organisation's own address, under which a reference may be absolute
/// @param now what approximate dates are near to
record Conditions(String base, Instant now) {

    /// @param modifier what comes after the colon; empty if there is none
    Criterion of(SearchParameter parameter, String modifier, String value) {
        if (modifier.equals("missing") && parameter.kind() != SearchParameter.Kind.COMPOSITE) {
            return new Condition.Missing(parameter, missing(value));
        }
        return switch (parameter.kind()) {
            case TOKEN -> token(parameter, modifier, value);
            case REFERENCE -> reference(parameter, modifier, value);
            case STRING -> text(parameter, modifier, value);
            case URI -> uri(parameter, modifier, value);
            case DATE, NUMBER, QUANTITY, COMPOSITE -> {
                if (!modifier.isEmpty()) {
                    throw unsupported(parameter, modifier);
                }
                yield compared(parameter, value);
            }
        };
    }

    private static boolean missing(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Outcomes.invalid("':missing' is true or false.");
        };
    }

    private static RuntimeException unsupported(SearchParameter parameter, String modifier) {
        return Outcomes.unsupported(
                "The modifier ':"
                        + modifier
                        + "' of '"
                        + parameter.name()
                        + "', a parameter of kind "
                        + parameter.kind().name().toLowerCase(java.util.Locale.ROOT)
                        + ", is not supported.");
    }

    private static Criterion token(SearchParameter parameter, String modifier, String value) {
        return switch (modifier) {
            case "" -> tokens(parameter, value);
            case "not" -> new Condition.Not(tokens(parameter, value));
            case "text" -> new TokenCondition.OfText(parameter, Values.plain(value));
            case "in", "not-in" ->
                    new Criterion.InValueSet(
                            parameter, Values.unescaped(value), modifier.equals("in"));
            case "of-type" ->
                    new TokenCondition.OfType(
                            parameter,
                            Values.each(
                                    parameter.name(),
                                    value,
                                    "system|code|value",
                                    Conditions::kind));
            default -> throw unsupported(parameter, modifier);
        };
    }

    private static TokenCondition tokens(SearchParameter parameter, String value) {
        return new TokenCondition(
                parameter, Values.alternatives(value).stream().map(Conditions::pattern).toList());
    }

    static TokenCondition.Pattern pattern(String text) {
        var parts = Values.split(text, '|');
        if (parts.size() == 1) {
            return new TokenCondition.Pattern(Optional.empty(), Values.unescaped(text));
        }
        // A bar that should have been escaped is one nevertheless.
        var code = String.join("|", parts.subList(1, parts.size()));
        return new TokenCondition.Pattern(
                Optional.of(Values.unescaped(parts.getFirst())), Values.unescaped(code));
    }

    private static Optional<TokenCondition.OfType.Kind> kind(String text) {
        var parts = Values.split(text, '|').stream().map(Values::unescaped).toList();
        return parts.size() == 3
                ? Optional.of(
                        new TokenCondition.OfType.Kind(parts.get(0), parts.get(1), parts.get(2)))
                : Optional.empty();
    }

    /// `subject:Patient=17` is `subject=Patient/17`.
    private Criterion reference(SearchParameter parameter, String modifier, String value) {
        if (modifier.equals("identifier")) {
            return new Condition.OfIdentifiedReferences(parameter, tokens(parameter, value));
        }
        if (!modifier.isEmpty() && R4.type(modifier).isEmpty()) {
            throw unsupported(parameter, modifier);
        }
        return new Condition.OfReferences(
                parameter,
                Values.plain(value).stream()
                        .map(
                                id ->
                                        modifier.isEmpty() || id.contains("/")
                                                ? id
                                                : modifier + "/" + id)
                        .map(reference -> References.relative(reference, base))
                        .toList());
    }

    private static Criterion text(SearchParameter parameter, String modifier, String value) {
        var how =
                switch (modifier) {
                    case "" -> OfTexts.How.BEGINS;
                    case "exact" -> OfTexts.How.EXACT;
                    case "contains" -> OfTexts.How.CONTAINS;
                    default -> throw unsupported(parameter, modifier);
                };
        return new OfTexts(parameter, how, Values.plain(value));
    }

    private static Criterion uri(SearchParameter parameter, String modifier, String value) {
        var how =
                switch (modifier) {
                    case "" -> OfUris.Reach.IS;
                    case "above" -> OfUris.Reach.ABOVE;
                    case "below" -> OfUris.Reach.BELOW;
                    default -> throw unsupported(parameter, modifier);
                };
        return new OfUris(parameter, how, Values.plain(value));
    }

    private Criterion compared(SearchParameter parameter, String value) {
        var name = parameter.name();
        return switch (parameter.kind()) {
            case DATE ->
                    new Condition.OfDates(
                            parameter,
                            Values.each(
                                    name,
                                    value,
                                    "a date",
                                    text -> DateComparison.parse(text, now)));
            case NUMBER ->
                    new Condition.OfNumbers(
                            parameter,
                            Values.each(name, value, "a number", NumberComparison::parse));
            case QUANTITY ->
                    new Condition.OfQuantities(
                            parameter,
                            Values.each(name, value, "a quantity", Conditions::quantity));
            default ->
                    new OfParts(
                            parameter,
                            Values.alternatives(value).stream()
                                    .map(text -> parts(parameter, text))
                                    .toList());
        };
    }

    /// `number`, `number|system|code`, `number||unit`.
    private static Optional<QuantityComparison> quantity(String text) {
        var parts = Values.split(text, '|').stream().map(Values::unescaped).toList();
        if (parts.size() != 1 && parts.size() != 3) {
            return Optional.empty();
        }
        return NumberComparison.parse(parts.getFirst())
                .map(
                        number ->
                                parts.size() == 1
                                        ? QuantityComparison.of(number, "", "")
                                        : QuantityComparison.of(
                                                number, parts.get(1), parts.get(2)));
    }

    private List<List<OfParts.Part>> parts(SearchParameter parameter, String text) {
        var values = Values.split(text, '$');
        return parameter.parts().stream().map(parts -> parts(parameter, parts, values)).toList();
    }

    private List<OfParts.Part> parts(
            SearchParameter parameter, List<SearchParameter.Part> parts, List<String> values) {
        if (parts.size() != values.size() || values.stream().anyMatch(String::isEmpty)) {
            throw Outcomes.invalid(
                    "'"
                            + parameter.name()
                            + "' takes "
                            + parts.stream()
                                    .map(part -> part.parameter().name())
                                    .collect(Collectors.joining("$"))
                            + ".");
        }
        var conditions = new ArrayList<OfParts.Part>();
        for (var i = 0; i < parts.size(); i++) {
            if (of(parts.get(i).parameter(), "", values.get(i)) instanceof Condition condition) {
                conditions.add(new OfParts.Part(condition, parts.get(i).ofWhole()));
            }
        }
        return conditions;
    }
}
