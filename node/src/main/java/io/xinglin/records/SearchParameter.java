package io.xinglin.records;

import ca.uhn.fhir.context.RuntimeResourceDefinition;
import ca.uhn.fhir.context.RuntimeSearchParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Something a resource type can be searched by.
///
/// Offered are the standard's parameters of kind token, date and reference whose expression is a plain [ElementPath]; the
/// others are refused by name, never ignored.
///
/// @param paths where its values are
/// @param description the standard's words, for the CapabilityStatement
record SearchParameter(String name, Kind kind, List<ElementPath> paths, String description) {

    /// How its values are compared.
    enum Kind {
        TOKEN,
        DATE,
        REFERENCE
    }

    static Optional<SearchParameter> of(
            RuntimeResourceDefinition type, RuntimeSearchParam declared) {
        var path = declared.getPath();
        if (declared.getName().startsWith("_") || path == null || path.isBlank()) {
            return Optional.empty();
        }
        return kind(declared)
                .flatMap(
                        kind -> {
                            var paths = new ArrayList<ElementPath>();
                            for (var part : path.split("\\|", -1)) {
                                var parsed = ElementPath.parse(type, part.trim());
                                if (parsed.isEmpty()) {
                                    return Optional.empty();
                                }
                                paths.add(parsed.get());
                            }
                            var description = declared.getDescription();
                            return Optional.of(
                                    new SearchParameter(
                                            declared.getName(),
                                            kind,
                                            List.copyOf(paths),
                                            description == null ? "" : description));
                        });
    }

    private static Optional<Kind> kind(RuntimeSearchParam declared) {
        return switch (declared.getParamType()) {
            case TOKEN -> Optional.of(Kind.TOKEN);
            case DATE -> Optional.of(Kind.DATE);
            case REFERENCE -> Optional.of(Kind.REFERENCE);
            default -> Optional.empty();
        };
    }

    /// The tokens in a resource.
    List<Token> tokens(JsonNode resource) {
        return elements(resource).flatMap(Token::in).distinct().toList();
    }

    /// The dates in a resource, each as the time it covers.
    List<TimeSpan> dates(JsonNode resource) {
        return elements(resource).flatMap(TimeSpan::in).distinct().toList();
    }

    /// The references in a resource, as they are written but for the version.
    List<String> references(JsonNode resource) {
        return paths.stream()
                .flatMap(
                        path ->
                                path.in(resource)
                                        .flatMap(SearchParameter::reference)
                                        .filter(
                                                reference ->
                                                        path.target()
                                                                .map(
                                                                        type ->
                                                                                pointsAt(
                                                                                        reference,
                                                                                        type))
                                                                .orElse(true)))
                .distinct()
                .toList();
    }

    /// The elements of a resource that hold its values.
    Stream<JsonNode> elements(JsonNode resource) {
        return paths.stream().flatMap(path -> path.in(resource));
    }

    private static boolean pointsAt(String reference, String type) {
        return reference.startsWith(type + "/") || reference.contains("/" + type + "/");
    }

    private static Stream<String> reference(JsonNode element) {
        var text = element.isObject() ? element.get("reference") : element;
        if (text == null || !text.isString()) {
            return Stream.empty();
        }
        var reference = text.stringValue();
        var version = reference.indexOf("/_history/");
        return Stream.of(version < 0 ? reference : reference.substring(0, version));
    }
}
