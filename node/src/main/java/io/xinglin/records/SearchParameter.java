package io.xinglin.records;

import ca.uhn.fhir.context.RuntimeResourceDefinition;
import ca.uhn.fhir.context.RuntimeSearchParam;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Something a resource type can be searched by. The few of the standard that are not offered ([R4#refused]) are refused by name,
/// never ignored.
///
/// @param paths where its values are; of a composite, what its parts are parts of
/// @param flag whether its value is that there is something at its paths, and not `false`
/// @param targets the types its references may point at; none if the standard does not say
/// @param parts of a composite, for each of its paths, the parameters its value is made of
/// @param since the version of the index from which on it is filed, see [BlindIndex#VERSION]
/// @param description the standard's words, for the CapabilityStatement
record SearchParameter(
        String name,
        Kind kind,
        List<ElementPath> paths,
        boolean flag,
        Set<String> targets,
        List<List<Part>> parts,
        int since,
        String description) {

    /// What was filed in the first version of the index.
    private static final Pattern FIRST =
            Pattern.compile(
                    "\\(?[A-Za-z]+(\\.[a-zA-Z]+)+?(\\.as\\([A-Za-z]+\\)| as [A-Za-z]+"
                            + "|\\.where\\(resolve\\(\\) is [A-Za-z]+\\))?\\)?");

    private static final Pattern FLAG =
            Pattern.compile("(?<path>[A-Za-z.]+)\\.exists\\(\\) and \\k<path> != false");

    /// Parameters that sound like another one: needs rules for every language.
    private static final String PHONETIC = "phonetic";

    /// How its values are compared.
    enum Kind {
        TOKEN,
        DATE,
        REFERENCE,
        STRING,
        NUMBER,
        QUANTITY,
        URI,
        COMPOSITE
    }

    /// A parameter that every type has.
    static SearchParameter common(String name, Kind kind, String description, String... path) {
        return new SearchParameter(
                name,
                kind,
                List.of(ElementPath.plain(path)),
                false,
                Set.of(),
                List.of(),
                BlindIndex.NEVER,
                description);
    }

    static Optional<SearchParameter> of(
            RuntimeResourceDefinition type, RuntimeSearchParam declared) {
        var path = declared.getPath();
        var kind = kind(declared);
        if (kind.isEmpty() || path == null || path.isBlank()) {
            return Optional.empty();
        }
        var flag = FLAG.matcher(path);
        var isFlag = flag.matches();
        var expressions = List.of((isFlag ? flag.group("path") : path).split("\\|", -1));
        var paths = new ArrayList<ElementPath>();
        for (var expression : expressions) {
            var parsed = ElementPath.parse(type, expression.trim());
            if (parsed.isEmpty()) {
                return Optional.empty();
            }
            paths.add(parsed.get());
        }
        var isFirst =
                !isFlag
                        && expressions.stream()
                                .allMatch(one -> FIRST.matcher(one.trim()).matches());
        var targets = declared.getTargets();
        var description = declared.getDescription();
        return Optional.of(
                new SearchParameter(
                        declared.getName(),
                        kind.get(),
                        List.copyOf(paths),
                        isFlag,
                        targets == null ? Set.of() : Set.copyOf(targets),
                        List.of(),
                        since(kind.get(), isFirst),
                        description == null ? "" : description));
    }

    private static Optional<Kind> kind(RuntimeSearchParam declared) {
        if (declared.getName().startsWith("_") || declared.getName().equals(PHONETIC)) {
            return Optional.empty();
        }
        return switch (declared.getParamType()) {
            case TOKEN -> Optional.of(Kind.TOKEN);
            case DATE -> Optional.of(Kind.DATE);
            case REFERENCE -> Optional.of(Kind.REFERENCE);
            case STRING -> Optional.of(Kind.STRING);
            case NUMBER -> Optional.of(Kind.NUMBER);
            case QUANTITY -> Optional.of(Kind.QUANTITY);
            case URI -> Optional.of(Kind.URI);
            case COMPOSITE -> Optional.of(Kind.COMPOSITE);
            default -> Optional.empty();
        };
    }

    /// What is measured is not filed: it would tell more than it narrows.
    private static int since(Kind kind, boolean isFirst) {
        return switch (kind) {
            case TOKEN, DATE, REFERENCE -> isFirst ? 1 : 2;
            case STRING, URI -> 2;
            case NUMBER, QUANTITY, COMPOSITE -> BlindIndex.NEVER;
        };
    }

    /// A component of a composite.
    ///
    /// @param ofWhole whether it is looked for in the whole resource instead of in the element at the composite's path
    record Part(SearchParameter parameter, boolean ofWhole) {}

    /// A composite with its parts.
    ///
    /// @param known the other parameters of the type, by their address
    Optional<SearchParameter> composed(
            RuntimeSearchParam declared, Map<String, SearchParameter> known) {
        var names =
                declared.getComponents().stream()
                        .map(part -> Optional.ofNullable(known.get(part.getReference())))
                        .toList();
        if (names.isEmpty() || names.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(
                new SearchParameter(
                        name,
                        kind,
                        paths,
                        false,
                        targets,
                        paths.stream()
                                .map(
                                        base ->
                                                names.stream()
                                                        .flatMap(Optional::stream)
                                                        .map(part -> part.within(base, paths))
                                                        .toList())
                                .toList(),
                        since,
                        description));
    }

    /// This parameter of the element at a base. What is never below the base is looked for in the whole resource, as the standard
    /// must mean where it pairs the chromosome of a sequence with the start of a variant.
    private Part within(ElementPath base, List<ElementPath> bases) {
        var inner =
                paths.stream()
                        .filter(path -> nearest(path, bases).filter(base::equals).isPresent())
                        .flatMap(path -> path.below(base).stream())
                        .toList();
        return new Part(
                new SearchParameter(
                        name,
                        kind,
                        inner.isEmpty() ? paths : inner,
                        flag,
                        targets,
                        parts,
                        since,
                        description),
                inner.isEmpty());
    }

    private static Optional<ElementPath> nearest(ElementPath path, List<ElementPath> bases) {
        return bases.stream()
                .filter(base -> path.below(base).isPresent())
                .max(Comparator.comparingInt(base -> base.steps().size()));
    }

    /// Whether its values are in the index.
    boolean isFiled() {
        return since != BlindIndex.NEVER;
    }

    /// The tokens in a resource.
    List<Token> tokens(JsonNode resource) {
        if (flag) {
            return resource.isObject()
                    ? List.of(new Token(Optional.empty(), Boolean.toString(isThere(resource))))
                    : List.of();
        }
        return elements(resource).flatMap(Token::in).distinct().toList();
    }

    private boolean isThere(JsonNode resource) {
        return elements(resource).anyMatch(element -> !element.isBoolean() || element.asBoolean());
    }

    /// The dates in a resource, each as the time it covers.
    List<TimeSpan> dates(JsonNode resource) {
        return elements(resource).flatMap(TimeSpan::in).distinct().toList();
    }

    /// The texts in a resource, as they are written.
    List<String> texts(JsonNode resource) {
        return elements(resource).flatMap(Texts::in).distinct().toList();
    }

    /// The numbers in a resource.
    List<NumberSpan> numbers(JsonNode resource) {
        return elements(resource).flatMap(NumberSpan::in).toList();
    }

    /// The quantities in a resource.
    List<Quantity> quantities(JsonNode resource) {
        return elements(resource).flatMap(Quantity::in).toList();
    }

    /// The addresses in a resource.
    List<String> uris(JsonNode resource) {
        return elements(resource)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .distinct()
                .toList();
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

    /// What is contained in a bundle is referred to by being there.
    private static Stream<String> reference(JsonNode element) {
        if (element.has("resourceType") && element.has("id")) {
            return Stream.of(
                    element.get("resourceType").asString("")
                            + "/"
                            + element.get("id").asString(""));
        }
        var text = element.isObject() ? element.get("reference") : element;
        if (text == null || !text.isString()) {
            return Stream.empty();
        }
        var reference = text.stringValue();
        var version = reference.indexOf("/_history/");
        return Stream.of(version < 0 ? reference : reference.substring(0, version));
    }
}
