package io.xinglin.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A list of operations on a JSON document, done one after the other or not at all.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6902 RFC 6902, JavaScript Object Notation (JSON) Patch
final class JsonPatch {
    /// A few copies of copies would otherwise fill the memory.
    private static final int COPIED_MAX = 100_000;

    private static final int OPERATIONS_MAX = 1_000;

    /// Numbers keep all their digits, `6.50` its zero.
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final Comparator<JsonNode> VALUES =
            (one, other) ->
                    one.isNumber() && other.isNumber()
                            ? one.decimalValue().compareTo(other.decimalValue())
                            : one.equals(other) ? 0 : 1;

    private final List<Operation> operations;

    private JsonPatch(List<Operation> operations) {
        this.operations = operations;
    }

    /// A JSON document, which the operations change in place.
    private static final class Document {
        private JsonNode root;
        private int copied;

        Document(JsonNode root) {
            this.root = root;
        }

        JsonNode at(Pointer pointer) {
            var node = root;
            for (var name : pointer.names) {
                node = child(node, name, pointer);
            }
            return node;
        }

        private static JsonNode child(JsonNode parent, String name, Pointer pointer) {
            var child =
                    switch (parent) {
                        case ObjectNode object -> object.get(name);
                        case ArrayNode array -> array.get(index(name, array.size() - 1, pointer));
                        default -> null;
                    };
            if (child == null) {
                throw CannotApply.missing(pointer);
            }
            return child;
        }

        /// @param most the last index there may be
        private static int index(String name, int most, Pointer pointer) {
            if (!INDEX.matcher(name).matches() || Integer.parseInt(name) > most) {
                throw CannotApply.missing(pointer);
            }
            return Integer.parseInt(name);
        }

        void add(Pointer pointer, JsonNode value) {
            if (pointer.isRoot()) {
                root = value;
                return;
            }
            switch (at(pointer.parent())) {
                case ObjectNode object -> object.set(pointer.last(), value);
                case ArrayNode array -> {
                    if (pointer.last().equals("-")) {
                        array.add(value);
                    } else {
                        array.insert(index(pointer.last(), array.size(), pointer), value);
                    }
                }
                default -> throw CannotApply.missing(pointer);
            }
        }

        JsonNode remove(Pointer pointer) {
            var removed = at(pointer);
            if (pointer.isRoot()) {
                throw new CannotApply("nothing would be left");
            }
            switch (at(pointer.parent())) {
                case ObjectNode object -> object.remove(pointer.last());
                case ArrayNode array -> array.remove(Integer.parseInt(pointer.last()));
                default -> throw CannotApply.missing(pointer);
            }
            return removed;
        }

        void replace(Pointer pointer, JsonNode value) {
            if (pointer.isRoot()) {
                root = value;
                return;
            }
            at(pointer);
            switch (at(pointer.parent())) {
                case ObjectNode object -> object.set(pointer.last(), value);
                case ArrayNode array -> array.set(Integer.parseInt(pointer.last()), value);
                default -> throw CannotApply.missing(pointer);
            }
        }

        JsonNode copy(Pointer pointer) {
            var original = at(pointer);
            copied += size(original, COPIED_MAX - copied);
            if (copied > COPIED_MAX) {
                throw new CannotApply("the result is too large");
            }
            return original.deepCopy();
        }

        /// How many nodes, or one more than the most.
        private static int size(JsonNode node, int most) {
            var size = 1;
            for (var child : node) {
                if (size > most) {
                    return size;
                }
                size += size(child, most - size);
            }
            return size;
        }
    }

    private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

    /// Where something is in a document.
    ///
    /// @param names the steps from the root
    /// @spec https://www.rfc-editor.org/rfc/rfc6901 RFC 6901, JavaScript Object Notation (JSON) Pointer
    private record Pointer(String text, List<String> names) {
        private static final Pattern FORM = Pattern.compile("(/([^/~]|~[01])*)*");

