package io.xinglin.log;

import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.MemoryDatabase.Table;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/// The tables of the module in memory.
final class MemoryRows {
    final Table<Long, Pending> pending;
    final Table<OfId, Long> pendingIds;
    final Table<At, Placed> entries;
    final Table<OfId, Long> entryIds;
    final Table<At, Signed> checkpoints;
    final Table<OfLog, Held> witnessed;
    final Table<ByWitness, String> cosignatures;
    final Table<UUID, Evidence> evidence;
    final Table<Pair, UUID> evidencePairs;

    MemoryRows(MemoryDatabase database) {
        pending = database.table("log.pending", Comparator.<Long>naturalOrder());
        pendingIds = database.table("log.pending (org, id)", Comparator.<OfId>naturalOrder());
        entries = database.table("log.entry", Comparator.<At>naturalOrder());
        entryIds = database.table("log.entry (org, id)", Comparator.<OfId>naturalOrder());
        checkpoints = database.table("log.checkpoint", Comparator.<At>naturalOrder());
        witnessed = database.table("log.witnessed", Comparator.<OfLog>naturalOrder());
        cosignatures = database.table("log.cosignature", Comparator.<ByWitness>naturalOrder());
        evidence = database.table("log.evidence", Comparator.comparing(UUID::toString));
        evidencePairs = database.table("log.evidence (pair)", Comparator.<Pair>naturalOrder());
    }

    record Pending(String org, UUID id, Entry entry) {}

    record Placed(UUID id, Entry entry) {}

    record Signed(String note, Instant at) {}

    record Held(long size, String note, Instant at) {}

    /// A place in a log, or a size of it.
    record At(String org, long number) implements Comparable<At> {
        @Override
        public int compareTo(At other) {
            var order = org.compareTo(other.org);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    record OfId(String org, UUID id) implements Comparable<OfId> {
        @Override
        public int compareTo(OfId other) {
            var order = org.compareTo(other.org);
            return order == 0 ? id.compareTo(other.id) : order;
        }
    }

    record OfLog(String witness, String origin) implements Comparable<OfLog> {
        @Override
        public int compareTo(OfLog other) {
            var order = witness.compareTo(other.witness);
            return order == 0 ? origin.compareTo(other.origin) : order;
        }
    }

    record ByWitness(String org, long size, String witness) implements Comparable<ByWitness> {
        @Override
        public int compareTo(ByWitness other) {
            var order = new At(org, size).compareTo(new At(other.org, other.size));
            return order == 0 ? witness.compareTo(other.witness) : order;
        }
    }

    /// What is unique about a pair of checkpoints.
    record Pair(String text) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return text.compareTo(other.text);
        }
    }
}
