package io.xinglin.ledger;

import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.TransactionId;
import io.xinglin.fabric.AgreedBlock;
import io.xinglin.fabric.AgreedTransaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keeps a copy of a ledger that is ordered elsewhere, and believes nothing of it: every transaction that counts is run again.
///
/// All nodes make the same blocks of it, so that their hashes can be compared.
final class BlockMirror implements AutoCloseable {
    private final WorldState state;
    private final Simulator simulator;
    private final BlockWriter writer;

    BlockMirror(WorldState state, Simulator simulator, BlockWriter writer) {
        this.state = state;
        this.simulator = simulator;
        this.writer = writer;
    }

    /// Copies the next block.
    ///
    /// @return where each transaction that counts is
    /// @throws LedgerCorrupted if running it again gives something else than the members agreed on
    /// @throws SQLException if it is not known whether the copy was written: try again
    Map<TransactionId, Verdict> copy(AgreedBlock block) throws SQLException {
        if (block.number() != state.height()) {
            throw new LedgerCorrupted(
                    "after block " + (state.height() - 1) + " comes block " + block.number());
        }
        var run = block.transactions().stream().map(this::run).toList();
        var latest =
                block.transactions().stream()
                        .mapToLong(AgreedTransaction::timeMillis)
                        .max()
                        .orElse(0);
        var places = new HashMap<TransactionId, Verdict>();
        writer.append(
                latest,
                draft -> {
                    run.forEach(it -> it.addTo(draft));
                    places.putAll(places(block, draft));
                });
        return places;
    }

    /// What the peers let count must stand here too, by the versions of what it read.
    private static Map<TransactionId, Verdict> places(AgreedBlock block, BlockDraft draft) {
        var places = new HashMap<TransactionId, Verdict>();
        for (var judged : draft.judged()) {
            if (!(judged.verdict() instanceof Verdict.Ordered ordered)
                    || ordered.validity() != Validity.VALID) {
                throw new LedgerCorrupted(
                        "in block "
                                + block.number()
                                + " the members let a transaction count that lost");
            }
            places.put(judged.pending().transaction().id(), ordered);
        }
        return places;
    }

    @Override
    public void close() {
        writer.close();
    }

    /// The state of before the block is what the endorsers saw, or the peers would have found it outdated.
    private Run run(AgreedTransaction agreed) {
        return agreed.isValid()
                ? new Run(agreed, execute(agreed), List.of())
                : new Run(agreed, List.of(), readable(agreed));
    }

    private List<Pending> execute(AgreedTransaction agreed) {
        try {
            var executed = new ArrayList<Pending>();
            for (var jws : agreed.transactions()) {
                var signed = SignedTransaction.parse(jws);
                executed.add(simulator.simulate(signed, agreed.timeMillis(), false));
            }
            requireSame(agreed, executed);
            return executed;
        } catch (ContractViolation violation) {
            throw diverged(agreed, "the rules forbid it: " + violation.code().word());
        }
    }

    private static void requireSame(AgreedTransaction agreed, List<Pending> executed) {
        var reads = new TreeSet<String>();
        var ranges = new TreeSet<String>();
        SortedMap<String, Optional<String>> writes = new TreeMap<>();
        for (var pending : executed) {
            reads.addAll(pending.effects().reads().keySet());
            ranges.addAll(pending.effects().ranges().keySet());
            writes.putAll(pending.effects().writes());
        }
        if (!writes.equals(agreed.writes())) {
            throw diverged(agreed, "it writes something else");
        }
        if (!reads.equals(agreed.reads()) || !ranges.equals(agreed.ranges())) {
            throw diverged(agreed, "it reads something else");
        }
    }

    /// Of what does not count, anyone may have handed in anything.
    private static List<SignedTransaction> readable(AgreedTransaction agreed) {
        return agreed.transactions().stream().flatMap(jws -> parse(jws).stream()).toList();
    }

    private static Optional<SignedTransaction> parse(String jws) {
        try {
            return Optional.of(SignedTransaction.parse(jws));
        } catch (ContractViolation _) {
            return Optional.empty();
        }
    }

    private static LedgerCorrupted diverged(AgreedTransaction agreed, String why) {
        return new LedgerCorrupted(
                "what the members agreed on as "
                        + agreed.id()
                        + " is not what the rules give here: "
                        + why);
    }

    private static Validity validity(AgreedTransaction agreed) {
        return switch (agreed.code()) {
            case "MVCC_READ_CONFLICT" -> Validity.MVCC_READ_CONFLICT;
            case "PHANTOM_READ_CONFLICT" -> Validity.PHANTOM_READ_CONFLICT;
            default -> Validity.NOT_AGREED;
        };
    }

    private record Run(
            AgreedTransaction agreed, List<Pending> valid, List<SignedTransaction> invalid) {
        void addTo(BlockDraft draft) {
            valid.forEach(draft::add);
            invalid.forEach(it -> draft.addInvalid(it, agreed.timeMillis(), validity(agreed)));
        }
    }
}
