package io.xinglin.sandbox;

import io.xinglin.sandbox.Target.Kind;
import java.util.List;
import java.util.stream.LongStream;

/// A few blocks of the chain to look at, and where it breaks.
///
/// @param boxes the blocks
record ChainPicture(List<Box> boxes) {
    private static final int SHOWN = 4;

    /// A block.
    ///
    /// @param x where it begins
    /// @param changed whether something in it was changed
    /// @param linked whether there is a block before it in the picture
    /// @param broken whether it does not fit the block before it any more
    record Box(int x, String number, boolean changed, boolean linked, boolean broken) {}

    static ChainPicture of(long height, Target target) {
        var changed = target.number();
        var first = Math.clamp(changed - 1, 0, Math.max(0, height - SHOWN));
        return new ChainPicture(
                LongStream.range(first, Math.min(height, first + SHOWN))
                        .mapToObj(
                                number ->
                                        new Box(
                                                (int) (number - first) * 120,
                                                String.valueOf(number),
                                                number == changed,
                                                number > first,
                                                breaks(number, target)))
                        .toList());
    }

    /// A header that was changed has another hash than the next block names; the hash it names itself may be the changed one.
    private static boolean breaks(long number, Target target) {
        if (target.kind() != Kind.BLOCK) {
            return false;
        }
        return switch (target.name()) {
            case "signature" -> false;
            case "previous_hash" -> number == target.number() || number == target.number() + 1;
            default -> number == target.number() + 1;
        };
    }

    int width() {
        return boxes.size() * 120 - 20;
    }
}
