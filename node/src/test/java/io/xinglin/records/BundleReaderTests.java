package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BundleReaderTests {
    @Test
    void entries_are_read_with_the_bytes_of_their_resources() {
        var request =
                read(
                        """
                        {"resourceType":"Bundle","type":"transaction","entry":[
                          {"resource":{"resourceType":"Patient","name":[{"text":"杏林 { \\" }"}]},
                           "fullUrl":"urn:uuid:1","request":{"method":"POST","url":"Patient"}},
                          {"fullUrl":"urn:uuid:2","request":{"method":"PUT","url":"Patient/7"},
                           "resource":{"resourceType":"Patient","id":"7"}}]}
                        """);

        var first = (Change) request.entries().getFirst().ask().get();
        var second = (Change) request.entries().getLast().ask().get();

        assertThat(request.atomic()).isTrue();
        assertThat(content(first).fhirType()).isEqualTo("Patient");
        assertThat(R4.json().encodeResourceToString(content(first))).contains("杏林 { \\\" }");
        assertThat(second.id()).hasValue("7");
    }

    @Test
    void a_body_that_ends_early_is_refused_with_the_place() {
        assertRefused("{\"resourceType\":\"Bundle\",", "not well-formed JSON", "line 1");
    }

    @Test
    void a_name_that_comes_twice_is_refused() {
        assertRefused(
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"type\":\"batch\"}", "uplicate");
    }

    @Test
    void another_type_of_bundle_or_resource_is_refused() {
        assertRefused("{\"resourceType\":\"Patient\"}", "A Bundle is expected");
        assertRefused(
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}", "transaction or batch");
        assertRefused("[]", "not a JSON object");
    }

    @Test
    void an_unknown_element_is_refused() {
        assertRefused("{\"resourceType\":\"Bundle\",\"entries\":[]}", "no element 'entries'");
    }

    private static org.hl7.fhir.r4.model.Resource content(Change change) {
        return change.content().given(() -> new byte[0]);
    }

    private static BundleReader.Request read(String json) {
        return BundleReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String json, String... why) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(BaseServerResponseException.class)
                .hasMessageContainingAll(why);
    }
}
