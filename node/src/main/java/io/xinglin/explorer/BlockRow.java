package io.xinglin.explorer;

import io.xinglin.ledger.Blocks;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// A block in one line of a list.
///
/// @param number as it stands in addresses
/// @param instant when, for machines
/// @param when for people
/// @param fingerprint of its hash
/// @param previous fingerprint of the hash it names
/// @param sentences what its transactions say, each once
/// @param more how many transactions that leaves out, or empty
record BlockRow(
        String number,
        String instant,
        String when,
        String fingerprint,
        String previous,
        List<String> sentences,
        String more) {
    private static final int READ_MAX = 40;
    private static final int SENTENCES_MAX = 3;

    /// Blocks before this number, the newest first.
    static List<BlockRow> before(
            long before, int count, Blocks blocks, Telling telling, Instant now) {
        var from = Math.max(0, before - count);
        return blocks.heads(from, (int) (before - from)).stream()
                .filter(head -> head.number() < before)
                .sorted(Comparator.comparingLong(Blocks.Head::number).reversed())
                .map(head -> of(head, blocks, telling, now))
                .toList();
    }

    private static BlockRow of(Blocks.Head head, Blocks blocks, Telling telling, Instant now) {
        var words = telling.words();
        var told = new LinkedHashMap<String, Integer>();
        for (var transaction : blocks.transactions(head.number(), 0, READ_MAX)) {
            told.merge(telling.sentence(transaction), 1, Integer::sum);
        }
        var shown = told.entrySet().stream().limit(SENTENCES_MAX).toList();
        var left = head.transactions() - shown.stream().mapToInt(e -> e.getValue()).sum();
        return new BlockRow(
                String.valueOf(head.number()),
                head.time().toString(),
                words.ago(head.time(), now),
                Fingerprint.of(head.hash()),
                Fingerprint.of(head.previousHash()),
                shown.stream()
                        .map(
                                e ->
                                        e.getValue() == 1
                                                ? e.getKey()
                                                : words.say("tell.times", e.getKey(), e.getValue()))
                        .toList(),
                left == 0 ? "" : words.say("tell.more", left));
    }
}
