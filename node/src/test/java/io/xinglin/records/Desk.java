package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.net.http.HttpRequest;
import java.util.UUID;

/// Someone at City First Hospital who writes over HTTP, and the patients they write about.
final class Desk {
    static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    static final Caller SYSTEM = new Caller.Service(CITY, "test");
    static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);
    static final String FHIR = "/fhir/city-first-hospital";

    private final Outside outside;

    Desk(Outside outside) {
        this.outside = outside;
    }

    /// A name that nothing else has.
    static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID();
    }

    static Caller self(String patient) {
        return new Caller.Patient(new PatientId(CITY, patient));
    }

    /// Stores a patient under a new id.
    String patient() {
        var id = unique("p");
        put("Patient/" + id, "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(id));
        return id;
    }

    /// Stores a laboratory result under a new id.
    String laboratory(String patient) {
        var id = unique("o");
        put("Observation/" + id, laboratory(id, patient));
        return "Observation/" + id;
    }

    static String laboratory(String id, String patient) {
        return """
        {"resourceType": "Observation", "id": "%s", "status": "final",
         "category": [{"coding": [{"code": "laboratory"}]}],
         "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
         "subject": {"reference": "Patient/%s"}}
        """
                .formatted(id, patient);
    }

    static String organization(String identifier) {
        return """
        {"resourceType": "Organization", "name": "Somewhere",
         "identifier": [{"system": "urn:t", "value": "%s"}]}
        """
                .formatted(identifier);
    }

    void put(String path, String json) {
        var answer = send("PUT", path, json);
        assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    }

    Outside.Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Outside.Answer send(String method, String path, String body, String... headers) {
        return send(STAFF, method, path, body, headers);
    }

    Outside.Answer send(Caller caller, String method, String path, String body, String... headers) {
        return sendAs(caller, "application/fhir+json", method, path, body, headers);
    }

    Outside.Answer sendAs(String type, String method, String path, String body, String... headers) {
        return sendAs(STAFF, type, method, path, body, headers);
    }

    Outside.Answer sendAs(
            Caller caller,
            String type,
            String method,
            String path,
            String body,
            String... headers) {
        var request = HttpRequest.newBuilder(outside.at(path.isEmpty() ? FHIR : FHIR + "/" + path));
        if (!body.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        request.method(
                method,
                body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        return outside.send(caller, request);
    }

    Outside.Answer bundle(String type, String... entries) {
        return outside.send(
                SYSTEM,
                "POST",
                FHIR,
                "{\"resourceType\": \"Bundle\", \"type\": \"%s\", \"entry\": [%s]}"
                        .formatted(type, String.join(",", entries)));
    }

    static String entry(String method, String url) {
        return "{\"request\": {\"method\": \"%s\", \"url\": \"%s\"}}".formatted(method, url);
    }

    static String entry(String method, String url, String resource) {
        return "{\"resource\": %s, \"request\": {\"method\": \"%s\", \"url\": \"%s\"}}"
                .formatted(resource, method, url);
    }
}
