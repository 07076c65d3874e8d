package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Inclusion and consistency, against the RFC's own example, the definition, and a verifier that is not ours.
class ProofTests {
    private final List<byte[]> entries = SimpleTree.entries(7);

    @Test
    void the_inclusion_proofs_of_the_rfc_example_are_what_the_rfc_says() {
        var tree = grow(entries);

        assertThat(inclusion(tree, 0, 7)).containsExactly(leaf(1), part(2, 4), part(4, 7));
        assertThat(inclusion(tree, 3, 7)).containsExactly(leaf(2), part(0, 2), part(4, 7));
        assertThat(inclusion(tree, 4, 7)).containsExactly(leaf(5), leaf(6), part(0, 4));
        assertThat(inclusion(tree, 6, 7)).containsExactly(part(4, 6), part(0, 4));
    }

    @Test
    void the_consistency_proofs_of_the_rfc_example_are_what_the_rfc_says() {
        var tree = grow(entries);

        assertThat(consistency(tree, 3, 7))
                .containsExactly(leaf(2), leaf(3), part(0, 2), part(4, 7));
        assertThat(consistency(tree, 4, 7)).containsExactly(part(4, 7));
        assertThat(consistency(tree, 6, 7)).containsExactly(part(4, 6), leaf(6), part(0, 4));
    }

    @Test
    void every_leaf_of_every_small_tree_is_proved() {
        var many = SimpleTree.entries(70);
        for (var size = 1; size <= many.size(); size++) {
            var tree = grow(many.subList(0, size));
            var root = SimpleTree.root(many.subList(0, size));
            for (var leaf = 0; leaf < size; leaf++) {
                var proof = InclusionProof.of(new LeafIndex(leaf), new TreeSize(size), tree);

                assertThat(proof.verify(Hash.leaf(many.get(leaf)), root))
                        .isEqualTo(Verification.valid());
            }
        }
    }

    @Test
    void every_small_tree_is_proved_to_begin_every_larger_one() {
        var many = SimpleTree.entries(70);
        for (var to = 0; to <= many.size(); to++) {
            var tree = grow(many.subList(0, to));
            var now = SimpleTree.root(many.subList(0, to));
            for (var from = 0; from <= to; from++) {
                var old = SimpleTree.root(many.subList(0, from));
                var proof = ConsistencyProof.of(new TreeSize(from), new TreeSize(to), tree);

                assertThat(proof.verify(old, now)).isEqualTo(Verification.valid());
            }
        }
    }

    @Test
    void sigstores_verifier_accepts_proofs_from_trees_of_any_size() {
        Property.forAll(
                15,
                random -> {
                    var many = SimpleTree.entries(random.nextInt(1, 150_000));
                    var tree = grow(many);
                    var size = new TreeSize(many.size());
                    var root = SimpleTree.root(many);
                    for (var i = 0; i < 40; i++) {
                        var leaf = new LeafIndex(random.nextInt(many.size()));

                        var proof = InclusionProof.of(leaf, size, tree);

                        assertSigstoreAccepts(proof, many.get((int) leaf.value()), root);
                    }
                });
    }

    @Test
    void consistency_is_proved_between_any_two_sizes() {
        Property.forAll(
                15,
                random -> {
                    var many = SimpleTree.entries(random.nextInt(1, 150_000));
                    var tree = grow(many);
                    var from = random.nextInt(many.size() + 1);
                    var old = SimpleTree.root(many.subList(0, from));

                    var proof =
                            ConsistencyProof.of(
                                    new TreeSize(from), new TreeSize(many.size()), tree);

                    assertThat(proof.verify(old, SimpleTree.root(many)))
                            .isEqualTo(Verification.valid());
                });
    }

    @Test
    void a_flipped_bit_anywhere_in_an_inclusion_proof_shows() {
        var many = SimpleTree.entries(300);
        var root = SimpleTree.root(many);
        var proof = InclusionProof.of(new LeafIndex(211), new TreeSize(300), grow(many));
        for (var place = 0; place < proof.path().size(); place++) {
            for (var bit = 0; bit < 256; bit++) {
                var path = new ArrayList<>(proof.path());
                path.set(place, flip(path.get(place), bit));

                var forged = new InclusionProof(proof.leaf(), proof.size(), path);

                assertInvalid(forged.verify(Hash.leaf(many.get(211)), root));
            }
        }
    }

    @Test
    void a_flipped_bit_anywhere_in_a_consistency_proof_shows() {
        var many = SimpleTree.entries(300);
        var old = SimpleTree.root(many.subList(0, 211));
        var now = SimpleTree.root(many);
        var proof = ConsistencyProof.of(new TreeSize(211), new TreeSize(300), grow(many));
        for (var place = 0; place < proof.path().size(); place++) {
            for (var bit = 0; bit < 256; bit++) {
                var path = new ArrayList<>(proof.path());
                path.set(place, flip(path.get(place), bit));

                var forged = new ConsistencyProof(proof.from(), proof.to(), path);

                assertInvalid(forged.verify(old, now));
            }
        }
    }

