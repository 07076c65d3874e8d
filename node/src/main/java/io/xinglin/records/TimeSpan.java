package io.xinglin.records;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The time that a FHIR date covers: `2024-03` is all of March. Where no zone is given, UTC is meant.
///
/// @param from the first instant
/// @param until the first instant after it
/// @spec https://hl7.org/fhir/R4/search.html#date FHIR R4, date search
record TimeSpan(Instant from, Instant until) {
    static final Instant EVER = Instant.parse("0001-01-01T00:00:00Z");
    static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    /// The spans an element holds: a date, a Period, or the parts of a Timing. What is not a date is none.
    static Stream<TimeSpan> in(JsonNode element) {
        if (element.isString()) {
            return parse(element.stringValue()).stream();
        }
        if (element.has("start") || element.has("end")) {
            var start = text(element, "start").flatMap(TimeSpan::parse).map(TimeSpan::from);
            var end = text(element, "end").flatMap(TimeSpan::parse).map(TimeSpan::until);
            return Stream.of(new TimeSpan(start.orElse(EVER), end.orElse(NEVER)));
        }
        var events = element.has("event") ? element.get("event").valueStream() : null;
        if (events != null) {
            return events.flatMap(TimeSpan::in);
        }
        var bounds = element.path("repeat").path("boundsPeriod");
        return bounds.isObject() ? in(bounds) : Stream.empty();
    }

    private static Optional<String> text(JsonNode element, String name) {
        var text = element.get(name);
        return text == null || !text.isString()
                ? Optional.empty()
                : Optional.of(text.stringValue());
    }

    /// A date of any precision from the year to fractions of a second, between [#EVER] and [#NEVER].
    static Optional<TimeSpan> parse(String text) {
        try {
            return Optional.of(
                            switch (text.length()) {
                                case 4 -> years(Year.parse(text));
                                case 7 -> months(YearMonth.parse(text));
                                case 10 -> days(LocalDate.parse(text));
                                default -> time(text);
                            })
                    .filter(span -> !span.from.isBefore(EVER) && span.from.isBefore(NEVER));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static TimeSpan years(Year year) {
        return between(year.atDay(1), year.plusYears(1).atDay(1));
    }

    private static TimeSpan months(YearMonth month) {
        return between(month.atDay(1), month.plusMonths(1).atDay(1));
    }

    private static TimeSpan days(LocalDate day) {
        return between(day, day.plusDays(1));
    }

    private static TimeSpan between(LocalDate from, LocalDate until) {
        return new TimeSpan(
                from.atStartOfDay().toInstant(ZoneOffset.UTC),
                until.atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private static TimeSpan time(String text) {
        var zoned =
                text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d")
                        ? OffsetDateTime.parse(text).toInstant()
                        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        var unit =
                text.indexOf('.') >= 0
                        ? ChronoUnit.MILLIS
                        : text.matches(".*T\\d\\d:\\d\\d([Z+-].*)?")
                                ? ChronoUnit.MINUTES
                                : ChronoUnit.SECONDS;
        return new TimeSpan(zoned, zoned.plus(1, unit));
    }

    boolean overlaps(TimeSpan other) {
        return from.isBefore(other.until) && other.from.isBefore(until);
    }

    boolean contains(TimeSpan other) {
        return !other.from.isBefore(from) && !other.until.isAfter(until);
    }
}
