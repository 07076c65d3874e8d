package io.xinglin.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class FsckTests {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void without_findings_everything_is_sound() {
        assertThat(run(check("shelves", report -> report.checked(3))).isSound()).isTrue();

        assertThat(printed())
                .containsExactly(
                        "checking shelves",
                        "  3 items, no findings",
                        "fsck: everything stored is what was proved");
    }

    @Test
    void a_check_that_fails_is_a_finding_and_the_next_one_still_runs() {
        var outcome =
                run(
                        check(
                                "shelves",
                                _ -> {
                                    throw new IllegalStateException("secret");
                                }),
                        check("books", report -> report.finding("book 7", "it is torn")));

        assertThat(outcome.isSound()).isFalse();
        assertThat(printed())
                .contains(
                        "!! shelves: the check itself failed: java.lang.IllegalStateException",
                        "!! book 7: it is torn",
                        "fsck: 2 findings; see the lines marked !!");
    }

    @Test
    void the_report_is_also_written_as_json(@TempDir Path directory) throws Exception {
        var file = directory.resolve("report.json");

        run(check(
                        "books",
                        report -> {
                            report.checked(8);
                            report.finding("book 7", "it is torn");
                        }))
                .write(file);

        assertThat(new JsonMapper().readTree(Files.readString(file)))
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {"checks": [{"name": "books", "items": 8,
                                                     "findings": [{"where": "book 7", "what": "it is torn"}]}],
                                         "sound": false}
                                        """));
    }

    private Fsck.Outcome run(Check... checks) {
        return new Fsck(List.of(checks))
                .run(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private List<String> printed() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static Check check(String name, Consumer<Report> run) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(Report report) {
                run.accept(report);
            }
        };
    }
}
