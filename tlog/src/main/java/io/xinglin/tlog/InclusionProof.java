package io.xinglin.tlog;

import java.util.ArrayList;
import java.util.List;

/// Proves that one entry is in the log of a given size.
///
/// It does not prove *when* the entry was added; for that, see [Checkpoint].
///
/// @spec https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3 RFC 9162, section 2.1.3
/// @param leaf which entry
/// @param size of the tree it is in
/// @param path the hashes beside the way from the leaf to the root, the leaf's sibling first
public record InclusionProof(LeafIndex leaf, TreeSize size, List<Hash> path) {
    /// No tree that can be counted has longer proofs.
    public static final int PATH_LENGTH_MAX = 63;

    public InclusionProof {
        if (!leaf.isIn(size)) {
            throw new MalformedLogData("a tree of size " + size + " has no leaf " + leaf);
        }
        if (path.size() > PATH_LENGTH_MAX) {
            throw new MalformedLogData("an inclusion proof has at most 63 hashes");
        }
        path = List.copyOf(path);
    }

    /// Makes the proof for a leaf from the tiles of a tree.
    public static InclusionProof of(LeafIndex leaf, TreeSize size, TileReader tiles) {
        if (!leaf.isIn(size)) {
            throw new MalformedLogData("a tree of size " + size + " has no leaf " + leaf);
        }
        var path = new ArrayList<Hash>();
        collect(path, leaf.value(), 0, size.value(), new Subtrees(tiles, size));
        return new InclusionProof(leaf, size, path);
    }

    private static void collect(List<Hash> path, long leaf, long from, long to, Subtrees tree) {
        if (to - from == 1) {
            return;
        }
        var middle = from + Subtrees.split(to - from);
        if (leaf < middle) {
            collect(path, leaf, from, middle, tree);
            path.add(tree.hash(middle, to));
        } else {
            collect(path, leaf, middle, to, tree);
            path.add(tree.hash(from, middle));
        }
    }

    /// Whether the entry with this hash is where the proof says, in the tree with this root.
    public Verification verify(Hash leafHash, Hash root) {
        var climb = new Climb(leafHash);
        for (var sibling : path) {
            if (climb.isAtTheTop()) {
                return Verification.invalid("the inclusion proof is too long");
            }
            climb.over(sibling);
        }
        if (!climb.isAtTheTop()) {
            return Verification.invalid("the inclusion proof is too short");
        }
        return climb.hash.equals(root)
                ? Verification.valid()
                : Verification.invalid("the inclusion proof leads to another root");
    }

    /// Every hash on the way that [#verify] goes, to show it: the leaf's first, the last one is to be the root.
    public List<Hash> climb(Hash leafHash) {
        var climb = new Climb(leafHash);
        var hashes = new ArrayList<>(List.of(leafHash));
        for (var sibling : path) {
            if (climb.isAtTheTop()) {
                break;
            }
            climb.over(sibling);
            hashes.add(climb.hash);
        }
        return hashes;
    }

    /// The way from the leaf to the root.
    private final class Climb {
        private long place = leaf.value();
        private long last = size.value() - 1;
        private Hash hash;

        Climb(Hash leafHash) {
            this.hash = leafHash;
        }

        boolean isAtTheTop() {
            return last == 0;
        }

        void over(Hash sibling) {
            if ((place & 1) == 1 || place == last) {
                hash = Hash.node(sibling, hash);
                while ((place & 1) == 0) {
                    up();
                }
            } else {
                hash = Hash.node(hash, sibling);
            }
            up();
        }

        private void up() {
            place >>= 1;
            last >>= 1;
        }
    }
}
