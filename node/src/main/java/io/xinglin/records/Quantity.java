package io.xinglin.records;

import java.math.BigDecimal;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An amount with its unit: a Quantity, a Range, Money, or what a SampledData lies between.
///
/// @param system of the code; empty if there is none
/// @param code the coded unit; empty if there is none
/// @param unit the unit as people read it; empty if there is none
record Quantity(NumberSpan span, String system, String code, String unit) {
    private static final String CURRENCY = "urn:iso:std:iso:4217";

    /// The quantities an element holds.
    static Stream<Quantity> in(JsonNode element) {
        if (element.has("low") || element.has("high")) {
            return range(element.path("low"), element.path("high"));
        }
        if (element.has("origin")) {
            return sampled(element);
        }
        var value = number(element.get("value"));
        if (value == null) {
            return Stream.empty();
        }
        return Stream.of(
                element.has("currency")
                        ? new Quantity(
                                NumberSpan.of(value), CURRENCY, text(element, "currency"), "")
                        : of(element, compared(value, text(element, "comparator"))));
    }

    /// `<5` is anything up to 5.
    private static NumberSpan compared(BigDecimal value, String comparator) {
        return switch (comparator) {
            case "<", "<=" -> new NumberSpan(NumberSpan.LEAST, value);
            case ">", ">=" -> new NumberSpan(value, NumberSpan.MOST);
            default -> NumberSpan.of(value);
        };
    }

    private static Stream<Quantity> range(JsonNode low, JsonNode high) {
        var from = number(low.get("value"));
        var to = number(high.get("value"));
        return Stream.of(
                of(
                        low.has("value") ? low : high,
                        new NumberSpan(
                                from == null ? NumberSpan.LEAST : from,
                                to == null ? NumberSpan.MOST : to)));
    }

    private static Stream<Quantity> sampled(JsonNode element) {
        var origin = number(element.path("origin").get("value"));
        var low = number(element.get("lowerLimit"));
        var high = number(element.get("upperLimit"));
        if (origin == null || low == null || high == null) {
            return Stream.empty();
        }
        var factor = number(element.get("factor"));
        var times = factor == null ? BigDecimal.ONE : factor;
        return Stream.of(
                of(
                        element.get("origin"),
                        new NumberSpan(
                                origin.add(low.multiply(times)),
                                origin.add(high.multiply(times)))));
    }

    private static Quantity of(JsonNode element, NumberSpan span) {
        return new Quantity(
                span, text(element, "system"), text(element, "code"), text(element, "unit"));
    }

    private static @Nullable BigDecimal number(@Nullable JsonNode node) {
        return node == null || !node.isNumber() ? null : node.decimalValue();
    }

    private static String text(JsonNode element, String name) {
        return element.path(name).asString("");
    }
}
