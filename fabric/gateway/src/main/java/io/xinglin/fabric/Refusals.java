package io.xinglin.fabric;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.GatewayException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads why Fabric did not do something.
final class Refusals {
    /// How a peer words it when the chaincode answers with an error.
    private static final String CHAINCODE = "chaincode response 422, ";

    private Refusals() {}

    /// What the rules forbid, by the organisation whose peer says so.
    static Map<String, EndorsementRefused> in(GatewayException e) {
        var refusals = new HashMap<String, EndorsementRefused>();
        for (var detail : e.getDetails()) {
            parse(detail.getMessage())
                    .ifPresent(refused -> refusals.put(detail.getMspId(), refused));
        }
        return refusals;
    }

    static Optional<EndorsementRefused> parse(String message) {
        var at = message.indexOf(CHAINCODE);
        if (at < 0) {
            return Optional.empty();
        }
        try {
            var json = JsonMapper.shared().readTree(message.substring(at + CHAINCODE.length()));
            // What is not about one of the transactions is a fault of ours or the peer's, and may
            // pass.
            return Optional.of(json)
                    .filter(it -> it.path("index").isInt())
                    .map(
                            it ->
                                    new EndorsementRefused(
                                            it.path("index").asInt(),
                                            it.path("code").asString(""),
                                            it.path("message").asString("")));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// One sentence that names whom it was asked of and which organisations objected.
    static String describe(String peer, GatewayException e) {
        var details =
                e.getDetails().stream()
                        .map(
                                detail ->
                                        detail.getMspId()
                                                + " at "
                                                + detail.getAddress()
                                                + ": "
                                                + detail.getMessage())
                        .collect(Collectors.joining("; "));
        var status = e.getStatus();
        var text = status.getDescription() == null ? "" : " " + status.getDescription();
        return "peer "
                + peer
                + " answers "
                + status.getCode()
                + text
                + (details.isEmpty() ? "" : " (" + details + ")");
    }
}
