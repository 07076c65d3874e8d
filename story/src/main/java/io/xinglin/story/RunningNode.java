package io.xinglin.story;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A node, run as its users run it: the packaged program in a process and with a directory of its own.
public final class RunningNode implements AutoCloseable {
    private final Path program;
    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private final Optional<Process> process;

    private RunningNode(
            Path program,
            Path data,
            int port,
            Map<String, String> settings,
            Optional<Process> process) {
        this.program = program;
        this.data = data;
        this.port = port;
        this.settings = settings;
        this.process = process;
    }

    /// One that somebody else started, and will stop.
    ///
    /// @param ledger the name of its ledger
    public static RunningNode at(Path program, Path data, int port, String ledger) {
        var settings = Map.of("XINGLIN_LEDGER", ledger);
        return new RunningNode(program, data, port, settings, Optional.empty());
    }

    /// Starts the program in a fresh directory and waits for its ready line.
    ///
    /// @param program the packaged node
    /// @param data a directory of its own
    /// @param settings further properties, such as `--xinglin.sample-records=false`
    public static RunningNode start(Path program, Path data, String... settings)
            throws IOException {
        var port = freePort();
        var arguments = new ArrayList<>(List.of("run", "--xinglin.sample=true"));
        arguments.addAll(List.of(settings));
        var process = launch(program, data, port, Map.of(), arguments.toArray(String[]::new));
        var console = process.inputReader();
        var said = new ArrayList<String>();
        for (var line = console.readLine(); line != null; line = console.readLine()) {
            said.add(line);
            if (line.startsWith("Xinglin is ready at")) {
                // Keep reading, or the node would block on a full pipe.
                Thread.ofVirtual().start(() -> console.lines().forEach(said::add));
                return new RunningNode(program, data, port, Map.of(), Optional.of(process));
            }
        }
        throw new IOException("the node did not start:\n" + String.join("\n", said));
    }

    /// Where it listens.
    public URI url() {
        return URI.create("http://localhost:" + port);
    }

    /// Its data directory.
    public Path data() {
        return data;
    }

    /// Its process, to measure it, if it was started here.
    public ProcessHandle process() {
        return process.orElseThrow().toHandle();
    }

    /// What a command of the program printed and how it ended.
    public record Ended(int code, List<String> lines) {}

    /// Runs another command of the program against this node's directory.
    public Ended command(String... arguments) throws IOException, InterruptedException {
        var command = launch(program, data, port, settings, arguments);
        var lines = command.inputReader().lines().toList();
        return new Ended(command.waitFor(), lines);
    }

    /// The node's own database, as somebody with access to the machine would open it.
    public Connection database() throws IOException, SQLException {
        var databasePort =
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + databasePort + "/xinglin",
                "xinglin",
                Files.readString(data.resolve("postgres.pass")));
    }

    @Override
    public void close() {
        process.ifPresent(RunningNode::end);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Process launch(
            Path program, Path data, int port, Map<String, String> settings, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx512m",
                        "-jar",
                        program.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(settings);
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("DATA", data.toString());
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
