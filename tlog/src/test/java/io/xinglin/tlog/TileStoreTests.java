package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileStoreTests {
    private TileStore store;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = new TileStore(directory.resolve("deep/down"));
    }

    @Test
    void what_is_written_is_where_the_specification_wants_it() throws IOException {
        store.write(new TilePath.Hashes(1, 1067, 2), new byte[64]);
        store.publish("note");

        var files = store.directory();
        assertThat(files.resolve("tile/1/x001/067.p/2")).hasBinaryContent(new byte[64]);
        assertThat(files.resolve("checkpoint")).hasContent("note");
        assertThat(store.checkpoint()).contains("note");
        try (var names = Files.list(files)) {
            assertThat(names.map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoint", "tile");
        }
    }

    @Test
    void a_full_tile_replaces_its_partial_ones_and_still_answers_for_them() {
        var entries = SimpleTree.entries(256);
        var tree = GrowingTree.empty(store);
        entries.subList(0, 9).forEach(tree::append);
        tree.writeEdge();
        var tile = store.require(new TilePath.Hashes(0, 0, 9));
        var bundle = store.require(new TilePath.Entries(0, 9));

        entries.subList(9, 256).forEach(tree::append);
        tree.writeEdge();
        store.sync();

        assertThat(store.directory().resolve("tile/0/000.p")).doesNotExist();
        assertThat(store.directory().resolve("tile/entries/000.p")).doesNotExist();
        assertThat(store.require(new TilePath.Hashes(0, 0, 9))).isEqualTo(tile);
        assertThat(store.require(new TilePath.Entries(0, 9))).isEqualTo(bundle);
    }

    @Test
    void a_log_on_disk_is_resumed_by_another_process() {
        var entries = SimpleTree.entries(1000);
        var tree = GrowingTree.empty(store);
        entries.subList(0, 700).forEach(tree::append);
        tree.writeEdge();
        store.sync();

        var again = new TileStore(store.directory());
        var resumed = GrowingTree.resume(again, new TreeSize(700), again);
        entries.subList(700, 1000).forEach(resumed::append);

        assertThat(resumed.root()).isEqualTo(SimpleTree.root(entries));
    }

    @Test
    void what_is_not_there_is_absent() {
        assertThat(store.checkpoint()).isEmpty();
        assertThat(store.read(new TilePath.Hashes(0, 0, 256))).isEmpty();
        assertThat(store.read(new TilePath.Entries(0, 3))).isEmpty();
    }

    @Test
    void bundles_keep_entries_of_any_length() {
        var entries = List.of(new byte[0], new byte[] {1}, new byte[65_535]);

        var read = EntryBundle.parse(EntryBundle.format(entries));

        assertThat(read).usingRecursiveComparison().isEqualTo(entries);
        assertThat(EntryBundle.parse(new byte[0])).isEmpty();
    }

    @Test
    void broken_bundles_are_refused() {
        assertMalformed(new byte[] {0});
        assertMalformed(new byte[] {0, 1});
        assertMalformed(new byte[] {-1, -1, 0});
        assertMalformed(new byte[2 * 257]);
    }

    private static void assertMalformed(byte[] bundle) {
        assertThatThrownBy(() -> EntryBundle.parse(bundle)).isInstanceOf(MalformedLogData.class);
    }
}
