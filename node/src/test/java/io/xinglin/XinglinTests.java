package io.xinglin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as their users run them, each in a process of its own.
class XinglinTests {
    @TempDir Path directory;

    @Test
    void fsck_of_a_mistyped_directory_says_so_and_makes_nothing() throws Exception {
        var mistyped = directory.resolve("mistyped");

        var fsck = start(mistyped, "fsck");

        assertThat(fsck.inputReader().lines().toList())
                .singleElement()
                .asString()
                .startsWith("no node has stored anything in " + mistyped);
        assertThat(fsck.waitFor()).isEqualTo(2);
        assertThat(mistyped).doesNotExist();
    }

    private static Process start(Path data, String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.xinglin.Xinglin"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DATA", data.toString());
        return builder.start();
    }
}
