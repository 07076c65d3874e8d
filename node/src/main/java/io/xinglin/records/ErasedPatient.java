package io.xinglin.records;

import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a patient is called where their id must not be.
final class ErasedPatient {
    private static final int BYTES = 16;

    private ErasedPatient() {}

    /// The same for the same patient, and nothing to who has no key of the custodian.
    static byte[] token(Identities identities, PatientId patient) {
        var mac =
                identities.mac(
                        patient.custodian(),
                        "erasure/patient",
                        patient.id().getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(mac, BYTES);
    }
}
