package io.xinglin.erasure;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PatientId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A patient's wish, and what became of it.
///
/// @param token what the patient is called where their id must not be
/// @param owner the patient's id; none once the record is erased
/// @param code the digest of what the patient can ask with instead of signing in
/// @param officer who decided
/// @param reason why it was refused
/// @param certificate sealed
@SuppressWarnings("ArrayRecordComponent") // Read and passed on, never compared.
record Erasure(
        UUID id,
        MemberId custodian,
        byte[] token,
        Optional<String> owner,
        byte[] code,
        Status status,
        Instant requested,
        Optional<String> officer,
        Optional<String> reason,
        Optional<byte[]> certificate) {

    /// The patient, while the record is there.
    ///
    /// @throws IllegalStateException afterwards
    PatientId patient() {
        return new PatientId(
                custodian,
                owner.orElseThrow(() -> new IllegalStateException(id + " has no patient")));
    }

    @Override
    public String toString() {
        return "Erasure[" + id + ", " + status + "]";
    }
}
