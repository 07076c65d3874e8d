package io.xinglin.records;

import java.math.BigDecimal;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The numbers between two, both included: for one number, that one.
record NumberSpan(BigDecimal low, BigDecimal high) {
    static final BigDecimal LEAST = new BigDecimal("-1e999");
    static final BigDecimal MOST = new BigDecimal("1e999");

    static NumberSpan of(BigDecimal number) {
        return new NumberSpan(number, number);
    }

    /// The number an element is.
    static Stream<NumberSpan> in(JsonNode element) {
        return element.isNumber() ? Stream.of(of(element.decimalValue())) : Stream.empty();
    }

    boolean contains(NumberSpan other) {
        return low.compareTo(other.low) <= 0 && other.high.compareTo(high) <= 0;
    }

    boolean overlaps(NumberSpan other) {
        return low.compareTo(other.high) <= 0 && other.low.compareTo(high) <= 0;
    }
}
