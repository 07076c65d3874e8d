package io.xinglin.contracts;

/// Which transaction last wrote a key.
///
/// @param block the number of its block
/// @param index its place in the block
public record Version(long block, int index) implements Comparable<Version> {
    @Override
    public int compareTo(Version other) {
        var byBlock = Long.compare(block, other.block);
        return byBlock != 0 ? byBlock : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return block + ":" + index;
    }
}
