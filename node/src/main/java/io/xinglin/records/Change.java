package io.xinglin.records;

import java.util.Optional;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Resource;

/// A wish to change a resource, alone or as an entry of a bundle.
///
/// @param where what to call it in an error: `entry 3`, `the resource`
/// @param id its logical id; without one, a condition names the resource or a new one is given one
/// @param fullUrl what other entries call it
/// @param condition a search that must find the one resource meant; of a create, none
/// @param ifMatch the versions of which one must be the current one
/// @param content what to store, made when it is needed
record Change(
        String where,
        Act act,
        String type,
        Optional<String> id,
        Optional<String> fullUrl,
        Optional<String> condition,
        Optional<Etags> ifMatch,
        Content content)
        implements Ask {

    /// What is to be done with it.
    enum Act {
        CREATE,
        UPDATE,
        PATCH,
        DELETE
    }

    /// What is to be stored.
    interface Content {
        /// The resource.
        ///
        /// @param current the JSON that is there now; only a patch asks for it
        Resource given(Supplier<byte[]> current);

        /// The resource as it was sent, if that was JSON.
        default Optional<String> json() {
            return Optional.empty();
        }
    }

    static final Content NOTHING =
            _ -> {
                throw new IllegalStateException("nothing is stored of what is deleted");
            };

    static final String ALONE = "the resource";

    /// A new resource, unless the condition finds one.
    static Change create(String type, Content content, Optional<String> ifNoneExist) {
        return new Change(
                ALONE,
                Act.CREATE,
                type,
                Optional.empty(),
                Optional.empty(),
                ifNoneExist,
                Optional.empty(),
                content);
    }

    /// A new version of the resource with this id, or a new resource under it.
    static Change update(String id, Resource resource, Optional<Etags> ifMatch) {
        return new Change(
                ALONE,
                Act.UPDATE,
                resource.fhirType(),
                Optional.of(id),
                Optional.empty(),
                Optional.empty(),
                ifMatch,
                _ -> resource);
    }

    /// A new version of the one resource that meets the condition, or a new resource.
    static Change updateWhere(String condition, Resource resource) {
        return new Change(
                ALONE,
                Act.UPDATE,
                resource.fhirType(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(condition),
                Optional.empty(),
                _ -> resource.copy());
    }

    /// A deletion.
    static Change delete(String type, Optional<String> id, Optional<String> condition) {
        return new Change(
                ALONE,
                Act.DELETE,
                type,
                id,
                Optional.empty(),
                condition,
                Optional.empty(),
                NOTHING);
    }

    /// A change of a part of what is there.
    static Change patch(
            String type, Optional<String> id, Optional<String> condition, Content patch) {
        return new Change(
                ALONE, Act.PATCH, type, id, Optional.empty(), condition, Optional.empty(), patch);
    }

    Change ifMatch(Optional<Etags> expected) {
        return new Change(where, act, type, id, fullUrl, condition, expected, content);
    }
}
