package io.xinglin.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// HAPI's JPA server (`bench/hapi`) in a process and with a directory of its own.
final class HapiProcess implements AutoCloseable {
    private final Process process;
    private final URI base;

    private HapiProcess(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    /// Starts it and waits until it says that it is ready.
    ///
    /// @param connections how many its pool holds
    static HapiProcess start(Path program, Path data, int connections) throws IOException {
        var port = freePort();
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-Xmx4g",
                                "-jar",
                                program.toString(),
                                data.toString(),
                                Integer.toString(port),
                                Integer.toString(connections))
                        .redirectErrorStream(true)
                        .start();
        Files.createDirectories(data);
        var console = process.inputReader();
        var said = new ArrayList<String>();
        for (var line = console.readLine(); line != null; line = console.readLine()) {
            said.add(line);
            if (line.startsWith("HAPI is ready at")) {
                Thread.ofVirtual().start(() -> console.lines().forEach(_ -> {}));
                return new HapiProcess(process, URI.create("http://localhost:" + port + "/fhir"));
            }
        }
        throw new IOException("HAPI did not start:\n" + String.join("\n", last(said)));
    }

    private static List<String> last(List<String> said) {
        return said.subList(Math.max(0, said.size() - 20), said.size());
    }

    URI base() {
        return base;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
