package io.xinglin.records;

import io.xinglin.consent.RecordCategory;
import io.xinglin.log.Opening;
import io.xinglin.records.Compartment.Owner;
import java.time.Instant;
import java.util.List;

/// A version ready to be stored: sealed, labelled, indexed.
///
/// @param deletion whether the resource is deleted by it
/// @param resource the number of the resource it is the next version of; 0 for a new resource
@SuppressWarnings("ArrayRecordComponent") // Passed on to the database, never compared.
record NewVersion(
        VersionId id,
        boolean deletion,
        long resource,
        Owner owner,
        Compartment compartment,
        RecordCategory category,
        Instant written,
        long[] tokens,
        List<Long> identifiers,
        Opening opening,
        byte[] sealed) {

    @Override
    public String toString() {
        return "NewVersion[" + id + "]";
    }
}
