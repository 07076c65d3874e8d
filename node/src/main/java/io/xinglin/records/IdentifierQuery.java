package io.xinglin.records;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// The one resource of a type with an identifier: `Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999950394`.
///
/// Conditional creates and conditional references may ask for this and nothing else.
///
/// @param system empty if any
record IdentifierQuery(String type, String system, String value) {
    private static final String PARAMETER = "identifier=";

    /// @param criteria what comes after the question mark
    static IdentifierQuery parse(String type, String criteria) {
        var text =
                criteria.startsWith(type + "?") ? criteria.substring(type.length() + 1) : criteria;
        var known = R4.type(type);
        if (known.isEmpty() || !known.get().parameters().containsKey("identifier")) {
            throw Outcomes.invalid("There are no identifiers to look up in '" + type + "'.");
        }
        if (!text.startsWith(PARAMETER) || text.contains("&")) {
            throw Outcomes.unsupported(
                    "A condition must be one identifier, 'identifier=system|value', not '"
                            + text
                            + "'.");
        }
        var identifier = decode(text.substring(PARAMETER.length()));
        var bar = identifier.indexOf('|');
        var query =
                new IdentifierQuery(
                        type,
                        bar < 0 ? "" : identifier.substring(0, bar),
                        identifier.substring(bar + 1));
        if (query.value.isBlank()) {
            throw Outcomes.invalid("The condition '" + text + "' has no value.");
        }
        return query;
    }

    private static String decode(String text) {
        try {
            // A plus is a plus here; only the percent signs are an encoding.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Outcomes.invalid("The condition '" + text + "' is not URL-encoded properly.");
        }
    }

    long token(BlindIndex index) {
        return index.token(type, "identifier", system.isEmpty() ? value : system + "|" + value);
    }

    boolean matches(JsonNode resource) {
        return R4.type(type).stream()
                .map(known -> known.parameters().get("identifier"))
                .filter(java.util.Objects::nonNull)
                .flatMap(parameter -> parameter.tokens(resource).stream())
                .anyMatch(
                        token ->
                                token.code().equals(value)
                                        && (system.isEmpty()
                                                || token.system()
                                                        .filter(system::equals)
                                                        .isPresent()));
    }

    @Override
    public String toString() {
        return type + "?" + PARAMETER + (system.isEmpty() ? value : system + "|" + value);
    }
}
