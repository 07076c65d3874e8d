package io.xinglin.records;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The values of a search parameter as they are written: alternatives between commas, parts between other marks, a backslash
/// before a mark that is meant as a character.
///
/// @spec https://hl7.org/fhir/R4/search.html#escaping FHIR R4, escaping search parameters
final class Values {
    static final int MOST = 100;
    private static final String MARKS = ",|$\\";

    private Values() {}

    /// The values between commas, still escaped.
    static List<String> alternatives(String value) {
        var values = split(value, ',').stream().filter(text -> !text.isEmpty()).toList();
        if (values.isEmpty()) {
            throw Outcomes.invalid("A parameter takes at least one value.");
        }
        if (values.size() > MOST) {
            throw Outcomes.tooCostly("A parameter takes " + MOST + " values at most.");
        }
        return values;
    }

    /// The values between commas, as they are meant.
    static List<String> plain(String value) {
        return alternatives(value).stream().map(Values::unescaped).toList();
    }

    /// Each value between commas, understood.
    static <T> List<T> each(
            String name, String value, String what, Function<String, Optional<T>> parse) {
        return alternatives(value).stream()
                .map(
                        text ->
                                parse.apply(text)
                                        .orElseThrow(
                                                () ->
                                                        Outcomes.invalid(
                                                                "'"
                                                                        + text
                                                                        + "' of '"
                                                                        + name
                                                                        + "' is not "
                                                                        + what
                                                                        + ".")))
                .toList();
    }

    /// The parts between marks that are not escaped.
    static List<String> split(String value, char mark) {
        var parts = new ArrayList<String>();
        var begin = 0;
        for (var i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\\') {
                i++;
            } else if (value.charAt(i) == mark) {
                parts.add(value.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(value.substring(begin));
        return parts;
    }

    static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        var plain = new StringBuilder(text.length());
        for (var i = 0; i < text.length(); i++) {
            var isEscape =
                    text.charAt(i) == '\\'
                            && i + 1 < text.length()
                            && MARKS.indexOf(text.charAt(i + 1)) >= 0;
            if (isEscape) {
                i++;
            }
            plain.append(text.charAt(i));
        }
        return plain.toString();
    }
}
