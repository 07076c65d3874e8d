package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class UnitsTests {
    private static final String UCUM = "http://unitsofmeasure.org";

    @ParameterizedTest
    @CsvSource({
        "5.4, g, 5400, mg, true",
        "5.4, g, 5.4, mg, false",
        "5.4, g, 5400, ug, false",
        "60, /min, 1, /s, true",
        "98.6, [degF], 37.0, Cel, true",
        "98.6, [degF], 38.0, Cel, false",
        "7.5, kPa, 56.25, mm[Hg], true",
        "1, mmol/L, 1, mg/dL, false",
        "1, [not-a-unit], 1, [not-a-unit], true"
    })
    void an_amount_is_found_in_another_unit(
            String asked, String askedUnit, String there, String unit, boolean isFound) {
        var comparison =
                QuantityComparison.of(NumberComparison.parse(asked).orElseThrow(), UCUM, askedUnit);
        var quantity =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"value": %s, "system": "%s", "code": "%s"}
                                """
                                        .formatted(there, UCUM, unit));

        assertThat(Quantity.in(quantity).anyMatch(comparison::matches)).isEqualTo(isFound);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10*999999999",
                "m99999",
                "((((",
                "",
                "m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m"
            })
    void a_unit_that_is_none_is_not_worked_at(String code) {
        assertThat(Units.scale(code).map(Units.Scale::unit))
                .isNotEqualTo(java.util.Optional.of("g"));
    }

    @ParameterizedTest
    @CsvSource({
        "5.4, 5.4, true",
        "5.4, 5.44, true",
        "5.4, 5.46, false",
        "5.40, 5.44, false",
        "1e2, 149, true",
        "gt5.4, 5.4, false",
        "gt5.4, 5.41, true",
        "ge5.4, 5.4, true",
        "lt5.4, 5.4, false",
        "le5.4, 5.4, true",
        "ne5.4, 5.4, false",
        "ne5.4, 6, true",
        "ap100, 109, true",
        "ap100, 111, false",
        "sa5, 5.1, true",
        "eb5, 5.1, false"
    })
    void a_number_is_as_precise_as_it_is_written(String asked, String there, boolean isFound) {
        assertThat(
                        NumberComparison.parse(asked)
                                .orElseThrow()
                                .matches(NumberSpan.of(new java.math.BigDecimal(there))))
                .isEqualTo(isFound);
    }

    @ParameterizedTest
    @CsvSource({"2024-01-02, true", "2023-12-31, true", "2024-01-03, false", "2023-12-29, false"})
    void the_longer_ago_a_date_is_the_vaguer_it_may_be(String there, boolean isFound) {
        var tenDaysLater = java.time.Instant.parse("2024-01-11T00:00:00Z");

        var about = DateComparison.parse("ap2024-01-01", tenDaysLater).orElseThrow();

        assertThat(about.matches(TimeSpan.parse(there).orElseThrow())).isEqualTo(isFound);
    }

    @Test
    void names_are_compared_without_case_accents_and_width() {
        assertThat(Texts.folded("Müller  ＬＩ")).isEqualTo("muller li");
        assertThat(Texts.gram("王小明")).contains("王小");
        assertThat(Texts.gram("li")).isEmpty();
    }
}
