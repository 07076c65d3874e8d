package io.xinglin.records;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The texts of an element, and how they are compared: without regard to case, accents and width.
///
/// @spec https://hl7.org/fhir/R4/search.html#string FHIR R4, string search
final class Texts {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /// The texts of a HumanName or an Address.
    private static final List<String> PARTS =
            List.of(
                    "text",
                    "family",
                    "given",
                    "prefix",
                    "suffix",
                    "line",
                    "city",
                    "district",
                    "state",
                    "postalCode",
                    "country");

    private static final int GRAM = 3;
    private static final int HAN_GRAM = 2;

    private Texts() {}

    /// The text itself; of a name or an address, its parts, and a name as it is written in full.
    static Stream<String> in(JsonNode element) {
        if (element.isString()) {
            return Stream.of(element.stringValue());
        }
        var texts = new ArrayList<String>();
        PARTS.forEach(part -> strings(element.get(part)).forEach(texts::add));
        var family = strings(element.get("family")).collect(Collectors.joining(" "));
        var given = strings(element.get("given")).collect(Collectors.joining(" "));
        if (!family.isEmpty() && !given.isEmpty()) {
            texts.add(isHan(family) ? family + given : given + " " + family);
            texts.add(family + " " + given);
        }
        return texts.stream();
    }

    private static Stream<String> strings(@org.jspecify.annotations.Nullable JsonNode node) {
        if (node == null) {
            return Stream.empty();
        }
        return (node.isArray() ? node.valueStream() : Stream.of(node))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue);
    }

    /// What remains of a text when it is compared.
    static String folded(String text) {
        var apart = Normalizer.normalize(text, Normalizer.Form.NFKD);
        return SPACES.matcher(MARKS.matcher(apart).replaceAll("").toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
    }

    /// The beginning that a folded text is filed under; none if it is too short to say much.
    static Optional<String> gram(String folded) {
        var length = isHan(folded) ? HAN_GRAM : GRAM;
        return folded.codePointCount(0, folded.length()) < length
                ? Optional.empty()
                : Optional.of(folded.substring(0, folded.offsetByCodePoints(0, length)));
    }

    private static boolean isHan(String text) {
        return !text.isEmpty() && UnicodeScript.of(text.codePointAt(0)) == UnicodeScript.HAN;
    }
}
