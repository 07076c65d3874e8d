package io.xinglin.records;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A date asked for with its prefix: `ge2024-03`.
record DateComparison(Prefix prefix, TimeSpan span) {
    private static final int APPROXIMATELY = 10;

    /// @param now what a date is approximate to: the longer ago, the vaguer
    static Optional<DateComparison> parse(String text, Instant now) {
        return Prefix.of(text)
                .flatMap(
                        asked ->
                                TimeSpan.parse(asked.value())
                                        .map(span -> of(asked.prefix(), span, now)));
    }

    private static DateComparison of(Prefix prefix, TimeSpan span, Instant now) {
        if (prefix != Prefix.AP) {
            return new DateComparison(prefix, span);
        }
        var tenth = Duration.between(span.from(), now).abs().dividedBy(APPROXIMATELY);
        return new DateComparison(
                prefix, new TimeSpan(span.from().minus(tenth), span.until().plus(tenth)));
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
            case AP -> span.overlaps(value);
        };
    }

    /// A span that every match overlaps, to narrow by; empty if nothing can be said.
    Optional<TimeSpan> reach() {
        return switch (prefix) {
            case EQ, AP -> Optional.of(span);
            case NE -> Optional.empty();
            case GT, GE, SA -> Optional.of(new TimeSpan(span.from(), TimeSpan.NEVER));
            case LT, LE, EB -> Optional.of(new TimeSpan(TimeSpan.EVER, span.until()));
        };
    }
}
