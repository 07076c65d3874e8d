package io.xinglin.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTests {
    @Test
    void members_are_sorted_and_nothing_is_spaced() {
        var text = "{ \"b\" : [ 1 , -2, {} , [] ] ,\n\t\"a\":\"x\" }";

        assertThat(JsonReader.object(text).text()).isEqualTo("{\"a\":\"x\",\"b\":[1,-2,{},[]]}");
    }

    @Test
    void strings_are_escaped_as_rfc_8785_does() {
        var text = "{\"s\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"}";

        assertThat(JsonReader.object(text).text())
                .isEqualTo("{\"s\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void characters_beyond_the_basic_plane_are_kept() {
        var text = "{\"s\":\"市第一医院 \\ud83d\\udc68\"}";

        assertThat(JsonReader.object(text).text()).isEqualTo("{\"s\":\"市第一医院 👨\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}x",
                "{\"a\":1,}",
                "{\"a\":[1,]}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":1.5}",
                "{\"a\":1e3}",
                "{\"a\":01}",
                "{\"a\":-0}",
                "{\"a\":+1}",
                "{\"a\":9007199254740992}",
                "{\"a\":99999999999999999999}",
                "{\"a\":null}",
                "{\"a\":true}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"a\":\"",
                "{\"a\" 1}",
                "{\"a\":[[[[[[[[[1]]]]]]]]]}",
                "{\"a\":1}\u0000",
                "\ufeff{}"
            })
    void what_could_be_understood_in_two_ways_is_refused(String text) {
        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(() -> JsonReader.object(text))
                .satisfies(v -> assertThat(v.code()).isEqualTo(ViolationCode.MALFORMED));
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        var bytes = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(ContractViolation.class)
                .isThrownBy(() -> JsonReader.object(bytes));
    }
}
