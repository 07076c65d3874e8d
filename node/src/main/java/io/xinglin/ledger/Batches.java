package io.xinglin.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Puts transactions together that do not depend on each other, so that they can be agreed on at once.
final class Batches {
    static final int TRANSACTIONS_MAX = 100;
    private static final int CHARACTERS_MAX = 1024 * 1024;

    private Batches() {}

    /// As few batches as a first look gives, each without a transaction that reads or writes what another of it writes.
    static List<List<Pending>> independent(List<Pending> waiting) {
        var batches = new ArrayList<Batch>();
        for (var pending : waiting) {
            batches.stream()
                    .filter(batch -> batch.takes(pending))
                    .findFirst()
                    .orElseGet(
                            () -> {
                                batches.add(new Batch());
                                return batches.getLast();
                            })
                    .add(pending);
        }
        return batches.stream().map(batch -> List.copyOf(batch.transactions)).toList();
    }

    private static final class Batch {
        private final List<Pending> transactions = new ArrayList<>();
        private final Set<String> read = new HashSet<>();
        private final Set<String> ranges = new HashSet<>();
        private final Set<String> written = new HashSet<>();
        private int characters;

        boolean takes(Pending pending) {
            var effects = pending.effects();
            return transactions.size() < TRANSACTIONS_MAX
                    && characters + pending.length() <= CHARACTERS_MAX
                    && effects.writes().keySet().stream().noneMatch(this::isUsed)
                    && effects.reads().keySet().stream().noneMatch(written::contains)
                    && effects.ranges().keySet().stream()
                            .noneMatch(
                                    prefix -> written.stream().anyMatch(k -> k.startsWith(prefix)));
        }

        private boolean isUsed(String key) {
            return written.contains(key)
                    || read.contains(key)
                    || ranges.stream().anyMatch(key::startsWith);
        }

        void add(Pending pending) {
            transactions.add(pending);
            characters += pending.length();
            read.addAll(pending.effects().reads().keySet());
            ranges.addAll(pending.effects().ranges().keySet());
            written.addAll(pending.effects().writes().keySet());
        }
    }
}
