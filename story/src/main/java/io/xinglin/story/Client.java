package io.xinglin.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A plain HTTP client with somebody's token.
public final class Client {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final URI node;
    private final String token;

    /// A client of this node; without a token it is anyone.
    public Client(URI node, String token) {
        this.node = node;
        this.token = token;
    }

    /// An answer: its status and what it said.
    public record Answer(int status, String text) {
        /// The body as JSON.
        public JsonNode json() {
            return JSON.readTree(text);
        }

        /// The status and, for an error, what it said.
        @Override
        public String toString() {
            return status < 400 ? "status " + status : "status " + status + ", " + text.strip();
        }
    }

    /// Reads.
    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /// Sends a body of this type.
    public Answer post(String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", contentType)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    /// Sends an object as JSON.
    public Answer post(String path, Object body) throws IOException, InterruptedException {
        return post(path, "application/json", JSON.writeValueAsBytes(body));
    }

    private HttpRequest.Builder request(String path) {
        var target = path.startsWith("http") ? URI.create(path) : node.resolve(path);
        var request = HttpRequest.newBuilder(target).timeout(Duration.ofMinutes(2));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static Answer send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(response.statusCode(), response.body());
    }
}
