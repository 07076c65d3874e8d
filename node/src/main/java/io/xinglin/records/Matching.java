package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.NodeProperties;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// Finds what a write names by a search instead of an id: `Observation?patient=17&code=718-7`.
///
/// It is the custodian's own writer who asks, so that every resource counts; and nothing found may be answered: whoever is to see
/// it reads it.
@Component
class Matching {
    /// What says how an answer is to be, not what is meant.
    private static final Pattern NOT_CRITERIA =
            Pattern.compile(
                    "_(count|sort|total|summary|elements|after|format|pretty|(rev)?include.*)");

    private final Search search;
    private final InstantSource time;
    private final String base;

    Matching(Search search, InstantSource time, NodeProperties node) {
        this.search = search;
        this.time = time;
        this.base = node.url() + "/fhir/";
    }

    /// The newest versions of resources that match, in the order of their ids.
    ///
    /// @param criteria what comes after the question mark, URL-encoded
    /// @param most not more than these; two tell whether it is one
    /// @throws ca.uhn.fhir.rest.server.exceptions.InvalidRequestException if the search is not understood, or says nothing
    List<StoredVersion> find(MemberId custodian, String type, String criteria, int most) {
        var known =
                R4.type(type)
                        .orElseThrow(
                                () -> Outcomes.invalid("There is no resource type " + type + "."));
        var parameters = parameters(criteria);
        for (var name : parameters.keySet()) {
            if (NOT_CRITERIA.matcher(name).matches()) {
                throw Outcomes.invalid("The condition '" + criteria + "' asks for '" + name + "'.");
            }
        }
        parameters.put("_count", List.of(Integer.toString(most)));
        return search.undisclosed(
                QueryParser.strict(
                        custodian, known, parameters, base + custodian + "/", time.instant()));
    }

    private static Map<String, List<String>> parameters(String criteria) {
        var parameters = new TreeMap<String, List<String>>();
        for (var part : criteria.split("&", -1)) {
            var equals = part.indexOf('=');
            if (equals < 1) {
                throw Outcomes.invalid("'" + part + "' is not a search parameter.");
            }
            parameters
                    .computeIfAbsent(decode(part.substring(0, equals)), _ -> new ArrayList<>())
                    .add(decode(part.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            // A plus is a plus here; only the percent signs are an encoding.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Outcomes.invalid("The condition '" + text + "' is not URL-encoded properly.");
        }
    }
}
