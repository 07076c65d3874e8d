package io.xinglin.records;

import ca.uhn.fhir.parser.DataFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;

/// What a patch makes of a resource: one that is as valid as if it were sent whole, or a refusal.
///
/// @spec https://hl7.org/fhir/R4/http.html#patch FHIR R4, patch
final class Patches {
    static final String JSON_PATCH = "application/json-patch+json";

    private Patches() {}

    /// @param where what to call the patch in an error
    static Change.Content json(byte[] document, String where) {
        var patch = JsonPatch.parse(document);
        return content(
                where,
                before -> {
                    var after = patch.apply(JsonPatch.JSON.readTree(before));
                    return JsonPatch.JSON.writeValueAsBytes(after);
                });
    }

    /// @param where what to call the patch in an error
    static Change.Content fhirPath(Resource document, String where) {
        if (!(document instanceof Parameters parameters)) {
            throw Outcomes.malformed(
                    "A patch is Parameters or "
                            + JSON_PATCH
                            + ", not "
                            + document.fhirType()
                            + ".");
        }
        var patch = FhirPathPatch.parse(parameters);
        return content(
                where,
                before -> {
                    var resource = parse(before, where);
                    patch.apply(resource);
                    return encoded(resource);
                });
    }

    /// A change of profiles, tags and security labels.
    ///
    /// @param where what to call it in an error
    static Change.Content labels(UnaryOperator<Meta> change, String where) {
        return content(
                where,
                before -> {
                    var resource = parse(before, where);
                    resource.setMeta(change.apply(resource.getMeta()));
                    return encoded(resource);
                });
    }

    /// A patch that is the resource of a bundle's entry: Parameters, or a Binary that holds a JSON Patch.
    static Change.Content inBundle(Resource resource, String where) {
        return resource instanceof Binary binary && JSON_PATCH.equals(binary.getContentType())
                ? json(Optional.ofNullable(binary.getData()).orElse(new byte[0]), where)
                : fhirPath(resource, where);
    }

    private static byte[] encoded(Resource resource) {
        try {
            return R4.json().encodeResourceToString(resource).getBytes(StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw new JsonPatch.CannotApply(BundleReader.plain(e));
        }
    }

    private static Change.Content content(String where, UnaryOperator<byte[]> patch) {
        return current -> {
            var json = current.get();
            var before = parse(json, where);
            Resource after;
            try {
                after = parse(patch.apply(json), where);
            } catch (JsonPatch.CannotApply e) {
                throw refused(where, "cannot be applied: " + e.getMessage() + ".");
            }
            if (!after.fhirType().equals(before.fhirType())
                    || !before.getIdElement()
                            .getIdPart()
                            .equals(after.getIdElement().getIdPart())) {
                throw refused(where, "would make another resource of it.");
            }
            requireComplete(before, after, where);
            return after;
        };
    }

    private static Resource parse(byte[] json, String where) {
        try {
            return (Resource) R4.json().parseResource(new String(json, StandardCharsets.UTF_8));
        } catch (DataFormatException e) {
            throw refused(where, "would make it invalid: " + BundleReader.plain(e));
        }
    }

    private static void requireComplete(Resource before, Resource after, String where) {
        var missing = new ArrayList<>(Structure.missing(after));
        missing.removeAll(Structure.missing(before));
        if (!missing.isEmpty()) {
            throw refused(
                    where, "would make it invalid: without " + String.join(", ", missing) + ".");
        }
    }

    private static RuntimeException refused(String where, String what) {
        return Outcomes.unprocessable("The patch of " + where + " " + what);
    }
}
