package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// The states that a transaction may have been run on before it lost, one after the other.
///
/// A block does not say on what state a transaction was run, and while it ran a block may have been added. So of each key that was
/// written lately it may have seen any of the values, whatever it saw of the others. All of that is tried: whoever orders may have
/// sent away as lost only what can have lost, and not a withdrawal of a consent that nobody else touched.
final class PossibleLoss implements CommittedState {
    /// After so many runs it is believed.
    private static final int RUNS_MAX = 200;

    private final CommittedState now;
    private final EarlierValues earlier;
    private final Map<String, Optional<Versioned>> seen = new HashMap<>();
    private final Map<String, SortedMap<String, Versioned>> seenRanges = new HashMap<>();

    // Which of its values was picked for each key or range, in the order they were asked for, and
    // of how many.
    private final List<Integer> picks = new ArrayList<>();
    private final List<Integer> choices = new ArrayList<>();
    private int picked;
    private boolean trusting;
    private final Set<String> trusted = new HashSet<>();

    /// @param now the state before its place
    PossibleLoss(CommittedState now, EarlierValues earlier) {
        this.now = now;
        this.earlier = earlier;
    }

    /// Whether on one of the states it ran and then had to lose in this way.
    ///
    /// @param run runs it on a state, and throws what it violates there
    boolean isLike(Validity lost, Function<CommittedState, ReadWriteSet> run) {
        return isLike(lost, run, false) || isLike(lost, run, true);
    }

    /// @param onTrust whether what was expected to be new was taken for new without looking, as at a first attempt
    private boolean isLike(
            Validity lost, Function<CommittedState, ReadWriteSet> run, boolean onTrust) {
        trusting = onTrust;
        picks.clear();
        choices.clear();
        for (var runs = 0; runs < RUNS_MAX; runs++) {
            seen.clear();
            seenRanges.clear();
            trusted.clear();
            picked = 0;
            try {
                if (judge(run.apply(this)) == lost) {
                    return true;
                }
            } catch (ContractViolation _) {
                // It was not run on this state, or it would not have been ordered.
            }
            if (!turn()) {
                return false;
            }
        }
        return true;
    }

    /// As [BlockDraft] does it.
    private Validity judge(ReadWriteSet effects) {
        for (var read : effects.reads().entrySet()) {
            if (!trusted.contains(read.getKey())
                    && !now.versionOfNew(read.getKey()).equals(read.getValue())) {
                return Validity.MVCC_READ_CONFLICT;
            }
        }
        for (var range : effects.ranges().entrySet()) {
            if (!versions(now.range(range.getKey())).equals(range.getValue())) {
                return Validity.PHANTOM_READ_CONFLICT;
            }
        }
        return Validity.VALID;
    }

    private static SortedMap<String, Version> versions(SortedMap<String, Versioned> range) {
        var versions = new TreeMap<String, Version>();
        range.forEach((key, value) -> versions.put(key, value.version()));
        return versions;
    }

    @Override
    public Optional<Versioned> get(String key) {
        return seen.computeIfAbsent(
                key,
                _ -> {
                    var values = earlier.of(key);
                    values.addFirst(now.get(key));
                    return values.get(pick(values.size()));
                });
    }

    @Override
    public Optional<Version> versionOfNew(String key) {
        if (key.startsWith(StateKeys.TRANSACTIONS)) {
            return now.versionOfNew(key);
        }
        if (trusting) {
            trusted.add(key);
            return Optional.empty();
        }
        return get(key).map(Versioned::version);
    }

    @Override
    public SortedMap<String, Versioned> range(String prefix) {
        return seenRanges.computeIfAbsent(
                prefix,
                _ -> {
                    var ranges = earlier.under(prefix, now.range(prefix));
                    ranges.addFirst(now.range(prefix));
                    return ranges.get(pick(ranges.size()));
                });
    }

    private int pick(int of) {
        if (of == 1) {
            return 0;
        }
        if (picked == picks.size()) {
            picks.add(0);
            choices.add(of);
        }
        return picks.get(picked++);
    }

    /// Picks the next value of what was asked for last; when it has no more, of what was asked for before it.
    ///
    /// @return whether there is anything left to try
    private boolean turn() {
        while (!picks.isEmpty()) {
            var last = picks.size() - 1;
            if (picks.get(last) + 1 < choices.get(last)) {
                picks.set(last, picks.get(last) + 1);
                return true;
            }
            picks.removeLast();
            choices.removeLast();
        }
        return false;
    }
}
