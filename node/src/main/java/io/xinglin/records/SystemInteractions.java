package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.Bundle;

/// What can be done with an organisation's whole store. Public for the server, which calls it by reflection.
public final class SystemInteractions {
    private final FhirApi api;

    SystemInteractions(FhirApi api) {
        this.api = api;
    }

    /// Stores the entries of a transaction or batch that did not come as JSON.
    @Transaction
    public Bundle transaction(@TransactionParam Bundle bundle, RequestDetails request) {
        R4.refuseHugeNumbers(bundle);
        var json = R4.json().encodeResourceToString(bundle).getBytes(StandardCharsets.UTF_8);
        var answer = api.transaction(request, json);
        return R4.json().parseResource(Bundle.class, new String(answer, StandardCharsets.UTF_8));
    }
}
