package io.xinglin.ledger;

import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Orders simulated transactions into one block and says which of them are valid, as Hyperledger Fabric does.
///
/// In order, each transaction's reads are compared with the state before the block and with what valid transactions before
/// it in the block wrote. Invalid ones keep their place. Not ordered at all are those whose simulation is too old to judge,
/// those that trusted in vain, and a second copy of one that is in the block.
final class BlockDraft {
    private final long number;
    private final long timeMillis;
    private final long nowMillis;
    private final RecentWrites recent;
    private final Function<String, SortedMap<String, Versioned>> ranges;

    private final List<OrderedTransaction> transactions = new ArrayList<>();
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<SortedMap<String, Optional<String>>> writeSets = new ArrayList<>();
    private final List<Judged> judged = new ArrayList<>();
    private final Set<TransactionId> ids = new HashSet<>();
    private final Map<String, Optional<String>> values = new LinkedHashMap<>();
    private final Map<String, Version> versions = new HashMap<>();
    private final Set<String> fresh = new HashSet<>();

    /// One that waited, and what became of it.
    record Judged(Pending pending, Verdict verdict) {}

    /// @param timeMillis the time of the block, which never goes back
    /// @param nowMillis the time by which transactions expire: a clock that once was ahead must not make them for ever too late
    BlockDraft(
            long number,
            long timeMillis,
            long nowMillis,
            RecentWrites recent,
            Function<String, SortedMap<String, Versioned>> ranges) {
        this.number = number;
        this.timeMillis = timeMillis;
        this.nowMillis = nowMillis;
        this.recent = recent;
        this.ranges = ranges;
    }

    void add(Pending pending) {
        var id = pending.transaction().id();
        if (pending.height() < recent.since() || ids.contains(id) || trustedInVain(pending)) {
            judged.add(new Judged(pending, new Verdict.RunAgain()));
            return;
        }
        var place = new Version(number, transactions.size());
        var verdict = judge(pending, place);
        transactions.add(
                new OrderedTransaction(
                        number,
                        place.index(),
                        id,
                        pending.timeMillis(),
                        verdict.validity(),
                        pending.transaction().jws()));
        judged.add(new Judged(pending, verdict));
        if (verdict.validity() == Validity.VALID) {
            ids.add(id);
            events.add(
                    new LedgerEvent(
                            new Position(number, place.index()),
                            Instant.ofEpochMilli(pending.timeMillis()),
                            pending.transaction()));
            apply(pending.effects(), place);
        }
    }

    /// Adds one that the members agreed on elsewhere not to count.
    void addInvalid(SignedTransaction transaction, long transactionMillis, Validity validity) {
        transactions.add(
                new OrderedTransaction(
                        number,
                        transactions.size(),
                        transaction.id(),
                        transactionMillis,
                        validity,
                        transaction.jws()));
    }

    /// The header of this block.
    BlockHeader header(BlockHeader previous) {
        var digest = new StateDigest(previous.stateDigest());
        writeSets.forEach(digest::add);
        return new BlockHeader(
                previous.ledger(),
                number,
                timeMillis,
                transactions.size(),
                previous.hash(),
                OrderedTransaction.root(transactions),
                digest.value());
    }

    List<OrderedTransaction> transactions() {
        return transactions;
    }

    /// What to say to whom.
    List<Judged> judged() {
        return judged;
    }

    /// The valid transactions, for those who follow.
    List<LedgerEvent> events() {
        return events;
    }

    /// What each key of the state table holds after the block, empty for a removed one.
    Map<String, Optional<String>> values() {
        return values;
    }

    /// The transaction that wrote one of [#values].
    Version version(String key) {
        return Objects.requireNonNull(versions.get(key), key);
    }

    /// Whether the next block may have other limits.
    boolean changesParameters() {
        return values.keySet().stream().anyMatch(key -> key.startsWith(StateKeys.PARAMETERS));
    }

    /// The version each key of the state table has after the block, empty for a removed one.
    Map<String, Optional<Version>> written() {
        var written = new HashMap<String, Optional<Version>>();
        values.keySet().forEach(key -> written.put(key, versionHere(key)));
        return written;
    }

    /// Those of [#values] that were not in the state before, provided that what was taken on trust is true.
    Set<String> fresh() {
        return fresh;
    }

    /// Whether a key that was taken for new without looking turns out to be there.
    private boolean trustedInVain(Pending pending) {
        return pending.trusting()
                && pending.effects().reads().entrySet().stream()
                        .filter(read -> read.getValue().isEmpty())
                        .anyMatch(read -> current(read.getKey(), Optional.empty()).isPresent());
    }

    private Verdict.Ordered judge(Pending pending, Version place) {
        if (nowMillis > pending.transaction().notAfter().toEpochMilli()) {
            return new Verdict.Ordered(place, Validity.EXPIRED, "");
        }
        for (var read : pending.effects().reads().entrySet()) {
            if (!current(read.getKey(), read.getValue()).equals(read.getValue())) {
                return new Verdict.Ordered(place, Validity.MVCC_READ_CONFLICT, read.getKey());
            }
        }
        for (var range : pending.effects().ranges().entrySet()) {
            if (!currentRange(range.getKey()).equals(range.getValue())) {
                return new Verdict.Ordered(place, Validity.PHANTOM_READ_CONFLICT, range.getKey());
            }
        }
        return new Verdict.Ordered(place, Validity.VALID, "");
    }

    /// The version a key has now; the one that was read, if nothing wrote the key since.
    private Optional<Version> current(String key, Optional<Version> read) {
        if (values.containsKey(key)) {
            return versionHere(key);
        }
        return recent.latest(key).map(RecentWrites.Written::version).orElse(read);
    }

    private SortedMap<String, Version> currentRange(String prefix) {
        var current = new TreeMap<String, Version>();
        ranges.apply(prefix).forEach((key, value) -> current.put(key, value.version()));
        for (var key : values.keySet()) {
            if (key.startsWith(prefix)) {
                versionHere(key)
                        .ifPresentOrElse(
                                version -> current.put(key, version), () -> current.remove(key));
            }
        }
        return current;
    }

    private Optional<Version> versionHere(String key) {
        return values.getOrDefault(key, Optional.empty()).map(value -> version(key));
    }

    private void apply(ReadWriteSet effects, Version place) {
        writeSets.add(effects.writes());
        effects.writes()
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(StateKeys.TRANSACTIONS)) {
                                return;
                            }
                            if (isFresh(key, effects)) {
                                fresh.add(key);
                            }
                            values.put(key, value);
                            versions.put(key, place);
                        });
    }

    private boolean isFresh(String key, ReadWriteSet effects) {
        return !values.containsKey(key)
                && recent.latest(key).isEmpty()
                && effects.reads().containsKey(key)
                && effects.reads().get(key).isEmpty();
    }
}
