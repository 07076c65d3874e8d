package io.xinglin.records;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/// A small record, made of words that appear nowhere else.
final class Samples {
    static final String LOINC = "http://loinc.org";
    static final String NAME = "Quillfeather";
    static final String SECRET = "urn:test:mrn";

    private Samples() {}

    static Patient patient(String identifier) {
        var patient = new Patient();
        patient.addName().setFamily(NAME).addGiven("Zebulon");
        patient.addIdentifier().setSystem(SECRET).setValue(identifier);
        patient.addAddress().setCity("Nowhereville");
        return patient;
    }

    static Observation laboratory(String patient, String code, String when) {
        return observation(patient, "laboratory", code, when);
    }

    static Observation observation(String patient, String category, String code, String when) {
        var observation = new Observation();
        observation
                .setStatus(Observation.ObservationStatus.FINAL)
                .addCategory(
                        concept(
                                "http://terminology.hl7.org/CodeSystem/observation-category",
                                category))
                .setCode(concept(LOINC, code).setText("Glucose in moonlight"))
                .setSubject(new Reference(patient))
                .setEffective(new DateTimeType(when))
                .setValue(new Quantity(6.5));
        return observation;
    }

    static MedicationRequest prescription(String patient) {
        return new MedicationRequest()
                .setStatus(MedicationRequest.MedicationRequestStatus.ACTIVE)
                .setIntent(MedicationRequest.MedicationRequestIntent.ORDER)
                .setMedication(concept("http://www.nlm.nih.gov/research/umls/rxnorm", "314076"))
                .setSubject(new Reference(patient));
    }

    static Condition condition(String patient, String code) {
        return new Condition()
                .setCode(concept("http://snomed.info/sct", code))
                .setSubject(new Reference(patient));
    }

    static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }

    static Bundle transaction(Resource... resources) {
        return bundle(BundleType.TRANSACTION, _ -> {}, resources);
    }

    static Bundle bundle(
            BundleType type,
            Consumer<Bundle.BundleEntryRequestComponent> request,
            Resource... resources) {
        var bundle = new Bundle().setType(type);
        for (var resource : resources) {
            var entry = bundle.addEntry().setResource(resource);
            if (resource.hasId()) {
                entry.setFullUrl(resource.getId());
                resource.setId("");
            }
            entry.getRequest().setMethod(HTTPVerb.POST).setUrl(resource.fhirType());
            request.accept(entry.getRequest());
        }
        return bundle;
    }

    /// A patient with some of everything; the patient comes first.
    static Bundle record(String identifier) {
        var patient = patient(identifier);
        patient.setId("urn:uuid:aaaaaaaa-0000-4000-8000-000000000001");
        var resources = new ArrayList<Resource>(List.of(patient));
        resources.add(laboratory(patient.getId(), "2345-7", "2024-03-05T08:00:00Z"));
        resources.add(laboratory(patient.getId(), "718-7", "2024-06-01"));
        resources.add(
                observation(patient.getId(), "vital-signs", "8867-4", "2024-03-05T08:00:00Z"));
        resources.add(prescription(patient.getId()));
        resources.add(condition(patient.getId(), "44054006"));
        return transaction(resources.toArray(Resource[]::new));
    }

    static byte[] json(Resource resource) {
        return R4.json().encodeResourceToString(resource).getBytes(StandardCharsets.UTF_8);
    }
}
