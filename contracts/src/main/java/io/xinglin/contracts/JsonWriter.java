package io.xinglin.contracts;

/// Writes [Json] in its one form.
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private JsonWriter() {}

    static void write(Json value, StringBuilder out) {
        switch (value) {
            case Json.Text text -> writeString(text.value(), out);
            case Json.Whole whole -> out.append(whole.value());
            case Json.Items items -> writeItems(items, out);
            case JsonObject object -> writeObject(object, out);
        }
    }

    private static void writeItems(Json.Items items, StringBuilder out) {
        var separator = '[';
        for (var item : items.values()) {
            out.append(separator);
            write(item, out);
            separator = ',';
        }
        out.append(items.values().isEmpty() ? "[]" : "]");
    }

    private static void writeObject(JsonObject object, StringBuilder out) {
        var separator = '{';
        for (var member : object.members().entrySet()) {
            out.append(separator);
            writeString(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ',';
        }
        out.append(object.members().isEmpty() ? "{}" : "}");
    }

    private static void writeString(String value, StringBuilder out) {
        out.append('"');
        for (var i = 0; i < value.length(); i++) {
            writeCharacter(value.charAt(i), out);
        }
        out.append('"');
    }

    private static void writeCharacter(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> {
                if (c < 0x20) {
                    out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
