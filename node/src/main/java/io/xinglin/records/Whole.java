package io.xinglin.records;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Resource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a resource that was sent as JSON, and refuses it if the object model would lose a part: it has no place for some
/// extensions of what has no value (of an id, of a label), and leaves them out without a word.
final class Whole {
    private static final Set<String> OURS =
            Set.of(
                    ".id",
                    ".meta.versionId",
                    ".meta.lastUpdated",
                    ".meta._versionId",
                    ".meta._lastUpdated");

    private Whole() {}

    /// @param where what to call it in an error
    /// @throws ca.uhn.fhir.parser.DataFormatException if it is not a resource
    static Resource parse(String json, String where) {
        var resource = (Resource) R4.json().parseResource(json);
        if (json.contains("\"extension\"") || json.contains("\"_")) {
            var kept = JsonMapper.shared().readTree(R4.json().encodeResourceToString(resource));
            lost("", JsonMapper.shared().readTree(json), kept)
                    .ifPresent(
                            path -> {
                                throw Outcomes.malformed(
                                        where
                                                + " has something at "
                                                + resource.fhirType()
                                                + path
                                                + " that this server cannot keep; leave it out.");
                            });
        }
        return resource;
    }

    /// The first place of which something is not there any more.
    private static Optional<String> lost(String path, JsonNode sent, JsonNode kept) {
        if (isNothing(path, sent)) {
            return Optional.empty();
        }
        if (sent.isObject()) {
            return sent.propertyStream()
                    .flatMap(
                            member -> {
                                var name = path + "." + member.getKey();
                                return lost(name, member.getValue(), kept.path(member.getKey()))
                                        .stream();
                            })
                    .findFirst();
        }
        if (sent.isArray()) {
            return lostOfList(path, something(path, sent), something(path, kept));
        }
        return kept.isValueNode() ? Optional.empty() : Optional.of(path);
    }

    private static Optional<String> lostOfList(
            String path, List<JsonNode> sent, List<JsonNode> kept) {
        for (var i = 0; i < sent.size(); i++) {
            var at = path + "[" + i + "]";
            var lost = i < kept.size() ? lost(at, sent.get(i), kept.get(i)) : Optional.of(at);
            if (lost.isPresent()) {
                return lost;
            }
        }
        return Optional.empty();
    }

    private static List<JsonNode> something(String path, JsonNode list) {
        return list.valueStream().filter(one -> !isNothing(path, one)).toList();
    }

    /// What says nothing, or what the server sets. A narrative that is empty says nothing.
    private static boolean isNothing(String path, JsonNode node) {
        if (node.isContainer()) {
            return OURS.contains(path) || node.valueStream().allMatch(one -> isNothing("", one));
        }
        return node.isNull()
                || node.isMissingNode()
                || OURS.contains(path)
                || node.asString("-").isBlank()
                || (path.endsWith(".text.div")
                        && node.asString("").replaceAll("<[^>]*>", "").isBlank());
    }
}
