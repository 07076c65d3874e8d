package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Who asked for a job, kept with it.
final class Requester {
    private Requester() {}

    static ObjectNode json(Caller caller) {
        var json = JsonMapper.shared().createObjectNode();
        json.put("custodian", caller.custodian().value());
        return switch (caller) {
            case Caller.Patient(var patient) -> json.put("patient", patient.id());
            case Caller.Service(_, var client) -> json.put("client", client);
            case Caller.Staff(_, var practitioner, var purpose) ->
                    json.put("practitioner", practitioner).put("purpose", purpose.name());
            case Caller.Peer(_, var organisation, var practitioner, var purpose) ->
                    json.put("organisation", organisation.value())
                            .put("practitioner", practitioner)
                            .put("purpose", purpose.name());
        };
    }

    static Caller caller(JsonNode json) {
        var custodian = new MemberId(json.get("custodian").stringValue());
        if (json.has("patient")) {
            return new Caller.Patient(new PatientId(custodian, json.get("patient").stringValue()));
        }
        if (json.has("client")) {
            return new Caller.Service(custodian, json.get("client").stringValue());
        }
        var practitioner = json.get("practitioner").stringValue();
        var purpose = PurposeOfUse.valueOf(json.get("purpose").stringValue());
        return json.has("organisation")
                ? new Caller.Peer(
                        custodian,
                        new MemberId(json.get("organisation").stringValue()),
                        practitioner,
                        purpose)
                : new Caller.Staff(custodian, practitioner, purpose);
    }
}
