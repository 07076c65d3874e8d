package io.xinglin.records;

import java.time.Instant;

/// What became of a [Change].
///
/// @param how what happened
/// @param written when this version was stored
@SuppressWarnings("ArrayRecordComponent") // Answered at once, never compared.
record Written(VersionId id, How how, Instant written, byte[] json) {

    /// What happened to the resource.
    enum How {
        CREATED,
        UPDATED,
        /// A conditional create found it there.
        FOUND
    }

    @Override
    public String toString() {
        return "Written[" + id + ", " + how + "]";
    }
}
