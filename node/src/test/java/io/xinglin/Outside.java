package io.xinglin;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.SampleUsers;
import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.context.TestComponent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The node as it is seen from outside, over HTTP, by whoever has a token.
@TestComponent
public class Outside {
    private final SampleUsers users;
    private final URI url;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Caller, String> tokens = new ConcurrentHashMap<>();

    Outside(SampleUsers users, NodeProperties node) {
        this.users = users;
        this.url = node.url();
    }

    /// What came back.
    @SuppressWarnings("ArrayRecordComponent") // Looked at, never compared.
    public record Answer(int status, byte[] body, HttpResponse<byte[]> response) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /// What an OperationOutcome says.
        public String diagnostics() {
            return json().path("issue").path(0).path("diagnostics").asString("");
        }

        public String code() {
            return json().path("issue").path(0).path("code").asString("");
        }

        @Override
        public String toString() {
            return status + " " + text();
        }
    }

    public String base(MemberId organisation) {
        return url + "/fhir/" + organisation;
    }

    public Answer get(Caller caller, String path) {
        return send(caller, HttpRequest.newBuilder(url.resolve(path)).GET());
    }

    public Answer send(Caller caller, String method, String path, String body) {
        return send(caller, method, path, body, "application/fhir+json");
    }

    public Answer send(Caller caller, String method, String path, String body, String type) {
        return send(
                caller,
                HttpRequest.newBuilder(url.resolve(path))
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    public Answer send(Caller caller, HttpRequest.Builder request) {
        return send(request.header("Authorization", "Bearer " + token(caller)).build());
    }

    public Answer send(HttpRequest request) {
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public URI at(String path) {
        return url.resolve(path);
    }

    public String token(Caller caller) {
        return tokens.computeIfAbsent(caller, this::newToken);
    }

    private String newToken(Caller caller) {
        var name = "test-" + UUID.randomUUID();
        var secret = UUID.randomUUID() + "-" + UUID.randomUUID();
        users.register(name, secret, caller);
        var credentials =
                Base64.getEncoder()
                        .encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
        var answer =
                send(
                        HttpRequest.newBuilder(
                                        URI.create(base(caller.custodian()) + "/oauth2/token"))
                                .header("Authorization", "Basic " + credentials)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "grant_type=client_credentials"))
                                .build());
        return answer.json().path("access_token").asString();
    }
}
