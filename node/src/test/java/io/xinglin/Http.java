package io.xinglin;

import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.test.context.TestComponent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks HTTP to the node under test, as somebody outside does.
@TestComponent
public class Http {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    Http(NodeProperties node) {
        this.url = node.url().toString();
    }

    /// Gets, without a token.
    public Answer get(String path) {
        return send(request(path, "").GET());
    }

    /// Gets with a token.
    public Answer get(String path, String token) {
        return send(request(path, token).GET());
    }

    /// Posts JSON with a token.
    public Answer post(String path, String token, String json) {
        return send(
                request(path, token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    /// Posts bytes of this type, without a token.
    public Answer post(String path, String type, byte[] body) {
        return send(
                request(path, "")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    /// Posts a form.
    public Answer form(String path, Map<String, String> form, String... headers) {
        var body =
                form.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                        .collect(Collectors.joining("&"));
        return form(path, body, headers);
    }

    /// Posts a form that may be malformed.
    public Answer form(String path, String body, String... headers) {
        var request = request(path, "").header("Content-Type", "application/x-www-form-urlencoded");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.POST(BodyPublishers.ofString(body)));
    }

    /// Sends anything that has no body.
    public Answer send(String method, String path, String token, String... headers) {
        var request = request(path, token).method(method, BodyPublishers.noBody());
        return send(headers.length > 0 ? request.headers(headers) : request);
    }

    private HttpRequest.Builder request(String path, String token) {
        var request = HttpRequest.newBuilder(URI.create(url + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// What came back.
    public record Answer(HttpResponse<String> response) {
        /// Its status.
        public int status() {
            return response.statusCode();
        }

        /// Its body.
        public String text() {
            return response.body();
        }

        /// Its body as JSON.
        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        /// A header, or nothing.
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status() + " " + text();
        }
    }
}
