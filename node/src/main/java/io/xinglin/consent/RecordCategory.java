package io.xinglin.consent;

/// The parts of a record that a patient can share or keep back, in their words.
public enum RecordCategory {
    /// Name, birth date, address.
    DEMOGRAPHICS,
    /// Laboratory results and reports.
    LABORATORY,
    /// Blood pressure, weight and other measurements.
    VITAL_SIGNS,
    /// Prescriptions, dispensed and administered medicines.
    PRESCRIPTIONS,
    /// Problems and diagnoses.
    CONDITIONS,
    /// Allergies and intolerances.
    ALLERGIES,
    /// Vaccinations.
    IMMUNIZATIONS,
    /// Procedures and operations.
    PROCEDURES,
    /// Imaging studies.
    IMAGING,
    /// Care plans, goals and care teams.
    CARE_PLANS,
    /// Letters and documents.
    DOCUMENTS,
    /// Visits and appointments.
    ENCOUNTERS,
    /// Claims, bills and coverage.
    CLAIMS,
    /// Anything else about the patient.
    OTHER
}
