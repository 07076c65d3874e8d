package io.xinglin.records;

import ca.uhn.fhir.context.RuntimeChildPrimitiveEnumerationDatatypeDefinition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Which values of primitive types are stored exactly as they are written. Others may be right, too: HAPI's parser knows.
final class PlainValues {
    private static final int NUMBER_MAX = 30;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
    private static final Pattern DATE = Pattern.compile("[12]\\d{3}(-\\d\\d(-\\d\\d)?)?");
    private static final Pattern TIME_OF_DAY =
            Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{3})?");
    private static final Pattern ZONE = Pattern.compile("Z|[+-](0\\d|1[0-3]):[0-5]\\d");
    private static final int DATE_LENGTH = 10;
    private static final int TIME_LENGTH = 8;
    private static final int MILLIS_LENGTH = 4;

    private static final Map<String, Predicate<JsonNode>> BY_TYPE =
            Map.ofEntries(
                    Map.entry("boolean", JsonNode::isBoolean),
                    Map.entry("integer", PlainValues::isInteger),
                    Map.entry("decimal", PlainValues::isDecimal),
                    Map.entry("positiveInt", node -> isInteger(node) && node.intValue() > 0),
                    Map.entry("unsignedInt", node -> isInteger(node) && node.intValue() >= 0),
                    Map.entry("string", text(PlainValues::isText)),
                    Map.entry("markdown", text(PlainValues::isText)),
                    Map.entry("code", text(PlainValues::isCode)),
                    Map.entry("uri", text(PlainValues::isGraphic)),
                    Map.entry("url", text(PlainValues::isGraphic)),
                    Map.entry("canonical", text(PlainValues::isGraphic)),
                    Map.entry("oid", text(PlainValues::isGraphic)),
                    Map.entry("uuid", text(PlainValues::isGraphic)),
                    Map.entry("id", text(it -> ID.matcher(it).matches())),
                    Map.entry("base64Binary", text(PlainValues::isBase64)),
                    Map.entry("date", text(PlainValues::isDate)),
                    Map.entry("dateTime", text(it -> isDate(it) || isInstant(it))),
                    Map.entry("instant", text(PlainValues::isInstant)),
                    Map.entry("reference", text(PlainValues::isReference)));

    private PlainValues() {}

    /// What values of a type are like; empty for types whose values are never plain.
    static Optional<Predicate<JsonNode>> of(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /// One of the codes an element is bound to.
    static Predicate<JsonNode> oneOf(RuntimeChildPrimitiveEnumerationDatatypeDefinition bound) {
        var codes = new HashSet<String>();
        for (var code : bound.getBoundEnumType().getEnumConstants()) {
            try {
                codes.add(
                        String.valueOf(code.getDeclaringClass().getMethod("toCode").invoke(code)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(bound + " has no codes", e);
            }
        }
        var known = Set.copyOf(codes);
        return text(it -> known.contains(it) && ID.matcher(it).matches());
    }

    private static Predicate<JsonNode> text(Predicate<String> isPlain) {
        return node -> node.isString() && isPlain.test(node.stringValue());
    }

    private static boolean isInteger(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt();
    }

    private static boolean isDecimal(JsonNode node) {
        if (!node.isNumber()) {
            return false;
        }
        var text = node.asString();
        return text.length() <= NUMBER_MAX && text.indexOf('E') < 0;
    }

    /// Nothing that might be trimmed, folded or escaped in one way or another.
    private static boolean isText(String text) {
        return !text.isEmpty()
                && text.charAt(0) > ' '
                && text.charAt(text.length() - 1) > ' '
                && text.chars().allMatch(PlainValues::isPlain);
    }

    private static boolean isPlain(int unit) {
        return (unit >= ' ' && unit < 0x7f)
                || unit == '\n'
                || (unit > 0xa0 && unit < 0x2000)
                || (unit >= 0x3001 && unit < 0xd800);
    }

    private static boolean isGraphic(String text) {
        return !text.isEmpty() && text.chars().allMatch(unit -> unit > ' ' && unit < 0x7f);
    }

    /// Words with single blanks between them.
    private static boolean isCode(String text) {
        return isText(text)
                && !text.contains("  ")
                && text.chars().allMatch(unit -> unit >= ' ' && unit < 0x7f);
    }

    private static boolean isReference(String text) {
        return isGraphic(text) && text.charAt(0) != '#';
    }

    private static boolean isBase64(String text) {
        try {
            return !text.isEmpty()
                    && Base64.getEncoder()
                            .encodeToString(Base64.getDecoder().decode(text))
                            .equals(text);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        if (!DATE.matcher(text).matches()) {
            return false;
        }
        try {
            LocalDate.of(
                    Integer.parseInt(text, 0, 4, 10),
                    text.length() < 7 ? 1 : Integer.parseInt(text, 5, 7, 10),
                    text.length() < DATE_LENGTH ? 1 : Integer.parseInt(text, 8, DATE_LENGTH, 10));
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static boolean isInstant(String text) {
        if (text.length() < DATE_LENGTH + 1 + TIME_LENGTH + 1 || text.charAt(DATE_LENGTH) != 'T') {
            return false;
        }
        var time = DATE_LENGTH + 1;
        var zone =
                time + TIME_LENGTH + (text.charAt(time + TIME_LENGTH) == '.' ? MILLIS_LENGTH : 0);
        return zone < text.length()
                && isDate(text.substring(0, DATE_LENGTH))
                && TIME_OF_DAY.matcher(text).region(time, zone).matches()
                && ZONE.matcher(text).region(zone, text.length()).matches();
    }
}
