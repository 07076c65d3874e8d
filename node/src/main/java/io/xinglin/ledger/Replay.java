package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.contracts.SignatureVerifier;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Simulation;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Version;
import io.xinglin.fsck.Report;
import io.xinglin.ledger.LedgerStatus.Engine;
import io.xinglin.ledger.ReadAhead.ReadBlock;
import io.xinglin.ledger.ReadAhead.ReadTransaction;
import io.xinglin.platform.BoundedCache;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/// Runs every transaction again, from the first block on, and compares what comes out with what is stored.
///
/// One wrong thing is reported where it is, then what is stored is taken as it stands, so that it does not make everything
/// after it look wrong.
final class Replay {
    private static final int KEYS_MAX = 10_000;

    private final String ledger;
    private final LedgerTables tables;
    private final Chain chain;
    private final SignatureVerifier signatures;
    private final ReadAhead blocks;
    private final BoundedCache<String, RegisteredKey> keys = new BoundedCache<>(KEYS_MAX);
    private final Report report;
    private final ReplayedState state;
    private final EarlierValues earlier = new EarlierValues();
    private final boolean isOrderedHere;
    private final Optional<SnapshotReader.SignedStatement> base;
    private BlockHeader previous;

    /// @param others work ahead of this thread
    Replay(
            String ledger,
            LedgerTables tables,
            Chain chain,
            SignatureVerifier signatures,
            Executor others,
            Report report) {
        this.ledger = ledger;
        this.tables = tables;
        this.chain = chain;
        this.signatures = signatures;
        this.blocks = new ReadAhead(tables, chain, signatures, others);
        this.report = report;
        this.state = new ReplayedState(tables, report);
        this.isOrderedHere = FirstBlock.begunOn(tables).filter(Engine.EMBEDDED::equals).isPresent();
        this.previous = BlockHeader.none(ledger);
        this.base = tables.base();
    }

    void run() {
        base.ifPresent(this::checkBase);
        for (var read = blocks.next(); read.isPresent(); read = blocks.next()) {
            check(read.get());
        }
        tables.committedTwice()
                .forEach(id -> report.finding("transaction " + id, "is on the ledger twice"));
        if (tables.hasTransactionsFrom(previous.height())) {
            report.finding("ledger block " + previous.height(), "has transactions but no header");
        }
        state.finish();
    }

    private void check(ReadBlock read) {
        var block = read.block();
        checkHeader(block, read.isSigned());
        var number = block.header().number();
        try {
            read.requireReadable();
            var transactions = read.transactions();
            if (!read.root().equals(block.header().transactionsRoot())) {
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
            transactions.forEach(transaction -> checkTime(transaction.ordered(), time));
            state.expect(transactions.stream().flatMap(Replay::keysReadBy).toList());
            transactions.forEach(transaction -> execute(transaction, digest));
            if (!digest.value().equals(block.header().stateDigest())) {
                finding(number, "its transactions do not lead to the state that was signed for");
            }
            state.blockEnded();
            earlier.blockEnded();
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

    /// Those that can be told beforehand.
    private static Stream<String> keysReadBy(ReadTransaction read) {
        return read.signed().stream()
                .flatMap(
                        signed ->
                                Stream.concat(
                                        Stream.of(StateKeys.key(signed.signer())),
                                        signed.command() instanceof ConsentCommand command
                                                ? Stream.of(StateKeys.consent(command.consent()))
                                                : Stream.empty()));
    }

    private void checkHeader(Block block, boolean isSigned) {
        var header = block.header();
        // Of a restored ledger the first blocks are elsewhere.
        var isFirstKept = previous.number() < 0 && isBeforeBase(block);
        if (!isFirstKept && header.number() != previous.height()) {
            finding(previous.height(), "is missing");
        } else if (!isFirstKept && !header.previousHash().equals(previous.hash())) {
            finding(header.number(), "does not follow from the block before it");
        }
        if (!isSigned) {
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

    private void execute(ReadTransaction read, StateDigest digest) {
        var transaction = read.ordered();
        var place = new Version(transaction.block(), transaction.index());
        try {
            var signed = read.signed().orElseGet(transaction::signed);
            if (!signed.id().equals(transaction.id())) {
                finding(transaction, "is stored under an id that is not its own");
            }
            if (transaction.validity() != Validity.VALID) {
                checkLoss(read, signed, place);
                return;
            }
            var writes = run(read, signed, state.before(place)).writes();
            digest.add(writes);
            if (isOrderedHere) {
                remember(writes.keySet(), state.before(place));
            }
            state.apply(writes, place);
        } catch (ContractViolation violation) {
            finding(transaction, "breaks a rule (" + violation.code().word() + ")");
        }
    }

    private ReadWriteSet run(ReadTransaction read, SignedTransaction signed, CommittedState on) {
        var time = Instant.ofEpochMilli(read.ordered().timeMillis());
        var simulation = new Simulation(ledger, signed.id(), time, on);
        contracts(read).apply(signed, simulation);
        return simulation.readWriteSet();
    }

    private void remember(Set<String> written, CommittedState before) {
        for (var key : written) {
            if (!key.startsWith(StateKeys.TRANSACTIONS)) {
                earlier.overwritten(key, before.get(key));
            }
        }
    }

    /// Whoever orders alone could send a transaction away as if another had been faster. Of a copy the members said what lost: each of
    /// them has the same blocks.
    private void checkLoss(ReadTransaction read, SignedTransaction signed, Version place) {
        var transaction = read.ordered();
        var validity = transaction.validity();
        if (!isOrderedHere || validity == Validity.EXPIRED) {
            return;
        }
        var loss = new PossibleLoss(state.before(place), earlier);
        if (validity == Validity.NOT_AGREED
                || !loss.isLike(validity, on -> run(read, signed, on))) {
            finding(transaction, "is marked " + validity.word() + ", and cannot have been that");
        }
    }

    private Contracts contracts(ReadTransaction read) {
        return new Contracts(
                (key, message, signature) -> read.verify(key, message, signature, signatures),
                value -> keys.get(value, this::key));
    }

    private RegisteredKey key(String value) {
        var key = RegisteredKey.parse(value);
        blocks.seen(key);
        return key;
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
