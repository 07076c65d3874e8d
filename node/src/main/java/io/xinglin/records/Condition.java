package io.xinglin.records;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What the content of a resource must be. It matches if one of the alternatives does.
sealed interface Condition extends Criterion
        permits Condition.Not,
                Condition.Missing,
                Condition.OfDates,
                Condition.OfNumbers,
                Condition.OfParts,
                Condition.OfQuantities,
                Condition.OfReferences,
                Condition.OfIdentifiedReferences,
                Condition.OfTexts,
                Condition.OfUris,
                TokenCondition,
                TokenCondition.OfText,
                TokenCondition.OfType {

    /// Whether the resource, in clear, matches.
    boolean matches(JsonNode resource);

    /// How matches can be found without opening every resource; none if they cannot.
    default Optional<Narrowing> narrowing(String type, BlindIndex index) {
        return Optional.empty();
    }

    /// Tokens of which every match has at least one.
    ///
    /// @param since the version of the index from which on this is so
    record Narrowing(Set<Long> anyOf, int since) {
        static Narrowing of(
                Collection<String> values,
                String type,
                SearchParameter parameter,
                BlindIndex index) {
            var tokens = new HashSet<Long>();
            for (var value : values) {
                tokens.add(index.token(type, parameter.name(), value));
            }
            return new Narrowing(tokens, parameter.since());
        }
    }

    /// What does not match: `code:not=718-7`.
    record Not(Condition condition) implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            return !condition.matches(resource);
        }
    }

    /// Whether there is a value at all: `value-quantity:missing=true`.
    record Missing(SearchParameter parameter, boolean isMissing) implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            return isMissing == isEmpty(resource);
        }

        private boolean isEmpty(JsonNode resource) {
            return switch (parameter.kind()) {
                case TOKEN -> parameter.tokens(resource).isEmpty();
                case DATE -> parameter.dates(resource).isEmpty();
                case REFERENCE ->
                        parameter.references(resource).isEmpty()
                                && parameter.elements(resource).noneMatch(e -> e.has("identifier"));
                case STRING -> parameter.texts(resource).isEmpty();
                case NUMBER -> parameter.numbers(resource).isEmpty();
                case QUANTITY -> parameter.quantities(resource).isEmpty();
                case URI -> parameter.uris(resource).isEmpty();
                case COMPOSITE -> parameter.elements(resource).findAny().isEmpty();
            };
        }
    }

    /// A date: `2024-03`, `ge2024-03`.
    record OfDates(SearchParameter parameter, List<DateComparison> alternatives)
            implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var dates = parameter.dates(resource);
            return alternatives.stream()
                    .anyMatch(comparison -> dates.stream().anyMatch(comparison::matches));
        }

        @Override
        public Optional<Narrowing> narrowing(String type, BlindIndex index) {
            if (!parameter.isFiled()) {
                return Optional.empty();
            }
            return all(alternatives.stream().map(OfDates::filed).toList())
                    .map(lists -> lists.stream().flatMap(List::stream).toList())
                    .map(values -> Narrowing.of(values, type, parameter, index));
        }

        private static Optional<List<String>> filed(DateComparison comparison) {
            return comparison.reach().map(DateBuckets::covering).filter(names -> !names.isEmpty());
        }
    }

    /// A reference: `Patient/17`, or `17` where the type does not matter.
    record OfReferences(SearchParameter parameter, List<String> alternatives) implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var references = parameter.references(resource);
            return alternatives.stream()
                    .anyMatch(wanted -> references.stream().anyMatch(one -> is(one, wanted)));
        }

        private static boolean is(String there, String wanted) {
            return there.equals(wanted) || there.endsWith("/" + wanted);
        }

        @Override
        public Optional<Narrowing> narrowing(String type, BlindIndex index) {
            return parameter.isFiled() && alternatives.stream().allMatch(one -> one.contains("/"))
                    // Nothing is filed under a bare id.
                    ? Optional.of(Narrowing.of(alternatives, type, parameter, index))
                    : Optional.empty();
        }
    }

    /// A reference that names what it points at by an identifier: `subject:identifier=system|value`.
    record OfIdentifiedReferences(SearchParameter parameter, TokenCondition identifiers)
            implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            return parameter
                    .elements(resource)
                    .flatMap(element -> Stream.ofNullable(element.get("identifier")))
                    .flatMap(Token::in)
                    .anyMatch(identifiers::matches);
        }
    }

    /// A text: `name=li`, `name:exact=Li`, `name:contains=li`.
    record OfTexts(SearchParameter parameter, How how, List<String> alternatives)
            implements Condition {
        enum How {
            BEGINS,
            CONTAINS,
            EXACT
        }

        @Override
        public boolean matches(JsonNode resource) {
            var texts = parameter.texts(resource);
            return alternatives.stream()
                    .anyMatch(wanted -> texts.stream().anyMatch(there -> is(there, wanted)));
        }

        private boolean is(String there, String wanted) {
            return switch (how) {
                case BEGINS -> Texts.folded(there).startsWith(Texts.folded(wanted));
                case CONTAINS -> Texts.folded(there).contains(Texts.folded(wanted));
                case EXACT -> there.equals(wanted);
            };
        }

        @Override
        public Optional<Narrowing> narrowing(String type, BlindIndex index) {
            return grams().map(values -> Narrowing.of(values, type, parameter, index));
        }

        /// The beginnings that matches are filed under.
        Optional<List<String>> grams() {
            return how == How.CONTAINS || !parameter.isFiled()
                    ? Optional.empty()
                    : all(alternatives.stream().map(Texts::folded).map(Texts::gram).toList());
        }
    }

    /// A number: `5.4`, `gt5.4`.
    record OfNumbers(SearchParameter parameter, List<NumberComparison> alternatives)
            implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var numbers = parameter.numbers(resource);
            return alternatives.stream()
                    .anyMatch(comparison -> numbers.stream().anyMatch(comparison::matches));
        }
    }

    /// An amount: `gt5.4|http://unitsofmeasure.org|mg`.
    record OfQuantities(SearchParameter parameter, List<QuantityComparison> alternatives)
            implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var quantities = parameter.quantities(resource);
            return alternatives.stream()
                    .anyMatch(comparison -> quantities.stream().anyMatch(comparison::matches));
        }
    }

    /// An address: `http://acme.org/a`, all below it, or all above it.
    record OfUris(SearchParameter parameter, Reach how, List<String> alternatives)
            implements Condition {
        enum Reach {
            IS,
            ABOVE,
            BELOW
        }

        @Override
        public boolean matches(JsonNode resource) {
            var uris = parameter.uris(resource);
            return alternatives.stream()
                    .anyMatch(wanted -> uris.stream().anyMatch(there -> is(there, wanted)));
        }

        private boolean is(String there, String wanted) {
            return switch (how) {
                case IS -> there.equals(wanted);
                case ABOVE -> isBelow(wanted, there);
                case BELOW -> isBelow(there, wanted);
            };
        }

        private static boolean isBelow(String address, String base) {
            return address.equals(base)
                    || address.startsWith(base.endsWith("/") ? base : base + "/");
        }

        @Override
        public Optional<Narrowing> narrowing(String type, BlindIndex index) {
            return how == Reach.IS && parameter.isFiled()
                    ? Optional.of(Narrowing.of(alternatives, type, parameter, index))
                    : Optional.empty();
        }
    }

    /// Several values of one element: `code-value-quantity=718-7$gt5`.
    ///
    /// @param alternatives for each, and for each of the composite's paths, what the parts must be
    record OfParts(SearchParameter parameter, List<List<List<Part>>> alternatives)
            implements Condition {

        /// @param ofWhole whether it is of the whole resource, not of the element
        record Part(Condition condition, boolean ofWhole) {}

        @Override
        public boolean matches(JsonNode resource) {
            return alternatives.stream().anyMatch(byPath -> matches(resource, byPath));
        }

        private boolean matches(JsonNode resource, List<List<Part>> byPath) {
            for (var i = 0; i < byPath.size(); i++) {
                var parts = byPath.get(i);
                if (parameter
                        .paths()
                        .get(i)
                        .in(resource)
                        .anyMatch(element -> matches(resource, element, parts))) {
                    return true;
                }
            }
            return false;
        }

        private static boolean matches(JsonNode resource, JsonNode element, List<Part> parts) {
            return parts.stream()
                    .allMatch(part -> part.condition.matches(part.ofWhole ? resource : element));
        }

        /// Each part is filed by itself; whichever is narrows.
        @Override
        public Optional<Narrowing> narrowing(String type, BlindIndex index) {
            var first =
                    alternatives.stream()
                            .map(
                                    byPath ->
                                            byPath.getFirst().stream()
                                                    .flatMap(
                                                            part ->
                                                                    part
                                                                            .condition
                                                                            .narrowing(type, index)
                                                                            .stream())
                                                    .findFirst())
                            .toList();
            return all(first)
                    .map(
                            some ->
                                    new Narrowing(
                                            some.stream()
                                                    .flatMap(one -> one.anyOf.stream())
                                                    .collect(java.util.stream.Collectors.toSet()),
                                            some.stream()
                                                    .mapToInt(Narrowing::since)
                                                    .max()
                                                    .orElse(1)));
        }
    }

    private static <T> Optional<List<T>> all(List<Optional<T>> values) {
        return values.stream().allMatch(Optional::isPresent)
                ? Optional.of(values.stream().flatMap(Optional::stream).toList())
                : Optional.empty();
    }
}
