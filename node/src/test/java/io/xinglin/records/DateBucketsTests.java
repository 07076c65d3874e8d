package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DateBucketsTests {
    private static final Instant START = Instant.parse("1990-01-01T00:00:00Z");

    @Test
    void whatever_overlaps_is_found() {
        var random = new Random(42);
        for (var i = 0; i < 50_000; i++) {
            var value = span(random);
            var wanted = span(random);
            if (value.overlaps(wanted)) {
                var covering = new HashSet<>(DateBuckets.covering(wanted));
                if (!covering.isEmpty()) {
                    assertThat(DateBuckets.of(value))
                            .as("%s in %s", value, wanted)
                            .anyMatch(covering::contains);
                }
            }
        }
    }

    @Test
    void a_day_is_filed_under_its_year_month_and_day() {
        assertThat(DateBuckets.of(TimeSpan.parse("2024-02-29").orElseThrow()))
                .containsExactly("y-2024", "m-2024-02", "d-2024-02-29");
    }

    @Test
    void a_search_of_one_day_does_not_find_another_in_the_month() {
        var wanted = DateBuckets.covering(TimeSpan.parse("2024-02-28").orElseThrow());

        assertThat(DateBuckets.of(TimeSpan.parse("2024-02-29").orElseThrow()))
                .doesNotContainAnyElementsOf(wanted);
    }

    @Test
    void a_span_without_end_is_found_by_any_day() {
        var value = new TimeSpan(START, TimeSpan.NEVER);

        assertThat(DateBuckets.of(value))
                .containsAnyElementsOf(
                        DateBuckets.covering(TimeSpan.parse("2024-02-29").orElseThrow()));
    }

    private static TimeSpan span(Random random) {
        var from = START.plus(random.nextInt(20_000), ChronoUnit.DAYS);
        var length =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextLong(1, 100_000);
                    case 1 -> random.nextLong(1, 40L * 86_400);
                    case 2 -> random.nextLong(1, 1000L * 86_400);
                    default -> random.nextLong(1, 60_000L * 86_400);
                };
        return new TimeSpan(from, from.plusSeconds(length));
    }
}
