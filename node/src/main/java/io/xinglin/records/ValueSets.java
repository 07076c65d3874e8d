package io.xinglin.records;

import io.xinglin.records.TokenCondition.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The codes of value sets that are stored here and say which codes they have: one by one, or whole systems. Sets that are given
/// by rules need a terminology server.
final class ValueSets {
    private static final int CODES_MAX = 5_000;

    private final Resolving search;
    private final Lookup lookup;

    ValueSets(Resolving search, Lookup lookup) {
        this.search = search;
        this.lookup = lookup;
    }

    /// @param set `ValueSet/17`, or its address
    List<Pattern> codes(String set) {
        var found =
                find(set)
                        .orElseThrow(
                                () ->
                                        Outcomes.invalid(
                                                "The value set '" + set + "' is not known here."));
        var codes = new ArrayList<Pattern>();
        if (found.path("expansion").has("contains")) {
            expanded(found.get("expansion").get("contains"), codes);
        } else if (found.path("compose").has("exclude")) {
            throw rules(set);
        } else {
            for (var include : found.path("compose").path("include")) {
                included(set, include, codes);
            }
        }
        if (codes.size() > CODES_MAX) {
            throw Outcomes.tooCostly("The value set '" + set + "' has too many codes.");
        }
        return codes;
    }

    private Optional<JsonNode> find(String set) {
        lookup.fetch(List.of(set));
        var named = lookup.get(set).filter(one -> one.type().equals("ValueSet")).map(Match::json);
        return named.isPresent() ? named : byAddress(set);
    }

    private Optional<JsonNode> byAddress(String address) {
        var type = R4.type("ValueSet").orElseThrow();
        var url = Optional.ofNullable(type.parameters().get("url")).orElseThrow();
        var is = new Condition.OfUris(url, Condition.OfUris.Reach.IS, List.of(address));
        var found = new ArrayList<Match>();
        search.walk()
                .go(search.way(type, new Matcher(List.of(is), lookup), 1), Place.BEGIN, found::add);
        return found.stream().findFirst().map(Match::json);
    }

    private static void expanded(JsonNode contains, List<Pattern> codes) {
        for (var one : contains) {
            if (one.has("code")) {
                codes.add(pattern(one, one.path("code").asString("")));
            }
            expanded(one.path("contains"), codes);
        }
    }

    private static void included(String set, JsonNode include, List<Pattern> codes) {
        if (include.has("filter") || include.has("valueSet") || !include.has("system")) {
            throw rules(set);
        }
        if (!include.has("concept")) {
            codes.add(pattern(include, ""));
        }
        for (var concept : include.path("concept")) {
            codes.add(pattern(include, concept.path("code").asString("")));
        }
    }

    private static Pattern pattern(JsonNode system, String code) {
        return new Pattern(Optional.of(system.path("system").asString("")), code);
    }

    private static RuntimeException rules(String set) {
        return Outcomes.unsupported(
                "The value set '" + set + "' is given by rules, which are not followed here.");
    }
}
