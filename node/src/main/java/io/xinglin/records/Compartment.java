package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PatientId;
import java.util.Optional;

/// What is sealed together: everything of one owner and one class since a certain time.
///
/// @param key its number in the database
/// @param owner whose it is
/// @param purpose what its key is for: the sensitivity classes by their code, or [#INDEX]
/// @param epoch from 1 upwards; a withdrawal starts a new one
record Compartment(long key, Owner owner, int purpose, int epoch) {
    static final int INDEX = 0;

    /// Whose resources: a patient's, or no patient's and therefore the organisation's own.
    ///
    /// @param id the patient's logical id, or empty
    record Owner(MemberId custodian, String id) {
        static Owner of(PatientId patient) {
            return new Owner(patient.custodian(), patient.id());
        }

        static Owner organisation(MemberId custodian) {
            return new Owner(custodian, "");
        }

        Optional<PatientId> patient() {
            return id.isEmpty() ? Optional.empty() : Optional.of(new PatientId(custodian, id));
        }
    }
}
