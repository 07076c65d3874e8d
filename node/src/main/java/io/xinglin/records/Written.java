package io.xinglin.records;

import java.time.Instant;
import java.util.Optional;

/// What became of a [Change].
///
/// @param id the version that was stored or found; none if there never was anything to delete
/// @param how what happened
/// @param written when this version was stored
@SuppressWarnings("ArrayRecordComponent") // Answered at once, never compared.
record Written(Optional<VersionId> id, How how, Instant written, byte[] json) {

    /// What happened to the resource.
    enum How {
        /// It is new, or back from its deletion.
        CREATED,
        UPDATED,
        DELETED,
        /// A conditional create found it there.
        FOUND,
        /// There was nothing to delete.
        ABSENT;

        /// Whether it is there afterwards.
        boolean isThere() {
            return switch (this) {
                case CREATED, UPDATED, FOUND -> true;
                case DELETED, ABSENT -> false;
            };
        }
    }

    @Override
    public String toString() {
        return "Written[" + id + ", " + how + "]";
    }
}
