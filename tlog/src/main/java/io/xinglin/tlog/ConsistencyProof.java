package io.xinglin.tlog;

import java.util.ArrayList;
import java.util.List;

/// Proves that a smaller tree is the beginning of a larger one: nothing was changed, dropped or put in between.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4 RFC 9162, section 2.1.4
/// @param from size of the smaller tree
/// @param to size of the larger tree, or the same
/// @param path the hashes that both roots can be made of; empty if the sizes are equal or the smaller tree is empty
public record ConsistencyProof(TreeSize from, TreeSize to, List<Hash> path) {
    /// No tree that can be counted has longer proofs.
    public static final int PATH_LENGTH_MAX = 64;

    public ConsistencyProof {
        checkOrder(from, to);
        if (path.size() > PATH_LENGTH_MAX) {
            throw new MalformedLogData("a consistency proof has at most 64 hashes");
        }
        path = List.copyOf(path);
    }

    private static void checkOrder(TreeSize from, TreeSize to) {
        if (from.compareTo(to) > 0) {
            throw new MalformedLogData("a tree of size " + to + " cannot contain one of " + from);
        }
    }

    /// Makes the proof from the tiles of the larger tree.
    public static ConsistencyProof of(TreeSize from, TreeSize to, TileReader tiles) {
        checkOrder(from, to);
        var path = new ArrayList<Hash>();
        if (from.value() > 0 && from.value() < to.value()) {
            collect(path, from.value(), 0, to.value(), true, new Subtrees(tiles, to));
        }
        return new ConsistencyProof(from, to, path);
    }

    /// @param known whether the verifier has the hash of this part as the smaller tree's root
    private static void collect(
            List<Hash> path, long old, long from, long to, boolean known, Subtrees tree) {
        if (old == to) {
            if (!known) {
                path.add(tree.hash(from, to));
            }
            return;
        }
        var middle = from + Subtrees.split(to - from);
        if (old <= middle) {
            collect(path, old, from, middle, known, tree);
            path.add(tree.hash(middle, to));
        } else {
            collect(path, old, middle, to, false, tree);
            path.add(tree.hash(from, middle));
        }
    }

    /// Whether the tree with the old root is the beginning of the tree with the new root.
    public Verification verify(Hash oldRoot, Hash newRoot) {
        if (from.equals(to) || from.value() == 0) {
            return verifyTrivial(oldRoot, newRoot);
        }
        var hashes = new ArrayList<>(path);
        if (Long.bitCount(from.value()) == 1) {
            hashes.addFirst(oldRoot);
        }
        if (hashes.isEmpty()) {
            return Verification.invalid("the consistency proof is too short");
        }
        var aligned = Long.numberOfTrailingZeros(from.value());
        var place = (from.value() - 1) >> aligned;
        var last = (to.value() - 1) >> aligned;
        var old = hashes.getFirst();
        var now = old;
        for (var hash : hashes.subList(1, hashes.size())) {
            if (last == 0) {
                return Verification.invalid("the consistency proof is too long");
            }
            if ((place & 1) == 1 || place == last) {
                old = Hash.node(hash, old);
                now = Hash.node(hash, now);
                while (place != 0 && (place & 1) == 0) {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                now = Hash.node(now, hash);
            }
            place >>= 1;
            last >>= 1;
        }
        if (last != 0) {
            return Verification.invalid("the consistency proof is too short");
        }
        if (!old.equals(oldRoot)) {
            return Verification.invalid("the consistency proof leads to another old root");
        }
        return now.equals(newRoot)
                ? Verification.valid()
                : Verification.invalid("the consistency proof leads to another new root");
    }

    private Verification verifyTrivial(Hash oldRoot, Hash newRoot) {
        if (!path.isEmpty()) {
            return Verification.invalid("the consistency proof is too long");
        }
        if (from.value() == 0 && !oldRoot.equals(Hash.OF_EMPTY_TREE)) {
            return Verification.invalid("the old root is not that of the empty tree");
        }
        return !from.equals(to) || oldRoot.equals(newRoot)
                ? Verification.valid()
                : Verification.invalid("two roots for one size");
    }
}
