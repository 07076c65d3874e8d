package io.xinglin.records;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.RuntimeChildPrimitiveEnumerationDatatypeDefinition;
import ca.uhn.fhir.context.RuntimeChildResourceDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The form in which a resource is stored, made straight from the JSON that was sent.
///
/// It is the form that HAPI's parser and encoder make of it, byte for byte, at a fifth of the cost, or nothing: whatever is wrong or
/// merely unusual is left to them. So what is accepted, what is refused and what is stored do not depend on this class, and a test
/// compares the two.
///
/// Left out on purpose: narrative, contained resources, modifier extensions, ids and extensions of elements that are primitive.
final class PlainForm {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();
    private static final String EXTENSION = "extension";
    private static final Map<BaseRuntimeElementDefinition<?>, Shape> SHAPES =
            new ConcurrentHashMap<>();

    private PlainForm() {}

    /// The stored form of this version.
    ///
    /// @param sent the resource, JSON
    /// @param id its id if it must be that; otherwise whatever it says is replaced
    /// @param lastUpdated when it was written, as an instant of FHIR
    static Optional<String> of(
            String sent, VersionId version, Optional<String> id, String lastUpdated) {
        try {
            if (JSON.readTree(sent) instanceof ObjectNode resource
                    && isOf(resource, version.resource().type(), id)) {
                var shape = shape(R4.context().getResourceDefinition(version.resource().type()));
                resource.remove("resourceType");
                if (shape.isPlain(resource)) {
                    return Optional.of(encoded(resource, version, shape, lastUpdated));
                }
            }
        } catch (JacksonException _) {
            // The parser says what is wrong.
        }
        return Optional.empty();
    }

    private static boolean isOf(ObjectNode resource, String type, Optional<String> id) {
        return type.equals(resource.path("resourceType").asString(""))
                && (id.isEmpty()
                        || !resource.has("id")
                        || id.get().equals(resource.path("id").asString("")));
    }

