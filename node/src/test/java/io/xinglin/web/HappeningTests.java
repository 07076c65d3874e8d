package io.xinglin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HappeningTests {
    private static final Instant NOON = Instant.parse("2026-03-05T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(1);

    @Test
    void facts_of_one_block_are_told_together() {
        var grant = Happening.of(7, NOON, "consent.grant");
        var anchor = Happening.of(7, NOON, "anchor.checkpoint");

        assertThat(grant.joins(anchor)).isTrue();
        assertThat(grant.and(anchor).facts())
                .isEqualTo(Map.of("consent.grant", 1, "anchor.checkpoint", 1));
    }

    @Test
    void blocks_that_bring_only_log_sizes_are_told_as_one() {
        var first = Happening.of(7, NOON, "anchor.checkpoint");
        var second = Happening.of(8, LATER, "anchor.checkpoint");

        assertThat(first.joins(second)).isTrue();
        assertThat(first.and(second))
                .isEqualTo(
                        new Happening(
                                7,
                                8,
                                LATER,
                                new java.util.TreeMap<>(Map.of("anchor.checkpoint", 2))));
    }

    @Test
    void a_consent_stands_alone() {
        var anchor = Happening.of(7, NOON, "anchor.checkpoint");
        var grant = Happening.of(8, LATER, "consent.grant");

        assertThat(anchor.joins(grant)).isFalse();
        assertThat(grant.joins(Happening.of(9, LATER, "anchor.checkpoint"))).isFalse();
    }
}
