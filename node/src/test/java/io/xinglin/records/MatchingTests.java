package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class MatchingTests {
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");

    @Autowired private Records records;
    @Autowired private Matching matching;

    private final String identifier = "matching-" + UUID.randomUUID();

    private List<String> stored() {
        return records.transaction(CITY, Samples.record(identifier), SYSTEM).getEntry().stream()
                .map(entry -> entry.getResponse().getLocation().replaceAll("/_history.*", ""))
                .toList();
    }

    private List<String> found(String type, String criteria, int most) {
        return matching.find(CITY, type, criteria, most).stream()
                .map(row -> row.id().resource().reference())
                .toList();
    }

    @Test
    void a_write_may_name_a_resource_by_what_it_is() {
        var stored = stored();

        assertThat(found("Patient", "identifier=urn:test:mrn%7C" + identifier, 2))
                .containsExactly(stored.getFirst());
        assertThat(found("Observation", "code=718-7&patient=" + stored.getFirst(), 2))
                .containsExactly(stored.get(2));
        assertThat(found("Observation", "code=nothing&patient=" + stored.getFirst(), 2)).isEmpty();
    }

    @Test
    void two_are_enough_to_know_that_it_is_not_one() {
        var stored = stored();

        assertThat(found("Observation", "patient=" + stored.getFirst(), 2)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identifier", "colour=green", "_count=7", "code=%zz"})
    void what_is_not_understood_names_nothing(String criteria) {
        assertThatThrownBy(() -> matching.find(CITY, "Observation", criteria, 2))
                .isInstanceOf(InvalidRequestException.class);
    }
}
