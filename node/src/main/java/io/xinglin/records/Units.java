package io.xinglin.records;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.Pair;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.fhir.ucum.UcumService;

/// Units of measure in which the same amount can be said: 5.4 g is 5400 mg.
///
/// @spec https://ucum.org/ucum The Unified Code for Units of Measure
final class Units {
    static final String SYSTEM = "http://unitsofmeasure.org";

    /// Beyond these digits conversions differ by how they were rounded.
    private static final MathContext DIGITS = new MathContext(15);

    private static final int CODE_LENGTH_MAX = 64;

    /// An exponent of many digits would be written out.
    private static final Pattern LONG_NUMBER = Pattern.compile("\\d{4}");

    private static final int CACHED_MAX = 5_000;

    /// With digits enough that none of the factor is rounded away.
    private static final String ONE = "1.0000000000000000000000000";

    /// Units whose zero is not nothing, which the library leaves out.
    private static final Map<String, Scale> TEMPERATURES =
            Map.of(
                    "K", new Scale("K", BigDecimal.ONE, BigDecimal.ZERO),
                    "Cel", new Scale("K", BigDecimal.ONE, new BigDecimal("273.15")),
                    "[degF]",
                            new Scale(
                                    "K",
                                    new BigDecimal(5)
                                            .divide(new BigDecimal(9), MathContext.DECIMAL128),
                                    new BigDecimal("459.67")
                                            .multiply(new BigDecimal(5))
                                            .divide(new BigDecimal(9), MathContext.DECIMAL128)));

    private static final Cache<String, Optional<Scale>> SCALES =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).build();

    private Units() {}

    /// How amounts of a unit are said in base units.
    ///
    /// @param unit the base units
    record Scale(String unit, BigDecimal factor, BigDecimal offset) {
        BigDecimal convert(BigDecimal amount) {
            return amount.multiply(factor).add(offset).round(DIGITS);
        }

        NumberSpan convert(NumberSpan span) {
            return new NumberSpan(convert(span.low()), convert(span.high()));
        }
    }

    /// The scale of a unit; none if it is not one that can be converted.
    static Optional<Scale> scale(String code) {
        var known = SCALES.getIfPresent(code);
        if (known != null) {
            return known;
        }
        var scale = Optional.ofNullable(TEMPERATURES.get(code)).or(() -> canonical(code));
        SCALES.put(code, scale);
        return scale;
    }

    private static Optional<Scale> canonical(String code) {
        if (code.isEmpty() || code.length() > CODE_LENGTH_MAX || LONG_NUMBER.matcher(code).find()) {
            return Optional.empty();
        }
        try {
            var base = Library.canonical(new Pair(new Decimal(ONE), code));
            var factor = new BigDecimal(base.getValue().asDecimal());
            return Optional.of(new Scale(base.getCode(), factor, BigDecimal.ZERO));
        } catch (UcumException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /// Read when the first unit is converted.
    private static final class Library {
        private static final UcumService UCUM = read();

        /// The library does not say that it is for several threads.
        private static synchronized Pair canonical(Pair amount) throws UcumException {
            return UCUM.getCanonicalForm(amount);
        }

        private static UcumService read() {
            try (var definitions =
                    UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml")) {
                return new UcumEssenceService(definitions);
            } catch (UcumException | java.io.IOException e) {
                throw new IllegalStateException("the units of measure cannot be read", e);
            }
        }
    }
}
