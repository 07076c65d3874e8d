package io.xinglin.ledger;

import io.xinglin.platform.PeerHttp;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the nodes of other members say of their ledgers, bounded in size and of a form that can be shown.
@Component
class PeerLedgers {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SUMMARY_BYTES_MAX = 64 * 1024;

    /// A block says something of each of its transactions.
    private static final int BLOCK_BYTES_MAX = 8 * 1024 * 1024;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final RestClient http;

    PeerLedgers(PeerHttp peers) {
        this.http = peers.client(Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    /// A ledger, as the node that has it describes it.
    ///
    /// @param hash of the last block; empty if there is none
    record Summary(String name, long height, Optional<String> hash) {}

    /// Asks a node for the end of its ledger.
    ///
    /// @param node its address
    /// @throws Unusable if the answer says nothing
    /// @throws org.springframework.web.client.RestClientException if there is none
    Summary summary(URI node) {
        var answer = get(node + "/ledger", SUMMARY_BYTES_MAX);
        var height = answer.path("height").asLong(-1);
        var last = answer.path("lastBlock");
        if (height < 0 || (height > 0 && last.path("number").asLong(-1) != height - 1)) {
            throw new Unusable("its height and its last block do not fit");
        }
        return new Summary(
                answer.path("name").asString(""),
                height,
                height == 0 ? Optional.empty() : Optional.of(hash(last)));
    }

    /// Asks a node for the hash of one of its blocks.
    ///
    /// @param node its address
    /// @throws Unusable if the answer says nothing
    /// @throws org.springframework.web.client.RestClientException if there is none
    String hash(URI node, long block) {
        var answer = get(node + "/ledger/blocks/" + block, BLOCK_BYTES_MAX);
        if (answer.path("number").asLong(-1) != block) {
            throw new Unusable("it is another block than the one asked for");
        }
        return hash(answer);
    }

    private static String hash(JsonNode block) {
        var hash = block.path("hash").asString("");
        if (!HASH.matcher(hash).matches()) {
            throw new Unusable("a hash is not in its form");
        }
        return hash;
    }

    private JsonNode get(String uri, int bytesMax) {
        return http.get()
                .uri(URI.create(uri))
                .accept(MediaType.APPLICATION_JSON)
                .exchange(
                        (_, response) -> {
                            if (response.getStatusCode().value() != HttpStatus.OK.value()) {
                                throw new Unusable("it is " + response.getStatusCode());
                            }
                            return read(response.getBody().readNBytes(bytesMax + 1), bytesMax);
                        });
    }

    private static JsonNode read(byte[] body, int bytesMax) throws IOException {
        if (body.length > bytesMax) {
            throw new Unusable("it is larger than " + bytesMax + " bytes");
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException _) {
            throw new Unusable("it is not JSON");
        }
    }

    /// An answer that says nothing of a ledger. Its message repeats nothing of the answer.
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