        static Pointer of(String text) {
            if (!FORM.matcher(text).matches()) {
                throw Outcomes.malformed("'" + text + "' is not a JSON pointer.");
            }
            var names = new ArrayList<String>();
            for (var name : text.isEmpty() ? new String[0] : text.substring(1).split("/", -1)) {
                names.add(name.replace("~1", "/").replace("~0", "~"));
            }
            return new Pointer(text, List.copyOf(names));
        }

        boolean isRoot() {
            return names.isEmpty();
        }

        String last() {
            return names.getLast();
        }

        Pointer parent() {
            return new Pointer(text, names.subList(0, names.size() - 1));
        }

        boolean contains(Pointer other) {
            return names.size() < other.names.size()
                    && other.names.subList(0, names.size()).equals(names);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private sealed interface Operation {
        void on(Document document);

        record Add(Pointer path, JsonNode value) implements Operation {
            @Override
            public void on(Document document) {
                document.add(path, value.deepCopy());
            }
        }

        record Remove(Pointer path) implements Operation {
            @Override
            public void on(Document document) {
                document.remove(path);
            }
        }

        record Replace(Pointer path, JsonNode value) implements Operation {
            @Override
            public void on(Document document) {
                document.replace(path, value.deepCopy());
            }
        }

        record Move(Pointer from, Pointer path) implements Operation {
            @Override
            public void on(Document document) {
                if (from.contains(path)) {
                    throw new CannotApply(from + " cannot be moved into itself");
                }
                if (!from.equals(path)) {
                    document.add(path, document.remove(from));
                } else {
                    document.at(from);
                }
            }
        }

        record Copy(Pointer from, Pointer path) implements Operation {
            @Override
            public void on(Document document) {
                document.add(path, document.copy(from));
            }
        }

        record Test(Pointer path, JsonNode value) implements Operation {
            @Override
            public void on(Document document) {
                if (!document.at(path).equals(VALUES, value)) {
                    throw new CannotApply("a test failed: " + path + " is not what is expected");
                }
            }
        }
    }

    /// The document is not such that the patch can be applied.
    static final class CannotApply extends RuntimeException {
        private static final long serialVersionUID = 1;

        CannotApply(String why) {
            super(why);
        }

        private static CannotApply missing(Pointer pointer) {
            return new CannotApply("there is no " + pointer);
        }
    }

    /// Understands a patch document.
    static JsonPatch parse(byte[] json) {
        BundleReader.check(json);
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JacksonException _) {
            throw Outcomes.malformed("A JSON Patch is a list of operations.");
        }
        if (!document.isArray() || document.isEmpty() || document.size() > OPERATIONS_MAX) {
            throw Outcomes.malformed(
                    "A JSON Patch is a list of 1 to " + OPERATIONS_MAX + " operations.");
        }
        return new JsonPatch(document.valueStream().map(JsonPatch::operation).toList());
    }

    private static Operation operation(JsonNode operation) {
        var path = pointer(operation, "path");
        var name = text(operation, "op");
        return switch (name) {
            case "add" -> new Operation.Add(path, value(operation));
            case "remove" -> new Operation.Remove(path);
            case "replace" -> new Operation.Replace(path, value(operation));
            case "move" -> new Operation.Move(pointer(operation, "from"), path);
            case "copy" -> new Operation.Copy(pointer(operation, "from"), path);
            case "test" -> new Operation.Test(path, value(operation));
            default -> throw Outcomes.malformed("There is no operation '" + name + "'.");
        };
    }

    private static Pointer pointer(JsonNode operation, String name) {
        return Pointer.of(text(operation, name));
    }

    private static String text(JsonNode operation, String name) {
        var text = operation.path(name);
        if (!text.isString()) {
            throw Outcomes.malformed("An operation of a JSON Patch has a text '" + name + "'.");
        }
        return text.asString();
    }

    private static JsonNode value(JsonNode operation) {
        if (!operation.has("value")) {
            throw Outcomes.malformed("An operation has no 'value', and needs one.");
        }
        return operation.get("value");
    }

    /// The document as it is after all operations; the given one is changed.
    ///
    /// @throws CannotApply if one of them is impossible
    JsonNode apply(JsonNode document) {
        var changed = new Document(document);
        operations.forEach(operation -> operation.on(changed));
        return changed.root;
    }
}
