package io.xinglin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One of the two servers that are compared, with what was loaded into it. Both are asked by the same client in the same way.
final class Side {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int BLOCK = 4_096;

    private final String name;
    private final URI base;
    private final Callable<String> token;
    private final Cpu cpu;
    private volatile String authorization = "";

    /// @param base where its FHIR API is, without a slash at the end
    /// @param token what its callers show; empty if it asks for nothing
    Side(String name, URI base, Callable<String> token, Cpu cpu) {
        this.name = name;
        this.base = base;
        this.token = token;
        this.cpu = cpu;
    }

    String name() {
        return name;
    }

    Cpu cpu() {
        return cpu;
    }

    /// Gets a fresh token, which lasts for what is measured next.
    void signIn() throws Exception {
        var bearer = token.call();
        authorization = bearer.isEmpty() ? "" : "Bearer " + bearer;
    }

    /// What it answers to a request that must succeed.
    byte[] get(String path) throws IOException, InterruptedException {
        return send(request(path).GET(), path);
    }

    byte[] post(String path, byte[] body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofByteArray(body)), path);
    }

    byte[] put(String path, byte[] body) throws IOException, InterruptedException {
        return send(request(path).PUT(BodyPublishers.ofByteArray(body)), path);
    }

    /// Whether it knows this at all.
    boolean answers(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).GET().build(), BodyHandlers.discarding()).statusCode()
                == 200;
    }

    static JsonNode json(byte[] body) {
        return JSON.readTree(body);
    }

    private HttpRequest.Builder request(String path) {
        var request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofMinutes(2))
                        .header("Accept", "application/fhir+json")
                        .header("Content-Type", "application/fhir+json");
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private byte[] send(HttpRequest.Builder request, String path)
            throws IOException, InterruptedException {
        var answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw new IOException(
                    "%s refused %s: status %d, %s"
                            .formatted(
                                    name,
                                    path,
                                    answer.statusCode(),
                                    new String(answer.body(), StandardCharsets.UTF_8)));
        }
        return answer.body();
    }

    /// Bytes on disk, in whole blocks: database and whatever else it keeps, without PostgreSQL's log of changes, which is
    /// recycled, and without programs.
    long bytesOnDisk() throws IOException {
        var data = cpu.data();
        var passing = List.of(data.resolve("postgres/pg_wal"), data.resolve("binaries"));
        var files = new ArrayList<Path>();
        try (var all = Files.walk(data)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> passing.stream().noneMatch(file::startsWith))
                    .forEach(files::add);
        }
        return files.stream().mapToLong(Side::blocks).sum();
    }

    private static long blocks(Path file) {
        try {
            return Math.ceilDiv(Files.size(file), BLOCK) * (long) BLOCK;
        } catch (java.nio.file.NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Megabytes of memory that its Java process holds.
    double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + cpu.java().pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }
}
