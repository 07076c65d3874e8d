package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Something large that goes on in the background, as it is stored.
///
/// @param sealed what is to be done, for whom, and the key of the job's file
/// @param place where it goes on; none if it has not begun
/// @param done how much of `total` is done
/// @param bytes how much of the job's file counts
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record Job(
        UUID id,
        MemberId custodian,
        Kind kind,
        State state,
        Instant created,
        Optional<Instant> ended,
        Optional<String> place,
        long done,
        long total,
        long bytes,
        byte[] sealed) {
    enum Kind {
        EXPORT,
        IMPORT
    }

    enum State {
        /// What it is to work on is still being sent.
        RECEIVING,
        ACTIVE,
        DONE,
        FAILED
    }

    /// One of the texts that a job keeps.
    ///
    /// @param type what its lines are
    record Text(int number, String type, long lines) {}
}
