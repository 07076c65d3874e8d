package io.xinglin.records;

import io.xinglin.records.Written.How;
import java.util.Optional;

/// Where a change goes.
///
/// @param id the version it becomes, or the one that is there already; none if there is nothing to delete
/// @param current the newest version that is there, a deletion included
/// @param how what becomes of the resource
record Target(Change change, Optional<VersionId> id, Optional<StoredVersion> current, How how) {

    /// Nothing is to be done: it is there.
    static Target found(Change change, StoredVersion there) {
        return new Target(change, Optional.of(there.id()), Optional.of(there), How.FOUND);
    }

    /// There is nothing to delete, or nothing any more.
    static Target absent(Change change, Optional<StoredVersion> deletion) {
        return new Target(change, deletion.map(StoredVersion::id), deletion, How.ABSENT);
    }

    /// As if what is there was stored once more.
    static Target asIs(Change change, StoredVersion there) {
        return new Target(change, Optional.of(there.id()), Optional.of(there), How.UPDATED);
    }

    Target sameFor(Change other) {
        return new Target(other, id, current, How.FOUND);
    }

    /// Whether a version is to be stored.
    boolean isStored() {
        return switch (how) {
            case CREATED, UPDATED, DELETED -> true;
            case FOUND, ABSENT -> false;
        };
    }

    boolean isDeletion() {
        return how == How.DELETED;
    }

    /// The version that is to be stored.
    VersionId version() {
        return id.orElseThrow();
    }
}
