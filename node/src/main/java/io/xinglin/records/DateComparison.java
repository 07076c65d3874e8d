package io.xinglin.records;

import java.util.Locale;
import java.util.Optional;

/// A date asked for with its prefix: `ge2024-03`.
///
/// @spec https://hl7.org/fhir/R4/search.html#prefix FHIR R4, prefixes
record DateComparison(Prefix prefix, TimeSpan span) {

    enum Prefix {
        EQ,
        NE,
        GT,
        LT,
        GE,
        LE,
        SA,
        EB
    }

    static Optional<DateComparison> parse(String text) {
        if (text.length() > 2 && Character.isLetter(text.charAt(0))) {
            return prefix(text.substring(0, 2))
                    .flatMap(
                            prefix ->
                                    TimeSpan.parse(text.substring(2))
                                            .map(span -> new DateComparison(prefix, span)));
        }
        return TimeSpan.parse(text).map(span -> new DateComparison(Prefix.EQ, span));
    }

    private static Optional<Prefix> prefix(String text) {
        try {
            return Optional.of(Prefix.valueOf(text.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean matches(TimeSpan value) {
        return switch (prefix) {
            case EQ -> span.contains(value);
            case NE -> !span.contains(value);
            case GT -> value.until().isAfter(span.until());
            case LT -> value.from().isBefore(span.from());
            case GE -> value.until().isAfter(span.until()) || span.contains(value);
            case LE -> value.from().isBefore(span.from()) || span.contains(value);
            case SA -> !value.from().isBefore(span.until());
            case EB -> !value.until().isAfter(span.from());
        };
    }

    /// A span that every match overlaps, to narrow by; empty if nothing can be said.
    Optional<TimeSpan> reach() {
        return switch (prefix) {
            case EQ -> Optional.of(span);
            case NE -> Optional.empty();
            case GT, GE, SA -> Optional.of(new TimeSpan(span.from(), TimeSpan.NEVER));
            case LT, LE, EB -> Optional.of(new TimeSpan(TimeSpan.EVER, span.until()));
        };
    }
}
