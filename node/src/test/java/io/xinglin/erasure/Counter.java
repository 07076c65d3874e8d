package io.xinglin.erasure;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.util.UUID;

/// City First Hospital as patients and staff use it over HTTP.
final class Counter {
    static final Caller DOCTOR = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    static final Caller OFFICER = new Caller.Staff(CITY, "officer", PurposeOfUse.HOPERAT);
    static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);
    static final String ERASURES = "/erasures/city-first-hospital";
    static final String FHIR = "/fhir/city-first-hospital/";

    private final Outside outside;

    Counter(Outside outside) {
        this.outside = outside;
    }

    static Caller self(String patient) {
        return new Caller.Patient(new PatientId(CITY, patient));
    }

    /// Stores a patient who was seen in this year, and what was measured then.
    ///
    /// @param kind `AMB`, `IMP` and the like
    String patientSeenIn(int year, String kind) {
        var patient = "e-" + UUID.randomUUID();
        put(
                "Patient/" + patient,
                "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(patient));
        put(
                "Encounter/v-" + patient,
                """
                {"resourceType": "Encounter", "id": "v-%1$s", "status": "finished",
                 "class": {"code": "%2$s"}, "subject": {"reference": "Patient/%1$s"},
                 "period": {"start": "%3$s-03-01", "end": "%3$s-03-02"}}
                """
                        .formatted(patient, kind, year));
        put(
                observation(patient),
                """
                {"resourceType": "Observation", "id": "o-%1$s", "status": "final",
                 "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
                 "subject": {"reference": "Patient/%1$s"}}
                """
                        .formatted(patient));
        return patient;
    }

    static String observation(String patient) {
        return "Observation/o-" + patient;
    }

    private void put(String path, String json) {
        var answer = write(path, json);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    }

    Outside.Answer write(String path, String json) {
        return outside.send(DOCTOR, "PUT", FHIR + path, json);
    }

    Outside.Answer read(Caller caller, String path) {
        return outside.get(caller, FHIR + path);
    }

    /// The patient asks; the answer has the id and the code.
    Outside.Answer ask(String patient) {
        var answer = outside.send(self(patient), "POST", ERASURES, "");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer;
    }

    Outside.Answer decide(Caller caller, Outside.Answer asked, String decision) {
        return outside.send(
                caller,
                "POST",
                at(asked) + "/decision",
                "{\"decision\": " + decision + "}",
                "application/json");
    }

    /// The officer agrees.
    Outside.Answer agree(Outside.Answer asked) {
        var answer = decide(OFFICER, asked, "\"erase\"");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    static String at(Outside.Answer asked) {
        return ERASURES + "/" + asked.json().path("id").asString();
    }
}
