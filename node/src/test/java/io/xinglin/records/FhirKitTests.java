package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// What a client for JavaScript, written by others, makes of the API: `interop/fhir-kit` holds what it is tried with.
@Tag("javascript")
@TestNode
@Import(Outside.class)
class FhirKitTests {
    private static final Path COMMAND = Path.of("../bin/fhir-kit").toAbsolutePath().normalize();
    private static final int NOT_FETCHED = 3;

    @Autowired private Outside outside;

    @Test
    void fhir_kit_client_can_do_here_what_it_does_elsewhere() throws Exception {
        assumeTrue(
                isThere("node") && isThere("npm"),
                "Node.js is not installed: its client is not tried");
        var run =
                new ProcessBuilder(COMMAND.toString(), outside.base(CITY))
                        .redirectErrorStream(true);
        run.environment().put("XINGLIN_TOKEN", outside.token(Desk.STAFF));

        var process = run.start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assumeTrue(process.exitValue() != NOT_FETCHED, "npm could not fetch it: " + printed);
        assertThat(process.exitValue()).as(printed).isZero();
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(List.of(program, "--version"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
