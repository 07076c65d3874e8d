package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GrowingTreeTests {
    private final MemoryTiles tiles = new MemoryTiles();

    /// Roots of the trees over the first so many of these entries, as the tests of Certificate Transparency have them.
    private static final List<String> KNOWN_ENTRIES =
            List.of(
                    "",
                    "00",
                    "10",
                    "2021",
                    "3031",
                    "40414243",
                    "5051525354555657",
                    "606162636465666768696a6b6c6d6e6f");

    private static final List<String> KNOWN_ROOTS =
            List.of(
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void the_roots_of_the_known_vectors_come_out() {
        var tree = GrowingTree.empty(tiles);
        var roots = Stream.<String>builder().add(hex(tree.root()));

        for (var entry : KNOWN_ENTRIES) {
            tree.append(HexFormat.of().parseHex(entry));
            roots.add(hex(tree.root()));
        }

        assertThat(roots.build()).containsExactlyElementsOf(KNOWN_ROOTS);
    }

    @Test
    void every_small_tree_has_the_root_of_the_recursive_definition() {
        var entries = SimpleTree.entries(600);
        var tree = GrowingTree.empty(tiles);

        for (var size = 0; size < entries.size(); size++) {
            assertThat(tree.root()).isEqualTo(SimpleTree.root(entries.subList(0, size)));
            tree.append(entries.get(size));
        }
    }

    @Test
    void any_tree_stopped_and_resumed_anywhere_has_the_root_of_the_recursive_definition() {
        Property.forAll(
                20,
                random -> {
                    var store = new MemoryTiles();
                    var entries = SimpleTree.entries(random.nextInt(1, 200_000));
                    var stop = random.nextInt(entries.size());
                    var before = GrowingTree.empty(store);
                    entries.subList(0, stop).forEach(before::append);
                    before.writeEdge();

                    var after = GrowingTree.resume(store, before.size(), store);
                    entries.subList(stop, entries.size()).forEach(after::append);

                    assertThat(after.root()).isEqualTo(SimpleTree.root(entries));
                });
    }

    @Test
    void a_tree_of_70000_has_the_files_that_the_specification_counts() {
        var tree = GrowingTree.empty(tiles);
        SimpleTree.entries(70_000).forEach(tree::append);

        tree.writeEdge();

        var paths = tiles.files.keySet().stream().map(TilePath::toString).toList();
        assertThat(paths).filteredOn(it -> it.matches("tile/0/(x\\d{3}/)*\\d{3}")).hasSize(273);
        assertThat(paths)
                .filteredOn(it -> !it.matches("tile/(0|entries)/[x/0-9]*"))
                .containsExactlyInAnyOrder(
                        "tile/entries/273.p/112",
                        "tile/0/273.p/112",
                        "tile/1/000",
                        "tile/1/001.p/17",
                        "tile/2/000.p/1");
    }

    @Test
    void any_tree_writes_exactly_the_files_that_a_log_of_its_size_has() {
        Property.forAll(
                10,
                random -> {
                    var store = new MemoryTiles();
                    var tree = GrowingTree.empty(store);
                    SimpleTree.entries(random.nextInt(100_000)).forEach(tree::append);

                    tree.writeEdge();

                    assertThat(TilePath.ofLog(tree.size()))
                            .containsExactlyInAnyOrderElementsOf(store.files.keySet());
                });
    }

    @Test
    void an_entry_longer_than_a_bundle_can_hold_is_refused() {
        var tree = GrowingTree.empty(tiles);

        assertThatThrownBy(() -> tree.append(new byte[65_536]))
                .isInstanceOf(MalformedLogData.class);
        assertThat(tree.append(new byte[65_535])).isEqualTo(new LeafIndex(0));
    }

    @Test
    void resuming_without_the_right_edge_names_the_missing_file() {
        assertThatThrownBy(() -> GrowingTree.resume(tiles, new TreeSize(257), tiles))
                .isInstanceOf(MissingTile.class)
                .hasMessage("missing tile/0/001.p/1");
    }

    @Test
    void resuming_from_a_bundle_whose_entries_are_not_those_of_its_tile_is_refused() {
        var tree = GrowingTree.empty(tiles);
        SimpleTree.entries(7).forEach(tree::append);
        tree.writeEdge();
        var bundle = new TilePath.Entries(0, 7);
        tiles.require(bundle)[5] ^= 1;

        assertThatThrownBy(() -> GrowingTree.resume(tiles, new TreeSize(7), tiles))
                .isInstanceOf(MalformedLogData.class)
                .hasMessageContaining("entry 0");
    }

    private static String hex(Hash hash) {
        return HexFormat.of().formatHex(hash.bytes());
    }
}
