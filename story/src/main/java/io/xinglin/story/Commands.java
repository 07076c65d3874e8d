package io.xinglin.story;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Commands of the repository and of the machine, run as a user would.
public final class Commands {
    private Commands() {}

    /// How a command ended and what it printed, errors included.
    public record Ended(int code, String printed) {}

    /// Runs a command to its end.
    public static Ended run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var printed = String.join("\n", process.inputReader().lines().toList());
        return new Ended(process.waitFor(), printed);
    }

    /// A bearer token of a sample user, from the same script that `make token` runs.
    public static String token(Path bin, RunningNode node, String user)
            throws IOException, InterruptedException {
        var environment =
                Map.of(
                        "DATA", node.data().toString(),
                        "PORT", Integer.toString(node.url().getPort()));
        var ended = run(environment, List.of(bin.resolve("token").toString(), user));
        if (ended.code() != 0 || ended.printed().isBlank()) {
            throw new Teller.NotTrue(user + " can sign in: " + ended.printed());
        }
        return ended.printed().strip();
    }
}
