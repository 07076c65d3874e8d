package io.xinglin.sandbox;

import java.util.ArrayList;
import java.util.List;

/// A Merkle tree to look at: each hash, and which of them come out differently because one leaf was changed.
///
/// @param width of the picture
/// @param height of the picture
/// @param nodes the hashes, children before parents
/// @param edges from child to parent
record TreePicture(int width, int height, List<Node> nodes, List<Edge> edges) {
    private static final int ACROSS = 44;
    private static final int UP = 56;
    private static final int MARGIN = 24;

    /// A hash.
    ///
    /// @param state `sound`, `changed` (the leaf itself) or `spoiled` (it is made of it)
    record Node(int x, int y, String state) {
        boolean isSound() {
            return state.equals("sound");
        }
    }

    /// A line.
    record Edge(int fromX, int fromY, int toX, int toY, boolean spoiled) {}

    /// A tree of so many leaves.
    ///
    /// @param changed which leaf was changed, or -1
    /// @param rootIsWrong whether what was signed is another root
    static TreePicture of(int leaves, int changed, boolean rootIsWrong) {
        var levels = leaves < 2 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(leaves - 1);
        var drawing = new Drawing(changed, levels);
        drawing.draw(0, leaves);
        if (rootIsWrong) {
            var root = drawing.nodes.removeLast();
            drawing.nodes.add(new Node(root.x, root.y, "changed"));
        }
        return new TreePicture(
                2 * MARGIN + (leaves - 1) * ACROSS,
                2 * MARGIN + levels * UP,
                drawing.nodes,
                drawing.edges);
    }

    private static final class Drawing {
        private final int changed;
        private final int levels;
        private final List<Node> nodes = new ArrayList<>();
        private final List<Edge> edges = new ArrayList<>();

        Drawing(int changed, int levels) {
            this.changed = changed;
            this.levels = levels;
        }

        Node draw(int from, int to) {
            var node = to - from == 1 ? leaf(from) : parent(from, to);
            nodes.add(node);
            return node;
        }

        private Node leaf(int index) {
            return new Node(
                    MARGIN + index * ACROSS,
                    MARGIN + levels * UP,
                    index == changed ? "changed" : "sound");
        }

        private Node parent(int from, int to) {
            var count = to - from;
            var middle = from + Integer.highestOneBit(count - 1);
            var left = draw(from, middle);
            var right = draw(middle, to);
            var level = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
            var spoiled = from <= changed && changed < to;
            var node =
                    new Node(
                            (left.x + right.x) / 2,
                            MARGIN + (levels - level) * UP,
                            spoiled ? "spoiled" : "sound");
            for (var child : List.of(left, right)) {
                edges.add(new Edge(child.x, child.y, node.x, node.y, !child.isSound()));
            }
            return node;
        }
    }
}
