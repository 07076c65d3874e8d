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
    void all_parameters_of_the_standard_are_offered_but_those_that_need_more_than_a_resource() {
        assertThat(R4.refused())
                .containsExactlyInAnyOrder(
                        "Location.near",
                        "Organization.phonetic",
                        "Patient.phonetic",
                        "Person.phonetic",
                        "Practitioner.phonetic",
                        "RelatedPerson.phonetic",
                        "InsurancePlan.phonetic");
    }

    @Test
    void every_parameter_that_is_offered_takes_a_value() {
        var understand = new Criteria(new Conditions("", java.time.Instant.EPOCH));

        assertThat(R4.types())
                .allSatisfy(
                        name -> {
                            var type = R4.type(name).orElseThrow();
                            for (var parameter : type.parameters().values()) {
                                assertThat(understand.of(type, parameter.name(), value(parameter)))
                                        .as(name + "." + parameter.name())
                                        .isInstanceOf(io.xinglin.records.Condition.class);
                            }
                        });
    }

    private static String value(SearchParameter parameter) {
        return switch (parameter.kind()) {
            case TOKEN, STRING, URI -> "x";
            case REFERENCE -> "Patient/x";
            case DATE -> "2024";
            case NUMBER, QUANTITY -> "1";
            case COMPOSITE ->
                    parameter.parts().getFirst().stream()
                            .map(part -> value(part.parameter()))
                            .reduce((one, other) -> one + "$" + other)
                            .orElseThrow();
        };
    }

    @Test
    void a_telephone_is_no_email() {
        var patient =
                json(
                        """
                        {"resourceType":"Patient","id":"p","deceasedDateTime":"2020",
                         "telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"}]}
                        """);

        assertThat(parameter("Patient", "phone").tokens(patient))
                .containsExactly(new Token(Optional.of("phone"), "1"));
        assertThat(parameter("Patient", "deceased").tokens(patient))
                .containsExactly(new Token(Optional.empty(), "true"));
        assertThat(parameter("Patient", "deceased").tokens(json("{}")))
                .containsExactly(new Token(Optional.empty(), "false"));
    }

    @Test
    void the_parts_of_a_composite_are_those_of_one_element() {
        var pressure =
                json(
                        """
                        {"resourceType":"Observation","code":{"coding":[{"code":"bp"}]},
                         "component":[
                           {"code":{"coding":[{"code":"sys"}]},"valueQuantity":{"value":120}},
                           {"code":{"coding":[{"code":"dia"}]},"valueQuantity":{"value":80}}]}
                        """);

        assertThat(matches("Observation", "component-code-value-quantity", "sys$gt100", pressure))
                .isTrue();
        assertThat(matches("Observation", "component-code-value-quantity", "dia$gt100", pressure))
                .isFalse();
        assertThat(matches("Observation", "combo-code-value-quantity", "dia$80", pressure))
                .isTrue();
        assertThat(matches("Observation", "combo-code-value-quantity", "bp$80", pressure))
                .isFalse();
    }

    @Test
    void what_is_in_a_bundle_is_pointed_at() {
        var document =
                json(
                        """
                        {"resourceType":"Bundle","entry":[
                          {"resource":{"resourceType":"Composition","id":"c"}},
                          {"resource":{"resourceType":"Patient","id":"p"}}]}
                        """);

        assertThat(parameter("Bundle", "composition").references(document))
                .containsExactly("Composition/c");
    }

    private static boolean matches(String type, String name, String value, JsonNode resource) {
        var criterion =
                new Conditions("", java.time.Instant.EPOCH).of(parameter(type, name), "", value);
        return criterion instanceof Condition condition && condition.matches(resource);
    }

    private static SearchParameter parameter(String type, String name) {
        return Optional.ofNullable(R4.type(type).orElseThrow().parameters().get(name))
                .orElseThrow();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
