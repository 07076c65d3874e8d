package io.xinglin.records;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// A number asked for with its prefix: `gt5.40`.
///
/// @param value the number as written
/// @param precise what equals it as precisely as it is written: 5.40 is from 5.395 to 5.405
/// @param near what is approximately it: a tenth more or less
/// @spec https://hl7.org/fhir/R4/search.html#number FHIR R4, number search
record NumberComparison(Prefix prefix, BigDecimal value, NumberSpan precise, NumberSpan near) {
    private static final Pattern FORM =
            Pattern.compile("[+-]?\\d{1,30}(\\.\\d{1,30})?([eE][+-]?\\d{1,2})?");
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal TENTH = new BigDecimal("0.1");

    static Optional<NumberComparison> parse(String text) {
        return Prefix.of(text)
                .filter(asked -> FORM.matcher(asked.value()).matches())
                .map(asked -> of(asked.prefix(), new BigDecimal(asked.value())));
    }

    private static NumberComparison of(Prefix prefix, BigDecimal value) {
        var half = HALF.scaleByPowerOfTen(-value.scale());
        var tenth = value.abs().multiply(TENTH).max(half);
        return new NumberComparison(
                prefix,
                value,
                new NumberSpan(value.subtract(half), value.add(half)),
                new NumberSpan(value.subtract(tenth), value.add(tenth)));
    }

    /// The same in another unit.
    NumberComparison converted(UnaryOperator<BigDecimal> to) {
        return new NumberComparison(
                prefix,
                to.apply(value),
                new NumberSpan(to.apply(precise.low()), to.apply(precise.high())),
                new NumberSpan(to.apply(near.low()), to.apply(near.high())));
    }

    boolean matches(NumberSpan there) {
        return switch (prefix) {
            case EQ -> precise.contains(there);
            case NE -> !precise.contains(there);
            case GT -> there.high().compareTo(value) > 0;
            case LT -> there.low().compareTo(value) < 0;
            case GE -> there.high().compareTo(value) >= 0;
            case LE -> there.low().compareTo(value) <= 0;
            case SA -> there.low().compareTo(value) > 0;
            case EB -> there.high().compareTo(value) < 0;
            case AP -> near.overlaps(there);
        };
    }
}