    private static String encoded(
            ObjectNode resource, VersionId version, Shape shape, String lastUpdated) {
        resource.put("id", version.resource().id());
        var meta =
                resource.get("meta") instanceof ObjectNode sent ? sent : resource.putObject("meta");
        meta.put("versionId", Integer.toString(version.number()));
        meta.put("lastUpdated", lastUpdated);
        var text = new java.io.StringWriter(1_024);
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringProperty("resourceType", version.resource().type());
            shape.write(resource, json);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static Shape shape(BaseRuntimeElementCompositeDefinition<?> definition) {
        var known = SHAPES.get(definition);
        // Not computeIfAbsent: a shape may hold itself.
        return known != null ? known : new Shape(definition);
    }

    /// The elements of a resource or of a data type, in their order.
    private static final class Shape {
        private final Map<String, Element> elements = new HashMap<>();
        private final boolean isExtension;

        Shape(BaseRuntimeElementCompositeDefinition<?> definition) {
            isExtension = definition.getName().equals("Extension");
            SHAPES.put(definition, this);
            var place = 0;
            for (var child : definition.getChildren()) {
                place++;
                // Which extension it is comes first, whatever the definition says.
                var isFirst = isExtension && child.getElementName().equals("url");
                add(child, isFirst ? 0 : place, definition.getName());
            }
        }

        private void add(BaseRuntimeChildDefinition child, int place, String parent) {
            for (var name : names(child)) {
                var type = type(child, name);
                if (type != null && !isIdOfElement(child, type) && !isNarrative(type)) {
                    content(child, type, parent)
                            .ifPresent(
                                    content ->
                                            elements.put(
                                                    name,
                                                    new Element(
                                                            name,
                                                            place,
                                                            child.getMax() != 1,
                                                            content)));
                }
            }
        }

        /// A reference is filed under the name of what it refers to, too; an extension under those of everything it may hold.
        private static Set<String> names(BaseRuntimeChildDefinition child) {
            return switch (child.getElementName()) {
                case "modifierExtension" -> Set.of();
                case EXTENSION -> Set.of(EXTENSION);
                default ->
                        child instanceof RuntimeChildResourceDefinition
                                ? Set.of(child.getElementName())
                                : child.getValidChildNames();
            };
        }

        private static @Nullable BaseRuntimeElementDefinition<?> type(
                BaseRuntimeChildDefinition child, String name) {
            return name.equals(EXTENSION)
                    ? R4.context().getElementDefinition("Extension")
                    : child.getChildByName(name);
        }

        private static boolean isIdOfElement(
                BaseRuntimeChildDefinition child, BaseRuntimeElementDefinition<?> type) {
            return child.getElementName().equals("id") && type.getName().equals("string");
        }

        private static boolean isNarrative(BaseRuntimeElementDefinition<?> type) {
            return type.getName().equals("Narrative");
        }

        private static Optional<Content> content(
                BaseRuntimeChildDefinition child,
                BaseRuntimeElementDefinition<?> type,
                String parent) {
            if (child instanceof RuntimeChildPrimitiveEnumerationDatatypeDefinition bound) {
                return Optional.of(new Content.Primitive(PlainValues.oneOf(bound)));
            }
            return switch (type.getChildType()) {
                case COMPOSITE_DATATYPE, RESOURCE_BLOCK ->
                        type instanceof BaseRuntimeElementCompositeDefinition<?> composite
                                ? Optional.of(new Content.Composite(composite))
                                : Optional.empty();
                case PRIMITIVE_DATATYPE, ID_DATATYPE ->
                        PlainValues.of(
                                        parent.equals("Reference")
                                                        && child.getElementName()
                                                                .equals("reference")
                                                ? "reference"
                                                : type.getName())
                                .map(Content.Primitive::new);
                default -> Optional.empty();
            };
        }

        boolean isPlain(JsonNode node) {
            if (!(node instanceof ObjectNode object) || object.isEmpty()) {
                return false;
            }
            var places = new java.util.BitSet();
            for (var property : object.properties()) {
                var element = elements.get(property.getKey());
                if (element == null
                        || places.get(element.place)
                        || !element.isPlain(property.getValue())) {
                    return false;
                }
                places.set(element.place);
            }
            return !isExtension || isPlainExtension(object);
        }

        private static boolean isPlainExtension(ObjectNode extension) {
            return extension.has("url") && extension.size() == 2;
        }

        void write(JsonNode node, JsonGenerator json) {
            var ordered = new ArrayList<Element>(node.size());
            for (var name : node.propertyNames()) {
                ordered.add(elements.get(name));
            }
            ordered.sort(Comparator.comparingInt(Element::place));
            for (var element : ordered) {
                json.writeName(element.name);
                element.write(node.path(element.name), json);
            }
        }
    }

    /// @param place where it is among its siblings; the forms of one choice share it
    private record Element(String name, int place, boolean repeats, Content content) {
        boolean isPlain(JsonNode node) {
            if (!repeats) {
                return content.isPlain(node);
            }
            if (!node.isArray() || node.isEmpty()) {
                return false;
            }
            for (var each : node) {
                if (!content.isPlain(each)) {
                    return false;
                }
            }
            return true;
        }

        void write(JsonNode node, JsonGenerator json) {
            if (!repeats) {
                content.write(node, json);
                return;
            }
            json.writeStartArray();
            for (var each : node) {
                content.write(each, json);
            }
            json.writeEndArray();
        }
    }

    private sealed interface Content {
        boolean isPlain(JsonNode node);

        void write(JsonNode node, JsonGenerator json);

        /// @param isPlain whether a value is written back as it is
        record Primitive(Predicate<JsonNode> isPlain) implements Content {
            @Override
            public boolean isPlain(JsonNode node) {
                return isPlain.test(node);
            }

            @Override
            public void write(JsonNode node, JsonGenerator json) {
                if (node.isString()) {
                    json.writeString(node.stringValue());
                } else if (node.isBoolean()) {
                    json.writeBoolean(node.booleanValue());
                } else {
                    json.writeNumber(node.asString());
                }
            }
        }

        /// Data types hold each other: what is in one is looked up when it is met.
        final class Composite implements Content {
            private final BaseRuntimeElementCompositeDefinition<?> definition;
            private volatile @Nullable Shape shape;

            Composite(BaseRuntimeElementCompositeDefinition<?> definition) {
                this.definition = definition;
            }

            private Shape found() {
                var known = shape;
                if (known == null) {
                    known = shape(definition);
                    shape = known;
                }
                return known;
            }

            @Override
            public boolean isPlain(JsonNode node) {
                return found().isPlain(node);
            }

            @Override
            public void write(JsonNode node, JsonGenerator json) {
                json.writeStartObject();
                found().write(node, json);
                json.writeEndObject();
            }
        }
    }
}
