package io.xinglin.records;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// One parameter of a search. A resource matches if one of the alternatives does.
sealed interface Condition {
    /// Whether the resource, in clear, matches.
    boolean matches(JsonNode resource);

    /// Tokens of which every match has at least one; empty if nothing is known.
    Optional<Set<Long>> tokens(String type, BlindIndex index);

    /// A code or an identifier: `code`, `system|code`, `|code`, `system|`.
    record OfTokens(SearchParameter parameter, List<Pattern> alternatives) implements Condition {

        /// @param system absent if any, empty if there must be none
        /// @param code empty if any
        record Pattern(Optional<String> system, String code) {
            static Pattern of(String text) {
                var bar = text.indexOf('|');
                return bar < 0
                        ? new Pattern(Optional.empty(), text)
                        : new Pattern(Optional.of(text.substring(0, bar)), text.substring(bar + 1));
            }

            private boolean matches(Token token) {
                return (code.isEmpty() || code.equals(token.code()))
                        && system.map(wanted -> wanted.equals(token.system().orElse("")))
                                .orElse(true);
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
            var tokens = parameter.tokens(resource);
            return alternatives.stream()
                    .anyMatch(pattern -> tokens.stream().anyMatch(pattern::matches));
        }

        @Override
        public Optional<Set<Long>> tokens(String type, BlindIndex index) {
            return all(alternatives.stream().map(Pattern::filed).toList())
                    .map(values -> hashed(values, type, parameter, index));
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
        public Optional<Set<Long>> tokens(String type, BlindIndex index) {
            var buckets =
                    alternatives.stream()
                            .map(
                                    comparison ->
                                            comparison
                                                    .reach()
                                                    .map(DateBuckets::covering)
                                                    .filter(names -> !names.isEmpty()))
                            .toList();
            return all(buckets)
                    .map(lists -> lists.stream().flatMap(List::stream).toList())
                    .map(values -> hashed(values, type, parameter, index));
        }
    }

    /// A reference: `Patient/17`, or `17` where the type does not matter.
    record OfReferences(SearchParameter parameter, List<String> alternatives) implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var references = parameter.references(resource);
            return alternatives.stream()
                    .anyMatch(
                            wanted ->
                                    references.stream()
                                            .anyMatch(
                                                    there ->
                                                            there.equals(wanted)
                                                                    || there.endsWith(
                                                                            "/" + wanted)));
        }

        @Override
        public Optional<Set<Long>> tokens(String type, BlindIndex index) {
            return all(alternatives.stream().map(OfReferences::filed).toList())
                    .map(values -> hashed(values, type, parameter, index));
        }

        /// Nothing is filed under a bare id.
        private static Optional<String> filed(String wanted) {
            return wanted.contains("/") ? Optional.of(wanted) : Optional.empty();
        }
    }

    /// When the current version was written; filed nowhere.
    record OfLastUpdated(List<DateComparison> alternatives) implements Condition {
        @Override
        public boolean matches(JsonNode resource) {
            var updated = TimeSpan.in(resource.path("meta").path("lastUpdated")).toList();
            return alternatives.stream()
                    .anyMatch(comparison -> updated.stream().anyMatch(comparison::matches));
        }

        @Override
        public Optional<Set<Long>> tokens(String type, BlindIndex index) {
            return Optional.empty();
        }
    }

    private static <T> Optional<List<T>> all(List<Optional<T>> values) {
        return values.stream().allMatch(Optional::isPresent)
                ? Optional.of(values.stream().flatMap(Optional::stream).toList())
                : Optional.empty();
    }

    private static Set<Long> hashed(
            List<String> values, String type, SearchParameter parameter, BlindIndex index) {
        var tokens = new HashSet<Long>();
        for (var value : values) {
            tokens.add(index.token(type, parameter.name(), value));
        }
        return tokens;
    }
}
