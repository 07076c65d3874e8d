package io.xinglin.records;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A code or an identifier: `code`, `system|code`, `|code`, `system|`.
record TokenCondition(SearchParameter parameter, List<Pattern> alternatives) implements Condition {

    /// @param system absent if any, empty if there must be none
    /// @param code empty if any
    record Pattern(Optional<String> system, String code) {
        private boolean matches(Token token) {
            return (code.isEmpty() || code.equals(token.code()))
                    && system.map(wanted -> wanted.equals(token.system().orElse(""))).orElse(true);
        }

        private Optional<String> filed() {
            if (code.isEmpty()) {
                return Optional.empty();
            }
            return system.filter(wanted -> !wanted.isEmpty())
                    .map(wanted -> wanted + "|" + code)
                    .or(() -> Optional.of(code));
        }
    }

    @Override
    public boolean matches(JsonNode resource) {
        return parameter.tokens(resource).stream().anyMatch(this::matches);
    }

    boolean matches(Token token) {
        return alternatives.stream().anyMatch(pattern -> pattern.matches(token));
    }

    @Override
    public Optional<Narrowing> narrowing(String type, BlindIndex index) {
        return filed().filter(_ -> parameter.isFiled())
                .map(values -> Narrowing.of(values, type, parameter, index));
    }

    /// What every match is filed under; none if that is not known.
    Optional<List<String>> filed() {
        var filed = alternatives.stream().flatMap(pattern -> pattern.filed().stream()).toList();
        return filed.size() == alternatives.size() ? Optional.of(filed) : Optional.empty();
    }

    /// The codes alone; none if one is not given.
    Optional<List<String>> codes() {
        return alternatives.stream().allMatch(pattern -> !pattern.code().isEmpty())
                ? Optional.of(alternatives.stream().map(Pattern::code).toList())
                : Optional.empty();
    }

    /// A code by the words it has beside it: `code:text=glucose`.
    record OfText(SearchParameter parameter, List<String> alternatives) implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var texts =
                    parameter.elements(resource).flatMap(OfText::texts).map(Texts::folded).toList();
            return alternatives.stream()
                    .map(Texts::folded)
                    .anyMatch(wanted -> texts.stream().anyMatch(text -> text.startsWith(wanted)));
        }

        private static Stream<String> texts(JsonNode element) {
            var codings =
                    element.has("coding")
                            ? element.get("coding").valueStream()
                            : Stream.<JsonNode>of();
            return Stream.concat(
                            Stream.of(
                                    element.path("text"),
                                    element.path("display"),
                                    element.path("type").path("text")),
                            codings.map(coding -> coding.path("display")))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue);
        }
    }

    /// An identifier by what kind it is: `identifier:of-type=system|code|value`.
    record OfType(SearchParameter parameter, List<Kind> alternatives) implements Condition {

        /// @param system of the code that says the kind
        record Kind(String system, String code, String value) {
            private boolean matches(JsonNode identifier) {
                return identifier.path("value").asString("").equals(value)
                        && Token.in(identifier.path("type"))
                                .anyMatch(
                                        type ->
                                                type.code().equals(code)
                                                        && type.system().orElse("").equals(system));
            }
        }

        @Override
        public boolean matches(JsonNode resource) {
            return parameter
                    .elements(resource)
                    .anyMatch(one -> alternatives.stream().anyMatch(kind -> kind.matches(one)));
        }

        /// It is filed under its value.
        @Override
        public Optional<Narrowing> narrowing(String type, BlindIndex index) {
            return Optional.of(
                    Narrowing.of(
                            alternatives.stream().map(Kind::value).toList(),
                            type,
                            parameter,
                            index));
        }
    }
}
