package io.xinglin.records;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One key of an order: `-date`. What has no value comes last, whichever way.
///
/// @param descending whether the greatest comes first; of several values that one counts which would come first
record Sort(SearchParameter parameter, boolean descending) {

    /// What is compared: numbers by size, texts by their letters.
    ///
    /// @param number of a text, zero
    record Value(BigDecimal number, String text) implements Comparable<Value> {
        private static final Comparator<Value> ORDER =
                Comparator.comparing(Value::number).thenComparing(Value::text);

        @Override
        public int compareTo(Value other) {
            return ORDER.compare(this, other);
        }
    }

    static boolean isPossible(SearchParameter parameter) {
        return parameter.kind() != SearchParameter.Kind.COMPOSITE;
    }

    /// What a resource is ordered by.
    Optional<Value> of(JsonNode resource) {
        var order = Comparator.<Value>naturalOrder();
        return values(resource).min(descending ? order.reversed() : order);
    }

    private Stream<Value> values(JsonNode resource) {
        return switch (parameter.kind()) {
            case DATE ->
                    parameter.dates(resource).stream()
                            .map(span -> descending ? span.until() : span.from())
                            .map(Sort::number)
                            .map(Sort::value);
            case NUMBER ->
                    parameter.numbers(resource).stream().map(NumberSpan::low).map(Sort::value);
            case QUANTITY ->
                    parameter.quantities(resource).stream().map(Sort::amount).map(Sort::value);
            case TOKEN -> parameter.tokens(resource).stream().map(Token::code).map(Sort::value);
            case REFERENCE -> parameter.references(resource).stream().map(Sort::value);
            case URI -> parameter.uris(resource).stream().map(Sort::value);
            case STRING -> parameter.texts(resource).stream().map(Texts::folded).map(Sort::value);
            case COMPOSITE -> Stream.empty();
        };
    }

    private static BigDecimal number(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
    }

    private static BigDecimal amount(Quantity quantity) {
        var low = quantity.span().low();
        return quantity.system().equals(Units.SYSTEM)
                ? Units.scale(quantity.code()).map(scale -> scale.convert(low)).orElse(low)
                : low;
    }

    private static Value value(BigDecimal number) {
        return new Value(number, "");
    }

    private static Value value(String text) {
        return new Value(BigDecimal.ZERO, text);
    }

    /// The order of places by these keys; those alike are in the order of owners and ids.
    static Comparator<Place> order(List<Sort> keys) {
        var order = Comparator.<Place>comparingInt(_ -> 0);
        for (var i = 0; i < keys.size(); i++) {
            var at = i;
            var values =
                    keys.get(i).descending
                            ? Comparator.<Value>naturalOrder().reversed()
                            : Comparator.<Value>naturalOrder();
            order =
                    order.thenComparing(
                            place -> place.keys().get(at).orElse(null),
                            Comparator.nullsLast(values));
        }
        return order.thenComparing(Place::owner).thenComparing(Place::id);
    }
}
