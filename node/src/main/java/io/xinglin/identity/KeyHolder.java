package io.xinglin.identity;

import io.xinglin.contracts.MemberId;

/// Someone whose keys this node keeps: who signs a transaction, or for whom a key is wrapped.
public sealed interface KeyHolder {
    /// The organisation under whose roof the keys are kept.
    MemberId member();

    /// An organisation of this node.
    record Organisation(MemberId member) implements KeyHolder {}

    /// A patient of an organisation of this node, who has other keys at every custodian.
    record Patient(PatientId patient) implements KeyHolder {
        @Override
        public MemberId member() {
            return patient.custodian();
        }
    }

    /// A practitioner of an organisation of this node. They sign; nothing is wrapped for them.
    record Practitioner(PractitionerId practitioner) implements KeyHolder {
        @Override
        public MemberId member() {
            return practitioner.organisation();
        }
    }
}
