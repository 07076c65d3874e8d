package io.xinglin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class UserFileTests {
    @TempDir Path data;

    private final SecureRandom random = new SecureRandom();

    @Test
    void it_is_json_that_only_its_owner_can_read() throws IOException {
        var secrets = write(SampleUser.CAST);

        var users = JsonMapper.shared().readTree(Files.readString(file()));
        assertThat(users).hasSize(SampleUser.CAST.size());
        assertThat(users.get(0).get("name").asString()).isEqualTo("wang");
        assertThat(users.get(0).get("secret").asString()).isEqualTo(secrets.get("wang"));
        assertThat(Files.getPosixFilePermissions(file()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void secrets_stay_when_the_node_starts_again() {
        var before = write(SampleUser.CAST.subList(0, 3));

        assertThat(write(SampleUser.CAST)).containsAllEntriesOf(before);
    }

    @Test
    void everyone_has_a_secret_of_their_own() {
        assertThat(write(SampleUser.CAST).values())
                .doesNotHaveDuplicates()
                .allMatch(s -> s.length() == 64);
    }

    @Test
    void make_users_tells_one_user_a_line_and_no_secret() throws Exception {
        var secrets = write(SampleUser.CAST);

        var script = new ProcessBuilder("../bin/users");
        script.environment().put("DATA", data.toString());
        var process = script.start();
        var lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();

        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSize(SampleUser.CAST.size());
        assertThat(lines.getFirst())
                .startsWith("wang")
                .contains("patient", "city-first-hospital", "consent");
        assertThat(String.join("", lines)).doesNotContain(secrets.values());
    }

    private java.util.Map<String, String> write(List<SampleUser> users) {
        var file = new UserFile(data);
        var secrets = file.secrets(users, random);
        file.write(users, secrets);
        return secrets;
    }

    private Path file() {
        return data.resolve("sample-users.json");
    }
}
