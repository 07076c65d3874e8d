package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlogProofTests {
    private static final LeafIndex INDEX = new LeafIndex(211);
    private static final TreeSize SIZE = new TreeSize(300);

    private final NoteSigner log = TestKeys.signer("hospital.example/log/a");
    private final Hash leaf = Hash.leaf(SimpleTree.entries(300).get(211));
    private TlogProof proof;

    @BeforeEach
    void prove() {
        var tiles = new MemoryTiles();
        var tree = GrowingTree.empty(tiles);
        SimpleTree.entries(300).forEach(tree::append);
        tree.writeEdge();
        proof =
                TlogProof.of(
                        "out of band".getBytes(StandardCharsets.UTF_8),
                        InclusionProof.of(INDEX, SIZE, tiles),
                        new Checkpoint(log.name(), SIZE, tree.root()).sign(log));
    }

    @Test
    void a_proof_read_back_from_its_file_is_valid() {
        var read = TlogProof.parse(proof.toString());

        assertThat(read).isEqualTo(proof);
        assertThat(read.verify(leaf, log.verifier())).isEqualTo(Verification.valid());
        assertThat(read.extraBytes().orElseThrow()).asString().isEqualTo("out of band");
    }

    @Test
    void the_extra_line_may_be_left_out() {
        var bare = new TlogProof(Optional.empty(), INDEX, proof.path(), proof.checkpoint());

        assertThat(bare.toString()).startsWith("c2sp.org/tlog-proof@v1\nindex 211\n");
        assertThat(TlogProof.parse(bare.toString())).isEqualTo(bare);
    }

    @Test
    void the_only_entry_of_a_log_needs_no_hashes() {
        var entry = Hash.leaf(new byte[0]);
        var head = new Checkpoint(log.name(), new TreeSize(1), entry).sign(log);
        var inclusion = new InclusionProof(new LeafIndex(0), new TreeSize(1), List.of());

        var read = TlogProof.parse(TlogProof.of(new byte[1], inclusion, head).toString());

        assertThat(read.verify(entry, log.verifier())).isEqualTo(Verification.valid());
    }

    @Test
    void a_flipped_bit_anywhere_but_in_the_extra_line_shows() {
        var bare = new TlogProof(Optional.empty(), INDEX, proof.path(), proof.checkpoint());

        BitFlips.of(bare.toString())
                .forEach(
                        forged ->
                                BitFlips.assertNotValid(
                                        () ->
                                                TlogProof.parse(forged)
                                                        .verify(leaf, log.verifier())));
    }

    @Test
    void a_proof_is_not_one_for_another_entry_or_another_log() {
        var stranger = TestKeys.signer(log.name());

        assertThat(proof.verify(Hash.OF_EMPTY_TREE, log.verifier()))
                .isEqualTo(Verification.invalid("the inclusion proof leads to another root"));
        assertThat(proof.verify(leaf, stranger.verifier()))
                .isEqualTo(Verification.invalid("no signature by hospital.example/log/a"));
    }

    @Test
    void an_index_beyond_the_tree_is_invalid() {
        var beyond =
                new TlogProof(
                        Optional.empty(), new LeafIndex(300), proof.path(), proof.checkpoint());

        assertThat(beyond.verify(leaf, log.verifier()))
                .isEqualTo(Verification.invalid("the index is not in the tree"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "c2sp.org/tlog-proof@v1\n",
                "c2sp.org/tlog-proof@v1\n\nNOTE",
                "c2sp.org/tlog-proof@v2\nindex 1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\r\nindex 1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 01\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex -1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 1\nextra AAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra \nindex 1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra AAA\nindex 1\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 1\n\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 1\n\ntext\n"
            })
    void what_is_not_a_proof_is_refused(String pattern) {
        var text = pattern.replace("NOTE", proof.checkpoint().toString());

        assertThatThrownBy(() -> TlogProof.parse(text)).isInstanceOf(MalformedLogData.class);
    }

    @Test
    void a_proof_without_bounds_is_refused() {
        var hashes = (Hash.OF_EMPTY_TREE + "\n").repeat(64);
        var wide = "c2sp.org/tlog-proof@v1\nextra " + "A".repeat(TlogProof.LENGTH_MAX);
        var tall = "c2sp.org/tlog-proof@v1\nindex 1\n" + hashes + "\n" + proof.checkpoint();

        assertThatThrownBy(() -> TlogProof.parse(tall)).isInstanceOf(MalformedLogData.class);
        assertThatThrownBy(() -> TlogProof.parse(wide + "\nindex 1\n\n" + proof.checkpoint()))
                .isInstanceOf(MalformedLogData.class);
    }
}
