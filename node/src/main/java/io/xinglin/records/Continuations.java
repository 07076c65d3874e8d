package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Links to go on with a search that says who a patient is, or that is ordered by what records say: sealed, so that the address
/// tells nothing to those who pass it on or keep it.
@Component
class Continuations {
    private static final String MARK = "~";

    private final Identities identities;
    private final SecureRandom random;

    Continuations(Identities identities, SecureRandom random) {
        this.identities = identities;
        this.random = random;
    }

    /// A search, and where to go on with it.
    record Continued(Map<String, List<String>> parameters, Place place) {}

    /// Whether the value of `_after` is sealed.
    static boolean isSealed(String after) {
        return after.startsWith(MARK);
    }

    String seal(MemberId custodian, String type, Continued search) {
        var json = JsonMapper.shared().createObjectNode();
        json.set("parameters", JsonMapper.shared().valueToTree(search.parameters));
        json.put("owner", search.place.owner()).put("id", search.place.id());
        var keys = json.putArray("keys");
        for (var key : search.place.keys()) {
            var written = keys.addArray();
            key.ifPresent(value -> written.add(value.number().toString()).add(value.text()));
        }
        return MARK
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                aead(custodian)
                                        .seal(
                                                JsonMapper.shared().writeValueAsBytes(json),
                                                type.getBytes(StandardCharsets.UTF_8)));
    }

    /// @throws ca.uhn.fhir.rest.server.exceptions.InvalidRequestException if it was not sealed here, for this type
    Continued open(MemberId custodian, String type, String after) {
        try {
            var sealed = Base64.getUrlDecoder().decode(after.substring(MARK.length()));
            var json =
                    JsonMapper.shared()
                            .readTree(
                                    aead(custodian)
                                            .open(sealed, type.getBytes(StandardCharsets.UTF_8)));
            return new Continued(parameters(json.get("parameters")), place(json));
        } catch (Aead.Tampered | IllegalArgumentException e) {
            throw Outcomes.invalid("'" + Query.AFTER + "' is not from a link of this server.");
        }
    }

    private static Map<String, List<String>> parameters(JsonNode json) {
        var parameters = new TreeMap<String, List<String>>();
        json.properties()
                .forEach(
                        entry ->
                                parameters.put(
                                        entry.getKey(),
                                        entry.getValue()
                                                .valueStream()
                                                .map(JsonNode::stringValue)
                                                .toList()));
        return parameters;
    }

    private static Place place(JsonNode json) {
        var keys = new ArrayList<Optional<Sort.Value>>();
        for (var key : json.get("keys")) {
            keys.add(
                    key.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Sort.Value(
                                            new BigDecimal(key.get(0).stringValue()),
                                            key.get(1).stringValue())));
        }
        return new Place(keys, json.get("owner").stringValue(), json.get("id").stringValue());
    }

    private Aead aead(MemberId custodian) {
        return Aead.of(identities.mac(custodian, "search-continuation", new byte[0]), random);
    }
}
