package io.xinglin.contracts;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;

/// Reads [Json] strictly; any spacing is fine, any ambiguity is not.
final class JsonReader {
    private static final int DEPTH_MAX = 8;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /// Reads UTF-8 bytes that must hold one object and nothing else.
    static JsonObject object(byte[] utf8) {
        try {
            return object(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            throw malformed("it is not UTF-8");
        }
    }

    /// Reads text that must hold one object and nothing else.
    static JsonObject object(String text) {
        var reader = new JsonReader(text);
        reader.skipSpace();
        if (!(reader.value() instanceof JsonObject object)) {
            throw malformed("it is not a JSON object");
        }
        reader.skipSpace();
        if (reader.at != text.length()) {
            throw malformed("something follows the JSON object");
        }
        return object;
    }

    private Json value() {
        return switch (peek()) {
            case '{' -> members();
            case '[' -> items();
            case '"' -> new Json.Text(string());
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> new Json.Whole(whole());
            default -> throw malformed("only objects, arrays, strings and whole numbers");
        };
    }

    private JsonObject members() {
        var members = new TreeMap<String, Json>();
        enter('{');
        while (peek() != '}') {
            var name = string();
            expect(':');
            skipSpace();
            if (members.put(name, value()) != null) {
                throw malformed("a member appears twice");
            }
            if (!another('}')) {
                break;
            }
        }
        leave('}');
        return new JsonObject(members);
    }

    private Json.Items items() {
        var items = new ArrayList<Json>();
        enter('[');
        while (peek() != ']') {
            items.add(value());
            if (!another(']')) {
                break;
            }
        }
        leave(']');
        return new Json.Items(items);
    }

    private void enter(char open) {
        expect(open);
        if (++depth > DEPTH_MAX) {
            throw malformed("nested too deeply");
        }
        skipSpace();
    }

    private void leave(char close) {
        expect(close);
        depth--;
    }

    /// Skips a comma; after one, something other than the closing character must follow.
    private boolean another(char close) {
        skipSpace();
        if (peek() != ',') {
            return false;
        }
        at++;
        skipSpace();
        if (peek() == close) {
            throw malformed("a comma too many");
        }
        return true;
    }

    private String string() {
        if (peek() != '"') {
            throw malformed("a string is missing");
        }
        var start = ++at;
        while (peek() != '"' && peek() != '\\' && peek() >= 0x20) {
            at++;
        }
        if (peek() == '"') {
            return wellFormed(text.substring(start, at++));
        }
        var out = new StringBuilder(text.substring(start, at));
        for (var c = take(); c != '"'; c = take()) {
            if (c < 0x20) {
                throw malformed("a control character in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        return wellFormed(out.toString());
    }

    private char escaped() {
        var c = take();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'u' -> codeUnit();
            default -> throw malformed("an unknown escape");
        };
    }

    private char codeUnit() {
        var unit = 0;
        for (var i = 0; i < 4; i++) {
            unit = unit << 4 | hexDigit(take());
        }
        return (char) unit;
    }

    /// ASCII only: `Character.digit` would take digits of other scripts.
    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        if (c >= 'A' && c <= 'F') {
            return c - 'A' + 10;
        }
        throw malformed("a bad \\u escape");
    }

    private long whole() {
        var start = at;
        if (peek() == '-') {
            at++;
        }
        var digits = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        var length = at - digits;
        if (length == 0 || length > 16 || (length > 1 && text.charAt(digits) == '0')) {
            throw malformed("not a whole number in its shortest form");
        }
        var value = Long.parseLong(text, start, at, 10);
        if (Math.abs(value) > Json.Whole.MAX || (value == 0 && digits > start)) {
            throw malformed("a number beyond 2^53, or minus zero");
        }
        return value;
    }

    private static String wellFormed(String value) {
        for (var i = 0; i < value.length(); ) {
            var codePoint = value.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw malformed("half a character");
            }
            i += Character.charCount(codePoint);
        }
        return value;
    }

    private void expect(char wanted) {
        skipSpace();
        if (take() != wanted) {
            throw malformed("'" + wanted + "' is missing");
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw malformed("it ends too early");
        }
        return text.charAt(at);
    }

    private char take() {
        var c = peek();
        at++;
        return c;
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static ContractViolation malformed(String what) {
        return new ContractViolation(
                ViolationCode.MALFORMED, "Not the JSON of a ledger: " + what + ".");
    }
}