    @Test
    void a_proof_says_nothing_about_other_leaves_roots_and_lengths() {
        var many = SimpleTree.entries(300);
        var root = SimpleTree.root(many);
        var size = new TreeSize(300);
        var proof = InclusionProof.of(new LeafIndex(211), size, grow(many));
        var leaf = Hash.leaf(many.get(211));
        var longer = new ArrayList<>(proof.path());
        longer.add(root);

        assertInvalid(proof.verify(Hash.leaf(many.get(210)), root));
        assertInvalid(proof.verify(leaf, Hash.OF_EMPTY_TREE));
        assertInvalid(
                new InclusionProof(new LeafIndex(212), size, proof.path()).verify(leaf, root));
        assertInvalid(new InclusionProof(proof.leaf(), size, longer).verify(leaf, root));
        assertInvalid(
                new InclusionProof(proof.leaf(), size, proof.path().subList(1, 9))
                        .verify(leaf, root));
    }

    @Test
    void a_consistency_proof_says_nothing_about_other_roots_and_lengths() {
        var many = SimpleTree.entries(300);
        var old = SimpleTree.root(many.subList(0, 256));
        var now = SimpleTree.root(many);
        var proof = ConsistencyProof.of(new TreeSize(256), new TreeSize(300), grow(many));
        var same = new ConsistencyProof(new TreeSize(300), new TreeSize(300), List.of());
        var longer = new ArrayList<>(proof.path());
        longer.add(now);

        assertInvalid(proof.verify(now, now));
        assertInvalid(proof.verify(old, old));
        assertInvalid(new ConsistencyProof(proof.from(), proof.to(), longer).verify(old, now));
        assertInvalid(new ConsistencyProof(proof.from(), proof.to(), List.of()).verify(old, now));
        assertInvalid(
                new ConsistencyProof(new TreeSize(255), new TreeSize(300), List.of())
                        .verify(old, now));
        assertInvalid(same.verify(old, now));
    }

    @Test
    void proofs_that_cannot_be_are_refused() {
        var size = new TreeSize(5);
        var tree = grow(entries);

        assertMalformed(() -> InclusionProof.of(new LeafIndex(5), size, tree));
        assertMalformed(() -> new InclusionProof(new LeafIndex(5), size, List.of()));
        assertMalformed(() -> ConsistencyProof.of(new TreeSize(6), size, tree));
        assertMalformed(
                () ->
                        new InclusionProof(
                                new LeafIndex(0),
                                size,
                                Collections.nCopies(64, Hash.OF_EMPTY_TREE)));
        assertThatThrownBy(() -> InclusionProof.of(new LeafIndex(9), new TreeSize(400), tree))
                .isInstanceOf(MissingTile.class);
    }

    private static MemoryTiles grow(List<byte[]> entries) {
        var tiles = new MemoryTiles();
        var tree = GrowingTree.empty(tiles);
        entries.forEach(tree::append);
        tree.writeEdge();
        return tiles;
    }

    private static List<Hash> inclusion(TileReader tree, long leaf, long size) {
        return InclusionProof.of(new LeafIndex(leaf), new TreeSize(size), tree).path();
    }

    private static List<Hash> consistency(TileReader tree, long from, long to) {
        return ConsistencyProof.of(new TreeSize(from), new TreeSize(to), tree).path();
    }

    private Hash leaf(int index) {
        return Hash.leaf(entries.get(index));
    }

    private Hash part(int from, int to) {
        return SimpleTree.root(entries.subList(from, to));
    }

    private static void assertSigstoreAccepts(InclusionProof proof, byte[] entry, Hash root) {
        try {
            InclusionProofVerifier.verify(
                    Hash.leaf(entry).bytes(),
                    proof.leaf().value(),
                    proof.size().value(),
                    proof.path().stream().map(Hash::bytes).toList(),
                    root.bytes());
        } catch (InclusionProofVerificationException e) {
            throw new AssertionError(proof.toString(), e);
        }
    }

    private static Hash flip(Hash hash, int bit) {
        var bytes = hash.bytes();
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        return Hash.of(bytes);
    }

    private static void assertInvalid(Verification verification) {
        assertThat(verification).isInstanceOf(Verification.Invalid.class);
    }

    private static void assertMalformed(Runnable wrong) {
        assertThatThrownBy(wrong::run).isInstanceOf(MalformedLogData.class);
    }
}
