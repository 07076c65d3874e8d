package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SearchParameterTests {
    private static final String CONDITION =
            """
            {"resourceType":"Condition","id":"c",
             "code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"},{"code":"E11"}]},
             "subject":{"reference":"Patient/17/_history/3"},
             "onsetDateTime":"2019-05"}
            """;

    @Test
    void codes_are_found_with_their_systems() {
        var tokens = parameter("Condition", "code").tokens(json(CONDITION));

        assertThat(tokens)
                .containsExactly(
                        new Token(Optional.of("http://snomed.info/sct"), "44054006"),
                        new Token(Optional.empty(), "E11"));
    }

    @Test
    void a_choice_of_types_is_found_by_the_type_asked_for() {
        var dates = parameter("Condition", "onset-date").dates(json(CONDITION));

        assertThat(dates).containsExactly(TimeSpan.parse("2019-05").orElseThrow());
    }

    @Test
    void a_reference_is_found_without_its_version() {
        assertThat(parameter("Condition", "subject").references(json(CONDITION)))
                .containsExactly("Patient/17");
    }

    @Test
    void a_reference_to_something_else_than_a_patient_is_not_the_patient() {
        var device = json("{\"subject\":{\"reference\":\"Group/1\"}}");

        assertThat(parameter("Condition", "patient").references(device)).isEmpty();
        assertThat(parameter("Condition", "subject").references(device)).containsExactly("Group/1");
    }

    @Test
    void every_patient_parameter_of_the_compartment_is_understood() {
        assertThat(R4.types())
                .allSatisfy(
                        type ->
                                assertThat(
                                                R4
                                                        .context()
                                                        .getResourceDefinition(type)
                                                        .getSearchParams()
                                                        .stream()
                                                        .filter(p -> p.getName().equals("patient"))
                                                        .map(p -> p.getName()))
                                        .allMatch(
                                                R4.type(type).orElseThrow().parameters()
                                                        ::containsKey));
    }

    @Test
    void what_cannot_be_walked_is_not_offered() {
        assertThat(R4.type("Patient").orElseThrow().parameters())
                .containsKeys("identifier", "birthdate", "gender")
                .doesNotContainKeys("deceased", "name");
    }

    private static SearchParameter parameter(String type, String name) {
        return Optional.ofNullable(R4.type(type).orElseThrow().parameters().get(name))
                .orElseThrow();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
