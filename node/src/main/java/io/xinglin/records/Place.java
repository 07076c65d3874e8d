package io.xinglin.records;

import java.util.List;
import java.util.Optional;

/// Where a resource is among the matches of a search.
///
/// @param keys what it is ordered by, if the search says so
/// @param owner whose it is, if the matches go owner by owner
record Place(List<Optional<Sort.Value>> keys, String owner, String id) {
    static final Place BEGIN = of("", "");

    static Place of(String owner, String id) {
        return new Place(List.of(), owner, id);
    }

    boolean isBegin() {
        return id.isEmpty() && owner.isEmpty();
    }
}
