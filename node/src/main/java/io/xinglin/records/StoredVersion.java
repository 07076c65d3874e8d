package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.log.EntryId;
import io.xinglin.records.Compartment.Owner;
import java.time.Instant;

/// A row of a sealed version, with what the database says about its resource.
///
/// @param resource the resource's number in the database
/// @param owner whose compartment the resource is in
/// @param currentClass the classes of the resource's newest version, by their code
/// @param currentCategory the category of the newest version, by its code
/// @param deleted whether the newest version is a deletion
/// @param category the category of this version, by its code
/// @param purpose the classes of this version, by their code
@SuppressWarnings("ArrayRecordComponent") // Rows are read and passed on, never compared.
record StoredVersion(
        VersionId id,
        long resource,
        Owner owner,
        int currentClass,
        int currentCategory,
        boolean deleted,
        int category,
        long compartment,
        int purpose,
        Instant written,
        EntryId entry,
        byte[] sealed) {

    /// Whether it may be shown, by its own labels and by those the resource has now.
    boolean isCoveredBy(Permit permit) {
        return permit.covers(Categories.category(category), Categories.classes(purpose))
                && permit.covers(
                        Categories.category(currentCategory), Categories.classes(currentClass));
    }

    @Override
    public String toString() {
        return "StoredVersion[" + id + "]";
    }
}
