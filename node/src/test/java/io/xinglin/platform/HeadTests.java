package io.xinglin.platform;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@TestNode
@Import(Outside.class)
class HeadTests {
    private static final Caller STAFF = new Caller.Staff(CITY, "wu", PurposeOfUse.TREAT);
    private static final Caller PATIENT = new Caller.Patient(new PatientId(CITY, "head"));

    @Autowired Outside outside;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ledger",
                "/consents/city-first-hospital",
                "/fhir/city-first-hospital/Patient?identifier=none"
            })
    void what_can_be_read_answers_head_without_a_body(String path) {
        var caller = path.startsWith("/consents") ? PATIENT : STAFF;
        var read = outside.get(caller, path);

        var head = head(caller, path);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo(read.header("Content-Type"));
    }

    @Test
    void what_is_not_there_is_not_there_for_head() {
        assertThat(head(STAFF, "/fhir/city-first-hospital/Patient/none").status()).isEqualTo(404);
    }

    private Outside.Answer head(Caller caller, String path) {
        return outside.send(caller, HttpRequest.newBuilder(outside.at(path)).HEAD());
    }
}
