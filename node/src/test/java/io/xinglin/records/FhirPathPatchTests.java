package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FhirPathPatchTests {
    private static final String PATIENT =
            """
            {"resourceType": "Patient", "id": "x", "active": true, "gender": "male",
             "identifier": [{"system": "a", "value": "1"}, {"system": "b", "value": "2"},
                            {"system": "c", "value": "3"}],
             "name": [{"family": "Zhao", "given": ["Yi", "Er"]}]}
            """;

    private static String patched(String... operations) {
        var patch =
                "{\"resourceType\": \"Parameters\", \"parameter\": [%s]}"
                        .formatted(String.join(",", operations));
        var resource =
                Patches.fhirPath(R4.json().parseResource(Parameters.class, patch), "the resource")
                        .given(() -> PATIENT.getBytes(StandardCharsets.UTF_8));
        return R4.json().encodeResourceToString(resource);
    }

    /// @param parts `name:kind=value` with blanks between; a value that begins with a brace is an element
    private static String operation(String parts) {
        var json = new StringBuilder();
        for (var part : parts.split(" +(?=[a-z]+:)", -1)) {
            var name = part.substring(0, part.indexOf(':'));
            var kind = part.substring(part.indexOf(':') + 1, part.indexOf('='));
            var value = part.substring(part.indexOf('=') + 1).strip();
            json.append(json.isEmpty() ? "" : ", ")
                    .append("{\"name\": \"%s\", ".formatted(name))
                    .append(
                            kind.equals("part")
                                    ? "\"part\": " + value
                                    : "\"value%s\": %s"
                                            .formatted(
                                                    kind,
                                                    value.matches("\\{.*|\\d+|true")
                                                            ? value
                                                            : "\"" + value + "\""))
                    .append('}');
        }
        return "{\"name\": \"operation\", \"part\": [" + json + "]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    type:Code=add path:String=Patient name:String=birthDate value:Date=1990-05-06; "birthDate":"1990-05-06"
                    type:Code=add path:String=Patient name:String=telecom value:ContactPoint={"value": "7"}; "telecom":[{"value":"7"}]
                    type:Code=add path:String=Patient name:String=identifier value:Identifier={"value": "4"}; {"system":"c","value":"3"},{"value":"4"}]
                    type:Code=add path:String=Patient.name[0] name:String=given value:String=San; "given":["Yi","Er","San"]
                    type:Code=add path:String=Patient name:String=deceased value:Boolean=true; "deceasedBoolean":true
                    type:Code=add path:String=Patient name:String=deceased value:DateTime=2020; "deceasedDateTime":"2020"
                    type:Code=add path:String=Patient name:String=maritalStatus value:CodeableConcept={"text": "M"}; "maritalStatus":{"text":"M"}
                    type:Code=add path:String=Patient name:String=contact value:part=[{"name": "name", "valueHumanName": {"text": "a friend"}}, {"name": "gender", "valueCode": "other"}]; "contact":[{"name":{"text":"a friend"},"gender":"other"}]
                    type:Code=add path:String=Patient name:String=extension value:Extension={"url": "urn:u", "valueString": "v"}; "extension":[{"url":"urn:u","valueString":"v"}]
                    type:Code=insert path:String=Patient.identifier value:Identifier={"value": "0"} index:Integer=0; "identifier":[{"value":"0"},{"system":"a"
                    type:Code=insert path:String=Patient.identifier value:Identifier={"value": "9"} index:Integer=3; {"system":"c","value":"3"},{"value":"9"}]
                    type:Code=insert path:String=Patient.name[0].given value:String=San index:Integer=1; "given":["Yi","San","Er"]
                    type:Code=insert path:String=Patient.address value:Address={"city": "x"} index:Integer=0; "address":[{"city":"x"}]
                    type:Code=delete path:String=Patient.identifier[0]; "identifier":[{"system":"b"
                    type:Code=delete path:String=Patient.identifier.where(system = 'b'); "identifier":[{"system":"a","value":"1"},{"system":"c","value":"3"}]
                    type:Code=delete path:String=Patient.name[0].given[0]; "given":["Er"]
                    type:Code=delete path:String=Patient.photo; "gender":"male"
                    type:Code=replace path:String=Patient.gender value:Code=female; "gender":"female"
                    type:Code=replace path:String=Patient.identifier.where(system = 'b' and value = '2').value value:String=7; {"system":"b","value":"7"}
                    type:Code=replace path:String=Patient.identifier.last() value:Identifier={"value": "7"}; {"system":"b","value":"2"},{"value":"7"}]
                    type:Code=replace path:String=Patient.name.first().family value:String=Qian; "family":"Qian"
                    type:Code=move path:String=Patient.identifier source:Integer=2 destination:Integer=0; "identifier":[{"system":"c","value":"3"},{"system":"a","value":"1"},{"system":"b"
                    type:Code=move path:String=Patient.identifier source:Integer=0 destination:Integer=2; {"system":"c","value":"3"},{"system":"a","value":"1"}]
                    """)
    void applies(String operation, String part) {
        assertThat(patched(operation(operation))).contains(part);
    }

    @Test
    void one_operation_after_the_other() {
        var patched =
                patched(
                        operation("type:Code=delete path:String=Patient.identifier[0]"),
                        operation("type:Code=delete path:String=Patient.identifier[0]"),
                        operation(
                                "type:Code=replace path:String=Patient.identifier[0].value"
                                        + " value:String=last"));

        assertThat(patched).contains("\"identifier\":[{\"system\":\"c\",\"value\":\"last\"}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    type:Code=add path:String=Patient name:String=gender value:Code=female; there already
                    type:Code=add path:String=Patient name:String=colour value:String=green; no element 'colour'
                    type:Code=add path:String=Patient.photo name:String=title value:String=x; names nothing
                    type:Code=add path:String=Patient.identifier name:String=value value:String=x; several
                    type:Code=add path:String=Patient name:String=maritalStatus value:String=x; takes no string
                    type:Code=add path:String=Patient name:String=deceased value:String=x; takes no string
                    type:Code=replace path:String=Patient.gender value:Code=green; cannot be
                    type:Code=replace path:String=Patient.active value:String=perhaps; cannot be
                    type:Code=replace path:String=Patient.photo value:Attachment={"title": "x"}; names nothing
                    type:Code=delete path:String=Patient.identifier; several
                    type:Code=delete path:String=Patient; no element
                    type:Code=replace path:String=Patient.id value:Id=other;
                    type:Code=insert path:String=Patient.identifier value:Identifier={"value": "0"} index:Integer=4; shorter
                    type:Code=move path:String=Patient.identifier source:Integer=3 destination:Integer=0; shorter
                    type:Code=add path:String=Patient name:String=contact value:part=[{"name": "colour", "valueString": "x"}]; no element 'colour'
                    type:Code=add path:String=Patient name:String=communication value:part=[{"name": "preferred", "valueBoolean": true}]; without Patient.communication.language
                    """)
    void says_why_it_cannot_be_applied(String operation, String why) {
        assertThatThrownBy(() -> patched(operation(operation)))
                .isInstanceOf(UnprocessableEntityException.class)
                .hasMessageContaining(why == null ? "" : why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type:Code=spring path:String=Patient",
                "type:Code=delete",
                "path:String=Patient",
                "type:Code=delete path:Integer=",
                "type:Code=add path:String=Patient name:String=birthDate",
                "type:Code=insert path:String=Patient.name value:HumanName={\"text\": \"x\"}",
                "type:Code=move path:String=Patient.name source:Integer=0",
                "type:Code=delete path:String=Patient.name path:String=Patient.gender",
                "type:Code=delete path:String=Patient.",
                "type:Code=delete path:String=Patient.name.where(",
                "type:Code=delete path:String=Patient.descendants()",
                "type:Code=delete path:String=Patient.repeat(children())",
                "type:Code=delete path:String=Patient.name.where(family.matches('(a+)+b'))",
                "type:Code=delete path:String=Patient.generalPractitioner.resolve()",
                "type:Code=delete path:String=Patient.name.where(1 'g' = 1000 'mg')",
                "type:Code=delete path:String=%resource.name",
                "type:Code=delete path:String=Patient.name.where(family = %ucum)"
            })
    void what_is_no_patch_is_refused(String operation) {
        assertThatThrownBy(
                        () ->
                                patched(
                                        operation(
                                                operation.replace(
                                                        "path:Integer=", "path:Integer=7"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void parameters_that_are_no_operations_are_refused() {
        assertThatThrownBy(() -> patched("{\"name\": \"x\", \"valueString\": \"y\"}"))
                .isInstanceOf(InvalidRequestException.class);
    }
}
