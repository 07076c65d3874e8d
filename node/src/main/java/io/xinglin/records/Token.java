package io.xinglin.records;

import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A coded value, an identifier or a contact: what a token parameter matches.
///
/// @param system the namespace; absent for codes of the standard itself and for booleans
record Token(Optional<String> system, String code) {

    /// The tokens an element holds.
    static Stream<Token> in(JsonNode element) {
        if (element.isString()) {
            return Stream.of(new Token(Optional.empty(), element.stringValue()));
        }
        if (element.isBoolean()) {
            return Stream.of(new Token(Optional.empty(), element.asString()));
        }
        if (element.has("coding")) {
            return element.get("coding").valueStream().flatMap(coding -> pair(coding, "code"));
        }
        return element.has("code") ? pair(element, "code") : pair(element, "value");
    }

    private static Stream<Token> pair(JsonNode element, String name) {
        var code = element.get(name);
        if (code == null || !code.isString()) {
            return Stream.empty();
        }
        var system = element.get("system");
        return Stream.of(
                new Token(
                        system == null || !system.isString()
                                ? Optional.empty()
                                : Optional.of(system.stringValue()),
                        code.stringValue()));
    }
}
