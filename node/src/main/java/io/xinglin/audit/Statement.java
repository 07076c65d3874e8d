package io.xinglin.audit;

import io.xinglin.consent.ConsentId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.log.EntryKind;
import io.xinglin.records.AccessEvent;
import io.xinglin.records.AccessEvent.Access;
import io.xinglin.records.AccessEvent.Disclosed;
import io.xinglin.records.AccessEvent.Refused;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the log commits to for an access: who asked whom for what, why, and what came of it. Ids only.
///
/// @param json the exact bytes that are committed to, as text
record Statement(String json) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static Statement of(AccessEvent event) {
        var access = event.access();
        var statement = new LinkedHashMap<String, Object>();
        statement.put("kind", event instanceof Disclosed ? "disclosure" : "refusal");
        statement.put("org", access.reader().custodian().value());
        statement.put("access", access.id().toString());
        statement.put("time", access.at().toString());
        statement.put("patient", access.patient().map(PatientId::id).orElse(""));
        statement.put("reader", reader(access.reader()));
        statement.put("interaction", access.interaction().name());
        statement.put("type", access.type());
        statement.put("categories", access.categories().stream().map(Enum::name).sorted().toList());
        switch (event) {
            case Disclosed(Access _, var versions, var basis) -> {
                statement.put("versions", versions);
                statement.put(
                        "consents", basis.stream().map(ConsentId::toString).sorted().toList());
            }
            case Refused(Access _, var reason) -> statement.put("reason", reason.name());
        }
        return new Statement(JSON.writeValueAsString(statement));
    }

    private static Map<String, String> reader(Caller reader) {
        return switch (reader) {
            case Caller.Patient _ -> Map.of("kind", "patient", "purpose", "PATRQT");
            case Caller.Staff(var custodian, var practitioner, var purpose) ->
                    person("staff", custodian.value(), practitioner, purpose.name());
            case Caller.Peer(var _, var organisation, var practitioner, var purpose) ->
                    person("peer", organisation.value(), practitioner, purpose.name());
            case Caller.Service(var custodian, var client) -> {
                var service = new LinkedHashMap<String, String>();
                service.put("kind", "service");
                service.put("organisation", custodian.value());
                service.put("client", client);
                service.put("purpose", "HOPERAT");
                yield service;
            }
        };
    }

    private static Map<String, String> person(
            String kind, String organisation, String practitioner, String purpose) {
        var person = new LinkedHashMap<String, String>();
        person.put("kind", kind);
        person.put("organisation", organisation);
        person.put("practitioner", practitioner);
        person.put("purpose", purpose);
        return person;
    }

    byte[] bytes() {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    JsonNode tree() {
        return JSON.readTree(json);
    }

    EntryKind entryKind() {
        return text("kind").equals("disclosure") ? EntryKind.DISCLOSURE : EntryKind.REFUSAL;
    }

    String text(String name) {
        return tree().path(name).asString("");
    }

    List<String> list(String name) {
        return tree().path(name).valueStream().map(JsonNode::asString).toList();
    }

    /// It names a patient.
    @Override
    public String toString() {
        return "Statement[redacted]";
    }
}
