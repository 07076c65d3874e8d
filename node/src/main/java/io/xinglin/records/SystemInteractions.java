package io.xinglin.records;

import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome;

/// What can be done with an organisation's whole store, or with some types alone, told to the server, which routes by it. Nothing
/// of it is called: [StoredForm] has answered by then.
///
/// Public for the server, which looks at it by reflection.
@SuppressWarnings("DoNotCallSuggester") // Called by nobody.
public final class SystemInteractions {
    SystemInteractions() {}

    /// Stores the entries of a transaction or batch.
    @Transaction
    public Bundle transaction(@TransactionParam Bundle bundle, RequestDetails request) {
        throw answered();
    }

    /// The versions of everything.
    @History
    public IBundleProvider history(RequestDetails request) {
        throw answered();
    }

    /// A patient's record.
    @Operation(name = Operations.EVERYTHING, typeName = "Patient", idempotent = true)
    public Bundle everythingOfPatient(@IdParam(optional = true) IdType id, RequestDetails request) {
        throw answered();
    }

    /// What is about one encounter.
    @Operation(name = Operations.EVERYTHING, typeName = "Encounter", idempotent = true)
    public Bundle everythingOfEncounter(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    /// A patient's summary.
    @Operation(name = Operations.SUMMARY, typeName = "Patient", idempotent = true)
    public Bundle summary(@IdParam(optional = true) IdType id, RequestDetails request) {
        throw answered();
    }

    /// Exports everything.
    @Operation(name = Operations.EXPORT, idempotent = true)
    public OperationOutcome export(RequestDetails request) {
        throw answered();
    }

    /// Exports the records of patients.
    @Operation(name = Operations.EXPORT, typeName = "Patient", idempotent = true)
    public OperationOutcome exportOfPatients(RequestDetails request) {
        throw answered();
    }

    /// Exports the records of a group of patients.
    @Operation(name = Operations.EXPORT, typeName = "Group", idempotent = true)
    public OperationOutcome exportOfGroup(@IdParam IdType id, RequestDetails request) {
        throw answered();
    }

    private static IllegalStateException answered() {
        return new IllegalStateException("it is answered before it gets here");
    }
}
