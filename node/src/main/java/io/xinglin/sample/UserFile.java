package io.xinglin.sample;

import io.xinglin.platform.OwnerFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The sample users with their secrets, `DATA/sample-users.json`, readable by its owner only.
///
/// It is JSON, and one user a line with the members in one order, so that `sed` can read it: `bin/users` and `bin/token` do.
final class UserFile {
    private static final Pattern LINE =
            Pattern.compile("\"name\":\"([^\"]+)\".*\"secret\":\"([0-9a-f]{64})\"");

    private final Path file;

    UserFile(Path data) {
        this.file = data.resolve("sample-users.json");
    }

    /// The secret of each user by name: those of before, and new ones for new users.
    Map<String, String> secrets(List<SampleUser> users, SecureRandom random) {
        var known = read();
        var secrets = new TreeMap<String, String>();
        for (var user : users) {
            secrets.put(
                    user.name(),
                    Optional.ofNullable(known.get(user.name())).orElseGet(() -> secret(random)));
        }
        return secrets;
    }

    /// Writes the file anew, all of it or nothing.
    void write(List<SampleUser> users, Map<String, String> secrets) {
        var json =
                users.stream()
                        .map(user -> line(user, secrets.getOrDefault(user.name(), "")))
                        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
        try {
            OwnerFile.write(file, json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> read() {
        try {
            if (!Files.exists(file)) {
                return Map.of();
            }
            var found = new TreeMap<String, String>();
            for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                var user = LINE.matcher(line);
                if (user.find()) {
                    found.put(user.group(1), user.group(2));
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// No word of a sample user needs escaping, which a test holds them to.
    private static String line(SampleUser user, String secret) {
        return "{\"name\":\"%s\",\"role\":\"%s\",\"organisation\":\"%s\",\"who\":\"%s\",\"try\":\"%s\",\"secret\":\"%s\"}"
                .formatted(
                        user.name(),
                        user.work().words(),
                        user.organisation(),
                        user.who(),
                        user.advice(),
                        secret);
    }

    private static String secret(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
