package io.xinglin.records;

import java.util.Optional;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Resource;

/// A wish to store a resource, alone or as an entry of a bundle.
///
/// @param where what to call it in an error: `entry 3`, `the resource`
/// @param id its logical id, for an update; a new resource is given one
/// @param fullUrl what other entries call it
/// @param ifNoneExist the condition of a conditional create
/// @param ifMatch the version that must be the current one
/// @param resource its content, parsed when needed
record Change(
        String where,
        String type,
        Optional<String> id,
        Optional<String> fullUrl,
        Optional<String> ifNoneExist,
        Optional<Integer> ifMatch,
        Supplier<Resource> resource) {

    static Change create(Resource resource, Optional<String> ifNoneExist) {
        return new Change(
                "the resource",
                resource.fhirType(),
                Optional.empty(),
                Optional.empty(),
                ifNoneExist,
                Optional.empty(),
                () -> resource);
    }

    static Change update(String id, Resource resource, Optional<Integer> ifMatch) {
        return new Change(
                "the resource",
                resource.fhirType(),
                Optional.of(id),
                Optional.empty(),
                Optional.empty(),
                ifMatch,
                () -> resource);
    }

    /// A sentence about it.
    String says(String what) {
        return Character.toUpperCase(where.charAt(0)) + where.substring(1) + " " + what;
    }
}
