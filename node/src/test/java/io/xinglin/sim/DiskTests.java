package io.xinglin.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.tlog.GrowingTree;
import io.xinglin.tlog.TileStore;
import io.xinglin.tlog.TreeSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a disk keeps when the power goes, and what a log makes of it.
class DiskTests {
    private static final int SEEDS = 200;

    private final Disk disk = new Disk();

    private Path directory() {
        var sound =
                new DiskFiles.Edge() {
                    @Override
                    public void read() {}

                    @Override
                    public void write(String what, DiskFiles.Write write) throws IOException {
                        write.run();
                    }
                };
        return new DiskFiles(disk, sound).getPath("/data");
    }

    @Test
    void files_and_directories_are_as_java_expects_them() throws IOException {
        var data = directory();
        Files.createDirectory(data);
        Files.createDirectory(data.resolve("below"));
        Files.writeString(data.resolve("draft"), "text");
        Files.move(
                data.resolve("draft"), data.resolve("below/file"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(Files.readString(data.resolve("below/file"))).isEqualTo("text");
        assertThat(Files.exists(data.resolve("draft"))).isFalse();
        try (var found = Files.walk(data)) {
            assertThat(found.map(it -> data.relativize(it).toString()))
                    .containsExactly("", "below", "below/file");
        }
    }

    @Test
    void what_was_not_synced_may_be_lost_and_may_be_kept() {
        var kept = 0;
        for (var seed = 0; seed < SEEDS; seed++) {
            disk.restore(Map.of("data/old", new byte[1]));
            var file = directory().resolve("new");
            write(file);
            disk.cutPower(new SplittableRandom(seed));
            kept += Files.exists(file) ? 1 : 0;
        }
        assertThat(kept).isBetween(SEEDS / 4, SEEDS * 3 / 4);
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "text");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_a_log_has_published_survives_every_power_cut() {
        for (var seed = 0; seed < SEEDS; seed++) {
            disk.restore(Map.of("data/old", new byte[1]));
            publish(300);
            disk.cutPower(new SplittableRandom(seed));

            requireComplete();
        }
    }

    /// The run before made the directories and was killed before it synced them.
    @Test
    void directories_that_a_killed_run_has_made_are_synced_by_the_next() {
        for (var seed = 0; seed < SEEDS; seed++) {
            disk.restore(Map.of("data/old", new byte[1]));
            var killed = new TileStore(directory().resolve("log"));
            grown(killed, 2).writeEdge();

            publish(20);
            disk.cutPower(new SplittableRandom(seed));

            requireComplete();
        }
    }

    private void publish(int size) {
        var store = new TileStore(directory().resolve("log"));
        grown(store, size).writeEdge();
        store.sync();
        store.publish(Integer.toString(size));
    }

    private static GrowingTree grown(TileStore store, int size) {
        var tree = GrowingTree.empty(store);
        for (var i = 0; i < size; i++) {
            tree.append(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        }
        return tree;
    }

    private void requireComplete() {
        var store = new TileStore(directory().resolve("log"));
        var size = new TreeSize(Long.parseLong(store.checkpoint().orElseThrow()));
        assertThat(store.firstMissing(size)).isEmpty();
        assertThat(GrowingTree.resume(store, size, store).size()).isEqualTo(size);
    }
}
