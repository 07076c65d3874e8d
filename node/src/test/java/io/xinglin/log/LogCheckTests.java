package io.xinglin.log;

import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.fsck.Findings;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.TreeSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCheckTests {
    private LogNode node;
    private Path directory;

    @BeforeEach
    void keepALog(@TempDir Path data) {
        node = new LogNode(TestDatabase.empty(), data);
        directory = node.store(HOSPITAL).directory();
        for (var size : List.of(300, 600, 700)) {
            node.append(HOSPITAL, size - (int) node.table.size(HOSPITAL));
            node.signedUpTo(HOSPITAL, size);
            node.anchoring.anchorAll();
        }
        node.close();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void a_sound_log_has_no_findings() {
        var report = new Findings();

        node.check.run(report);

        assertThat(report.found()).isEmpty();
        assertThat(report.items()).isGreaterThan(700);
    }

    @Test
    void a_changed_byte_of_any_file_is_found_and_the_file_is_named() throws IOException {
        for (var file : files()) {
            var right = Files.readAllBytes(file);
            var wrong = right.clone();
            wrong[right.length / 2] ^= 1;
            Files.write(file, wrong);

            var found = findings();

            assertThat(found).as(file.toString()).hasSize(1);
            assertThat(found.getFirst()).startsWith("log city-first-hospital " + name(file) + ": ");
            Files.write(file, right);
        }
    }

    @Test
    void a_bundle_cut_short_is_found() throws IOException {
        for (var file : files()) {
            var right = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(right, right.length - 1));

            assertThat(findings()).as(file.toString()).hasSize(1);

            Files.write(file, right);
        }
    }

    @Test
    void a_lost_file_is_found() throws IOException {
        for (var name : List.of("tile/0/001", "tile/entries/002.p/188", "checkpoint")) {
            var file = directory.resolve(name);
            var right = Files.readAllBytes(file);
            Files.delete(file);

            assertThat(findings())
                    .singleElement()
                    .asString()
                    .startsWith("log city-first-hospital " + name)
                    .endsWith("is missing");
            Files.write(file, right);
        }
    }

    @Test
    void a_file_that_does_not_belong_is_found() throws IOException {
        Files.createDirectories(directory.resolve("tile/3"));
        Files.write(directory.resolve("tile/3/000"), new byte[8192]);
        Files.writeString(directory.resolve("tile/notes.txt"), "x");

        assertThat(findings())
                .containsExactlyInAnyOrder(
                        "log city-first-hospital tile/3/000: does not belong to a log of 700 entries",
                        "log city-first-hospital tile/notes.txt: does not belong to a log of 700 entries");
    }

    @Test
    void an_entry_changed_in_the_database_is_found_and_named() {
        node.jdbc.execute(
                "update log.entry set entry = set_byte(entry, 30, 88) where leaf_index = 421");

        assertThat(findings())
                .anyMatch(
                        it ->
                                it.contains(
                                        "tile/entries/001: is not what the entries give: entry 421"))
                .anyMatch(it -> it.contains("tile/0/001: is not what the entries give: hash 165"))
                .anyMatch(
                        it ->
                                it.contains(
                                        "checkpoint 600: the entries in the database do not give the root that was signed"))
                .noneMatch(it -> it.contains("checkpoint 700:"));
    }

    @Test
    void an_entry_that_is_gone_is_found() {
        node.jdbc.execute("delete from log.entry where leaf_index = 650");

        assertThat(findings())
                .contains(
                        "log city-first-hospital entry 650: is missing in the database, though a checkpoint covers it");
    }

    @Test
    void a_log_that_is_cut_short_everywhere_is_found_by_its_anchor() {
        node.jdbc.execute("delete from log.entry where leaf_index >= 300");
        node.jdbc.execute("delete from log.checkpoint where size > 300");
        LogsTests.deleteAll(directory);

        assertThat(findings())
                .contains(
                        "log city-first-hospital anchor 700: the ledger holds a larger tree than the last one signed here, 300");
    }

    @Test
    void an_anchor_of_another_root_is_found() {
        var other = new Checkpoint("o", new TreeSize(700), Hash.OF_EMPTY_TREE);
        node.anchored.put(HOSPITAL, other);

        assertThat(findings())
                .containsExactly(
                        "log city-first-hospital anchor 700: the ledger holds another root than the entries give");
    }

    @Test
    void a_log_that_cannot_be_checked_does_not_keep_the_others_from_it() throws IOException {
        node.unreadable = true;
        Files.delete(directory.resolve("checkpoint"));

        assertThat(findings())
                .contains(
                        "log apricot-clinic anchor: the ledger's cannot be read: IllegalArgumentException",
                        "log city-first-hospital anchor: the ledger's cannot be read: IllegalArgumentException",
                        "log city-first-hospital checkpoint: the published checkpoint is missing");
    }

    @Test
    void a_changed_signature_is_found() {
        node.jdbc.execute(
                "update log.checkpoint set note = translate(note, 'ABCDEFGH', 'BCDEFGHA') where size = 600");

        assertThat(findings())
                .singleElement()
                .asString()
                .startsWith("log city-first-hospital checkpoint 600: ");
    }

    @Test
    void an_old_checkpoint_shown_as_the_current_one_is_found() throws IOException {
        var earlier = node.table.checkpoints(HOSPITAL, 299, 1).getFirst().note();
        Files.writeString(directory.resolve("checkpoint"), earlier);

        assertThat(findings())
                .containsExactly(
                        "log city-first-hospital checkpoint: the published checkpoint is not the last one signed, 700");
    }

    @Test
    void a_log_of_nobody_here_is_found() {
        node.jdbc.execute("insert into log.entry values ('stranger', 0, gen_random_uuid(), 'x')");

        assertThat(findings()).containsExactly("log stranger: is of nobody on this node");
    }

    @Test
    void a_growing_log_is_checked_without_false_findings() {
        node.sequencer.start();
        var end = System.nanoTime() + 3_000_000_000L;
        var writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (System.nanoTime() < end) {
                                        node.append(HOSPITAL, 37);
                                    }
                                });

        while (writer.isAlive()) {
            assertThat(findings()).isEmpty();
        }
    }

    private List<String> findings() {
        var report = new Findings();
        node.check.run(report);
        return report.found();
    }

    private List<Path> files() throws IOException {
        try (var found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    private String name(Path file) {
        return directory.relativize(file).toString();
    }
}
