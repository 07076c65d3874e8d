package io.xinglin.records;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads a transaction or batch bundle entry by entry, without building its object model: of each entry its envelope and
/// where its resource lies in the bytes.
///
/// What is not as FHIR wants it is refused with the place and the reason: duplicate names, unknown elements, a body that ends
/// early.
///
/// @spec https://hl7.org/fhir/R4/http.html#transaction FHIR R4, batch and transaction
final class BundleReader {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final int EXPONENT_DIGITS_MAX = 2;
    private static final Set<String> IGNORED =
            Set.of("id", "meta", "implicitRules", "language", "identifier", "timestamp", "link");
    private static final Set<String> IGNORED_IN_ENTRY = Set.of("id", "link", "extension");

    private final byte[] body;

    private final Set<String> fullUrls = new HashSet<>();

    private BundleReader(byte[] body) {
        this.body = body;
    }

    /// A bundle that asks for something to be done.
    ///
    /// @param atomic whether all of it happens or nothing
    record Request(boolean atomic, List<Entry> entries) {}

    /// One entry.
    ///
    /// @param where what to call it in an error
    /// @param ask what it asks for; throws if it is not understood
    record Entry(String where, Supplier<Ask> ask) {}

    /// Refuses what is not JSON in UTF-8, has a name twice in one object, a number out of reach, or half a character.
    static void check(byte[] body) {
        var escapes = hasEscapes(body);
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            while (parser.nextToken() != null) {
                number(parser);
                if (escapes) {
                    characters(parser);
                }
            }
            utf8(body, 0, body.length);
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /// Refuses half a character, and one that no text has.
    static void checkCharacters(byte[] body) {
        if (hasEscapes(body)) {
            check(body);
        }
    }

    static Request read(byte[] body) {
        checkCharacters(body);
        var reader = new BundleReader(body);
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            var request = reader.bundle(parser);
            if (parser.nextToken() != null) {
                throw Outcomes.malformed("There is something after the end of the bundle.");
            }
            return request;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static RuntimeException malformed(JacksonException e) {
        var at = e.getLocation();
        var place =
                at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return Outcomes.malformed(
                "The body is not well-formed JSON: " + e.getOriginalMessage() + place);
    }

    private Request bundle(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw Outcomes.malformed("The body is not a JSON object.");
        }
        var resourceType = "";
        var type = "";
        var entries = new ArrayList<Entry>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "resourceType" -> resourceType = text(parser, name);
                case "type" -> type = text(parser, name);
                case "entry" -> entries(parser, entries);
                default -> ignore(parser, name, IGNORED, "Bundle");
            }
        }
        if (!resourceType.equals("Bundle")) {
            throw Outcomes.malformed(
                    "A Bundle is expected here, not "
                            + (resourceType.isEmpty()
                                    ? "a body without resourceType"
                                    : resourceType)
                            + ".");
        }
        return switch (type) {
            case "transaction" -> new Request(true, entries);
            case "batch" -> new Request(false, entries);
            default ->
                    throw Outcomes.invalid(
                            "Bundle.type must be transaction or batch here, not '" + type + "'.");
        };
    }

    private void entries(JsonParser parser, List<Entry> entries) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Outcomes.malformed("Bundle.entry is not a list.");
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            entries.add(entry(parser, "entry " + entries.size()));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw Outcomes.malformed("Bundle.entry has something that is not an object.");
        }
    }

    private Entry entry(JsonParser parser, String where) {
        Optional<String> fullUrl = Optional.empty();
        Optional<Slice> resource = Optional.empty();
        var request = new EntryRequest(where);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var element = parser.currentName();
            parser.nextToken();
            switch (element) {
                case "fullUrl" -> fullUrl = Optional.of(text(parser, element));
                case "resource" -> resource = Optional.of(slice(parser, where));
                case "request" -> request.read(parser);
                default -> ignore(parser, element, IGNORED_IN_ENTRY, where);
            }
        }
        if (fullUrl.isPresent() && !fullUrls.add(fullUrl.get())) {
            throw Outcomes.invalid(
                    "The fullUrl of "
                            + where
                            + " is that of another entry (bdl-7): which is meant?");
        }
        var name = fullUrl;
        var content =
                resource.map(slice -> new Sent(() -> text(slice), () -> resource(slice, where)));
        return new Entry(where, () -> request.ask(name, content));
    }

    private Slice slice(JsonParser parser, String where) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Outcomes.malformed("The resource of " + where + " is not an object.");
        }
        var from = parser.currentTokenLocation().getByteOffset();
        for (var depth = 1; depth > 0; ) {
            var token = parser.nextToken();
            if (token == null) {
                throw Outcomes.malformed("The body ends early.");
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            number(parser);
        }
        var until = parser.currentLocation().getByteOffset();
        if (from < 0 || until > body.length || body[(int) from] != '{') {
            throw Outcomes.malformed("The body is not UTF-8.");
        }
        return new Slice((int) from, (int) (until - from));
    }

    /// A few characters can stand for a number that fills the memory once it is written out.
    private static void number(JsonParser parser) {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            var text = parser.getString();
            var mark = Math.max(text.indexOf('e'), text.indexOf('E'));
            var exponent = mark < 0 ? "0" : text.substring(mark + 1).replaceFirst("^[+-]?0*", "");
            if (text.length() > R4.DIGITS_MAX || exponent.length() > EXPONENT_DIGITS_MAX) {
                throw Outcomes.malformed("A number is out of reach.");
            }
        }
    }

    /// Whether a character is written as an escape: only so can there be half a one, or one that XML cannot hold.
    private static boolean hasEscapes(byte[] body) {
        for (var i = 1; i < body.length; i++) {
            if (body[i - 1] == '\\' && (body[i] == 'u' || body[i] == 'b' || body[i] == 'f')) {
                return true;
            }
        }
        return false;
    }

    /// @spec https://hl7.org/fhir/R4/datatypes.html#string FHIR R4, string
    private static void characters(JsonParser parser) {
        var token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING && token != JsonToken.PROPERTY_NAME) {
            return;
        }
        if (parser.getString().codePoints().anyMatch(BundleReader::isNoCharacter)) {
            throw Outcomes.malformed(
                    "A string has half a character in it, or one that has no place in a text.");
        }
    }

    private static boolean isNoCharacter(int point) {
        return Character.getType(point) == Character.SURROGATE
                || (point < ' ' && point != '\t' && point != '\n' && point != '\r')
                || point == 0xfffe
                || point == 0xffff;
    }

    static String utf8(byte[] body, int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, from, length))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Outcomes.malformed("The body is not UTF-8.");
        }
    }

    static String text(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw Outcomes.malformed("'" + name + "' is not a string.");
        }
        return parser.getString();
    }

    private static void ignore(JsonParser parser, String name, Set<String> known, String where) {
        if (!known.contains(name)) {
            throw Outcomes.malformed("There is no element '" + name + "' in " + where + ".");
        }
        parser.skipChildren();
    }

    /// Where a resource lies in the body.
    private record Slice(int from, int length) {}

    private String text(Slice slice) {
        return utf8(body, slice.from, slice.length);
    }

    private Resource resource(Slice slice, String where) {
        try {
            return Whole.parse(text(slice), "The resource of " + where);
        } catch (ca.uhn.fhir.parser.DataFormatException e) {
            throw Outcomes.malformed("The resource of " + where + " is refused: " + plain(e));
        }
    }

    /// HAPI's words without HAPI's number.
    static String plain(RuntimeException e) {
        var message = e.getMessage();
        return message == null ? "it is not valid" : message.replaceAll("HAPI-\\d+: ", "");
    }
}
