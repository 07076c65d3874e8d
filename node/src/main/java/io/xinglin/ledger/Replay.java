package io.xinglin.ledger;

import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.Simulation;
import io.xinglin.contracts.Version;
import io.xinglin.fsck.Report;
import java.time.Instant;
import java.util.Optional;

/// Runs every transaction again, from the first block on, and compares what comes out with what is stored.
///
/// One wrong thing is reported where it is, then what is stored is taken as it stands, so that it does not make everything
/// after it look wrong.
final class Replay {
    private static final int PAGE = 100;

    private final String ledger;
    private final LedgerTables tables;
    private final Chain chain;
    private final Contracts contracts;
    private final Report report;
    private final ReplayedState state;
    private final Optional<SnapshotReader.SignedStatement> base;
    private BlockHeader previous;

    Replay(String ledger, LedgerTables tables, Chain chain, Contracts contracts, Report report) {
        this.ledger = ledger;
        this.tables = tables;
        this.chain = chain;
        this.contracts = contracts;
        this.report = report;
        this.state = new ReplayedState(tables, report);
        this.previous = BlockHeader.none(ledger);
        this.base = tables.base();
    }

    void run() {
        base.ifPresent(this::checkBase);
        var page = tables.blocks(0, PAGE);
        while (!page.isEmpty()) {
            page.forEach(this::check);
            page = tables.blocks(previous.height(), PAGE);
        }
        tables.committedTwice()
                .forEach(id -> report.finding("transaction " + id, "is on the ledger twice"));
        if (tables.hasTransactionsFrom(previous.height())) {
            report.finding("ledger block " + previous.height(), "has transactions but no header");
        }
        state.finish();
    }

    private void check(Block block) {
        checkHeader(block);
        var number = block.header().number();
        try {
            var transactions = tables.transactionsOf(number);
            if (!OrderedTransaction.root(transactions).equals(block.header().transactionsRoot())) {
                finding(number, "its transactions are not those that were signed for");
            }
            if (isBeforeBase(block)) {
                previous = block.header();
                report.checked(transactions.size());
                return;
            }
            if (transactions.size() > transactionsMax(number)) {
                finding(number, "holds more transactions than the members allow");
            }
            var digest = new StateDigest(previous.stateDigest());
            var time = block.header().timeMillis();
            transactions.forEach(transaction -> checkTime(transaction, time));
            transactions.forEach(transaction -> execute(transaction, digest));
            if (!digest.value().equals(block.header().stateDigest())) {
                finding(number, "its transactions do not lead to the state that was signed for");
            }
            state.blockEnded();
            report.checked(transactions.size());
        } catch (LedgerCorrupted e) {
            finding(number, "holds a row that makes no sense: " + e);
        }
        previous = block.header();
    }

    /// A restored ledger begins with a state that its key signed for.
    private void checkBase(SnapshotReader.SignedStatement signed) {
        var said = signed.statement();
        var where = "ledger base after block " + said.number();
        if (!chain.isSigned(signed)) {
            report.finding(where, "is not signed by this ledger");
        }
        if (tables.block(said.number())
                .filter(block -> block.header().hash().equals(said.blockHash()))
                .isEmpty()) {
            report.finding(where, "is not about the block that is here");
        }
        var hash = new StateHash();
        tables.forEachBaseState(hash::add);
        if (hash.count() != said.states() || !hash.value().equals(said.stateHash())) {
            report.finding(where, "its state is not the one that was signed for");
        }
        state.startFromBase();
    }

    private boolean isBeforeBase(Block block) {
        return base.filter(signed -> block.header().number() <= signed.statement().number())
                .isPresent();
    }

    private long transactionsMax(long block) {
        return BlockLimits.value(Parameter.BLOCK_TRANSACTIONS, state.before(new Version(block, 0)));
    }

    private void checkHeader(Block block) {
        var header = block.header();
        // Of a restored ledger the first blocks are elsewhere.
        var isFirstKept = previous.number() < 0 && isBeforeBase(block);
        if (!isFirstKept && header.number() != previous.height()) {
            finding(previous.height(), "is missing");
        } else if (!isFirstKept && !header.previousHash().equals(previous.hash())) {
            finding(header.number(), "does not follow from the block before it");
        }
        if (!chain.isSigned(block)) {
            finding(header.number(), "is not signed by this ledger");
        }
        if (header.timeMillis() < previous.timeMillis()) {
            finding(header.number(), "is older than the block before it");
        }
    }

    /// Whoever orders could send a transaction away as expired before it was, or have it run at another time.
    private void checkTime(OrderedTransaction transaction, long blockMillis) {
        if (transaction.timeMillis() > blockMillis) {
            finding(transaction, "is of a time after that of its block");
        }
        if (transaction.validity() == Validity.EXPIRED && !isExpired(transaction, blockMillis)) {
            finding(transaction, "is marked expired before it was");
        }
    }

    private static boolean isExpired(OrderedTransaction transaction, long blockMillis) {
        try {
            return blockMillis > transaction.signed().notAfter().toEpochMilli();
        } catch (ContractViolation _) {
            return true;
        }
    }

    private void execute(OrderedTransaction transaction, StateDigest digest) {
        var place = new Version(transaction.block(), transaction.index());
        try {
            var signed = transaction.signed();
            if (!signed.id().equals(transaction.id())) {
                finding(transaction, "is stored under an id that is not its own");
            }
            if (transaction.validity() != Validity.VALID) {
                return;
            }
            var simulation =
                    new Simulation(
                            ledger,
                            signed.id(),
                            Instant.ofEpochMilli(transaction.timeMillis()),
                            state.before(place));
            contracts.apply(signed, simulation);
            var writes = simulation.readWriteSet().writes();
            digest.add(writes);
            state.apply(writes, place);
        } catch (ContractViolation violation) {
            finding(transaction, "breaks a rule (" + violation.code().word() + ")");
        }
    }

    private void finding(OrderedTransaction transaction, String what) {
        report.finding(
                "ledger transaction "
                        + transaction.id()
                        + " in block "
                        + transaction.block()
                        + " at "
                        + transaction.index(),
                what);
    }

    private void finding(long block, String what) {
        report.finding("ledger block " + block, what);
    }
}
