package io.xinglin.records;

import java.util.Locale;
import java.util.Optional;

/// How a value is to compare with the one asked for.
///
/// @spec https://hl7.org/fhir/R4/search.html#prefix FHIR R4, prefixes
enum Prefix {
    EQ,
    NE,
    GT,
    LT,
    GE,
    LE,
    SA,
    EB,
    AP;

    /// A value with its prefix taken off.
    record Prefixed(Prefix prefix, String value) {}

    /// Equal is meant where none is given; none is known if the text begins with other letters.
    static Optional<Prefixed> of(String text) {
        if (text.length() < 3 || !Character.isLetter(text.charAt(0))) {
            return Optional.of(new Prefixed(EQ, text));
        }
        for (var prefix : values()) {
            if (text.startsWith(prefix.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(new Prefixed(prefix, text.substring(2)));
            }
        }
        return Optional.empty();
    }
}
