package io.xinglin.tlog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// The definition of RFC 6962, section 2.1, written down once more, slowly: what the fast tree is compared with.
final class SimpleTree {
    private SimpleTree() {}

    static Hash root(List<byte[]> entries) {
        if (entries.isEmpty()) {
            return Hash.OF_EMPTY_TREE;
        }
        if (entries.size() == 1) {
            return Hash.leaf(entries.getFirst());
        }
        var half = Integer.highestOneBit(entries.size() - 1);
        return Hash.node(
                root(entries.subList(0, half)), root(entries.subList(half, entries.size())));
    }

    static List<byte[]> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ("entry " + i).getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
