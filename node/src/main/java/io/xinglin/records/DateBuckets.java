package io.xinglin.records;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// The names of the years, months and days that a span of time touches, so that dates can be found by equality.
///
/// A span has its years, unless there are too many; its months, if they are few; its days, if they are few. Where a finer
/// level is left out, the coarser one says so (`y-2024*`: touches 2024, its months are not listed), so that a search of few
/// days finds long spans too. Matches are a superset; the caller compares the dates afterwards.
final class DateBuckets {
    private static final int DAYS_MAX = 31;
    private static final int MONTHS_MAX = 24;
    private static final int YEARS_MAX = 120;
    private static final String ALWAYS = "*";

    private DateBuckets() {}

    /// What a value is filed under.
    static List<String> of(TimeSpan span) {
        var levels = new Levels(span);
        if (levels.years > YEARS_MAX) {
            return List.of(ALWAYS);
        }
        var buckets = new ArrayList<String>(levels.years());
        if (levels.months > MONTHS_MAX) {
            buckets.addAll(starred(levels.years()));
            return buckets;
        }
        buckets.addAll(levels.months());
        buckets.addAll(levels.days > DAYS_MAX ? starred(levels.months()) : levels.days());
        return buckets;
    }

    /// Where every value that overlaps the span is filed; empty if that is everywhere.
    static List<String> covering(TimeSpan span) {
        var levels = new Levels(span);
        if (levels.years > YEARS_MAX) {
            return List.of();
        }
        var buckets = new ArrayList<String>(List.of(ALWAYS));
        if (levels.months > MONTHS_MAX) {
            buckets.addAll(levels.years());
            return buckets;
        }
        buckets.addAll(starred(levels.years()));
        if (levels.days > DAYS_MAX) {
            buckets.addAll(levels.months());
            return buckets;
        }
        buckets.addAll(starred(levels.months()));
        buckets.addAll(levels.days());
        return buckets;
    }

    private static List<String> starred(List<String> buckets) {
        return buckets.stream().map(bucket -> bucket + "*").toList();
    }

    private static final class Levels {
        private final LocalDate first;
        private final long days;
        private final long months;
        private final long years;

        Levels(TimeSpan span) {
            first = span.from().atOffset(ZoneOffset.UTC).toLocalDate();
            var last = span.until().minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate();
            days = ChronoUnit.DAYS.between(first, last) + 1;
            months = ChronoUnit.MONTHS.between(YearMonth.from(first), YearMonth.from(last)) + 1;
            years = last.getYear() - first.getYear() + 1L;
        }

        List<String> years() {
            var names = new ArrayList<String>();
            for (var i = 0; i < years; i++) {
                names.add("y-" + (first.getYear() + i));
            }
            return names;
        }

        List<String> months() {
            var names = new ArrayList<String>();
            for (var i = 0; i < months; i++) {
                names.add("m-" + YearMonth.from(first).plusMonths(i));
            }
            return names;
        }

        List<String> days() {
            var names = new ArrayList<String>();
            for (var i = 0; i < days; i++) {
                names.add("d-" + first.plusDays(i));
            }
            return names;
        }
    }
}
