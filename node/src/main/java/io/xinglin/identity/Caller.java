package io.xinglin.identity;

import io.xinglin.contracts.MemberId;

/// Who is asking, as their verified token says. The caller never states it.
public sealed interface Caller {
    /// The organisation whose token this is: the one in the path of the request.
    MemberId custodian();

    /// A patient, reading their own record.
    record Patient(PatientId patient) implements Caller {
        @Override
        public MemberId custodian() {
            return patient.custodian();
        }
    }

    /// A practitioner of the custodian itself.
    ///
    /// @param practitioner the id of the FHIR Practitioner at the custodian
    record Staff(MemberId custodian, String practitioner, PurposeOfUse purpose) implements Caller {}

    /// A system of the custodian itself that writes and reads for it.
    ///
    /// @param client its OAuth client id
    record Service(MemberId custodian, String client) implements Caller {}

    /// A practitioner of another member, vouched for by that member's signature.
    ///
    /// @param organisation the member that asks
    /// @param practitioner who asks there
    record Peer(
            MemberId custodian, MemberId organisation, String practitioner, PurposeOfUse purpose)
            implements Caller {}
}
