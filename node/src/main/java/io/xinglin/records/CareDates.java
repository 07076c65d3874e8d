package io.xinglin.records;

import io.xinglin.records.SearchParameter.Kind;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/// When the care took place that a resource tells of: the time from the first to the last of the dates it can be searched by.
final class CareDates {
    /// Dates of a life, not of care; and when something was stored.
    private static final Set<String> OTHERS = Set.of("birthdate", "death-date", "_lastUpdated");

    private CareDates() {}

    /// Whether a resource tells of care in this time. What tells of no time does.
    static boolean isIn(Match match, Optional<TimeSpan> care) {
        return care.isEmpty() || of(match).map(span -> span.overlaps(care.get())).orElse(true);
    }

    /// From the first date to the last.
    static Optional<TimeSpan> of(Match match) {
        var dates =
                R4.type(match.type()).orElseThrow().parameters().values().stream()
                        .filter(parameter -> parameter.kind() == Kind.DATE)
                        .filter(parameter -> !OTHERS.contains(parameter.name()))
                        .flatMap(parameter -> parameter.dates(match.json()).stream())
                        .toList();
        Optional<Instant> from = dates.stream().map(TimeSpan::from).min(Comparator.naturalOrder());
        Optional<Instant> until =
                dates.stream().map(TimeSpan::until).max(Comparator.naturalOrder());
        return from.map(begin -> new TimeSpan(begin, until.orElse(TimeSpan.NEVER)));
    }
}
