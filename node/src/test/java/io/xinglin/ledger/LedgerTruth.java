package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.Simulation;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.sim.Damage;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.MemoryDatabase.Table;
import io.xinglin.sim.Violation;
import io.xinglin.tlog.Hash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What the ledger must be, worked out apart from the code that writes it.
///
/// Checked with every block: its number, its previous hash, its signature, that time does not go back, that every valid
/// transaction is valid when it is run again on the state that all before it made, that no id is valid twice, and that the state
/// table holds what they wrote. Checked with every answer: that what is said to be committed is there, at that place, and was
/// never said to be at another. Checked whenever asked: all of that again, for everything ever said.
public final class LedgerTruth {
    private final String ledger;
    private final LedgerNode.Parts parts;
    private final MemoryLedgerTables.Rows rows;
    private final Map<TransactionId, Version> told = new HashMap<>();
    private final Map<TransactionId, Version> valid = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final NavigableMap<String, Versioned> state = new TreeMap<>();

    public LedgerTruth(MemoryDatabase database, LedgerNode.Parts parts) {
        this.ledger = parts.name();
        this.parts = parts;
        this.rows = new MemoryLedgerTables.Rows(database);
    }

    /// How many blocks there are.
    public int height() {
        return blocks.size();
    }

    /// How many transactions were said to be committed.
    public int told() {
        return told.size();
    }

    /// Looks at what was just committed.
    public void committed(MemoryDatabase.Transaction transaction) {
        transaction
                .changes(rows.blocks)
                .forEach(
                        (number, block) ->
                                follow(
                                        block.orElseThrow(
                                                () -> new Violation("a block was deleted"))));
    }

    private void follow(Block block) {
        var header = block.header();
        var previous = blocks.isEmpty() ? BlockHeader.none(ledger) : blocks.getLast().header();
        require(
                header.number() == previous.height(),
                "block " + header.number() + " comes after " + previous.number());
        require(header.previousHash().equals(previous.hash()), "a block names another before it");
        require(header.timeMillis() >= previous.timeMillis(), "time goes back");
        var chain = new Chain(ledger, NONE, parts.key().jwk(), parts.signatures());
        require(chain.isSigned(block), "a block is not signed");
        var transactions = of(header.number());
        require(
                OrderedTransaction.root(transactions).equals(header.transactionsRoot())
                        && transactions.size() == header.transactions(),
                "a block holds other transactions than it was signed for");
        var digest = new StateDigest(previous.stateDigest());
        for (var transaction : transactions) {
            require(transaction.timeMillis() <= header.timeMillis(), "ahead of its block");
            if (transaction.validity() == Validity.VALID) {
                run(transaction, digest);
            }
        }
        require(digest.value().equals(header.stateDigest()), "a block has another state digest");
        blocks.add(block);
    }

    private static final LedgerTables NONE =
            new MemoryLedgerTables(new MemoryDatabase().new Session(MemoryDatabase.Edge.SOUND));

    private List<OrderedTransaction> of(long block) {
        return List.copyOf(
                rows.transactions
                        .rows()
                        .subMap(new Version(block, 0), new Version(block + 1, 0))
                        .values());
    }

    private void run(OrderedTransaction transaction, StateDigest digest) {
        var place = new Version(transaction.block(), transaction.index());
        var signed = transaction.signed();
        require(valid.put(signed.id(), place) == null, signed + " is valid twice");
        var simulation =
                new Simulation(
                        ledger,
                        signed.id(),
                        Instant.ofEpochMilli(transaction.timeMillis()),
                        new Model());
        try {
            new Contracts(parts.signatures()).apply(signed, simulation);
        } catch (ContractViolation e) {
            throw new Violation(
                    signed + " at " + place + " is valid and breaks a rule: " + e.code());
        }
        var writes = simulation.readWriteSet().writes();
        digest.add(writes);
        writes.forEach(
                (key, value) -> {
                    if (!key.startsWith(StateKeys.TRANSACTIONS)) {
                        value.ifPresentOrElse(
                                it -> state.put(key, new Versioned(it, place)),
                                () -> state.remove(key));
                    }
                });
    }

    /// Whether a transaction was said to be committed.
    public boolean isTold(TransactionId id) {
        return told.containsKey(id);
    }

    /// A transaction is said to have this outcome.
    ///
    /// @param wasTold whether it was said to be committed before it was submitted this time
    public void tell(TransactionOutcome outcome, boolean wasTold) {
        if (outcome instanceof TransactionOutcome.Committed(var id, var block, var index)) {
            var place = new Version(block, index);
            var before = told.putIfAbsent(id, place);
            require(
                    before == null || before.equals(place),
                    id + " was said to be at " + before + " and then at " + place);
            requireAt(id, place);
        } else {
            require(!wasTold, outcome + " after it was committed");
        }
    }

    private void requireAt(TransactionId id, Version place) {
        var row = rows.transactions.rows().get(place);
        require(
                row != null && row.id().equals(id) && row.validity() == Validity.VALID,
                id + " was acknowledged at " + place + " and is not there");
    }

    /// Looks at everything.
    public void checkAll() {
        told.forEach(this::requireAt);
        require(
                List.copyOf(rows.blocks.rows().values()).equals(blocks),
                "the blocks are not those that were written");
        require(
                new TreeMap<>(rows.state.rows()).equals(new TreeMap<>(state)),
                "the state is not what the transactions lead to");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Violation("ledger: " + otherwise);
        }
    }

    /// The state that all transactions so far have made.
    private final class Model implements CommittedState {
        @Override
        public Optional<Versioned> get(String key) {
            return key.startsWith(StateKeys.TRANSACTIONS)
                    ? Optional.empty()
                    : Optional.ofNullable(state.get(key));
        }

        @Override
        public SortedMap<String, Versioned> range(String prefix) {
            return new TreeMap<>(state.subMap(prefix, prefix + "\uffff"));
        }
    }

    /// Changes one thing that is stored.
    public Damage damage(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> damageBlock(random);
            case 1 -> damageTransaction(random);
            case 2 -> damageState(random);
            default -> deleteSomething(random);
        };
    }

    private Damage damageBlock(RandomGenerator random) {
        var number = pick(rows.blocks, random);
        var block = rows.blocks.row(number);
        var header = block.header();
        var changed =
                switch (random.nextInt(4)) {
                    case 0 -> new Block(header, flip(block.signature(), random));
                    case 1 ->
                            new Block(
                                    with(header, 1, header.transactionsRoot()), block.signature());
                    case 2 ->
                            new Block(
                                    with(header, 0, flip(header.transactionsRoot(), random)),
                                    block.signature());
                    default ->
                            new Block(
                                    with(header, -1, header.transactionsRoot()), block.signature());
                };
        return replace(
                rows.blocks,
                number,
                changed,
                "block " + number,
                List.of(
                        "ledger block " + number + ":",
                        "ledger block " + (number + 1) + ":",
                        "ledger: "));
    }

    private static BlockHeader with(BlockHeader header, int millis, Hash root) {
        return new BlockHeader(
                header.ledger(),
                header.number(),
                header.timeMillis() + millis,
                header.transactions(),
                header.previousHash(),
                root,
                header.stateDigest());
    }

    private Damage damageTransaction(RandomGenerator random) {
        var place = pick(rows.transactions, random);
        var row = rows.transactions.row(place);
        var validity =
                row.validity() == Validity.VALID ? Validity.MVCC_READ_CONFLICT : Validity.VALID;
        var changed =
                switch (random.nextInt(3)) {
                    case 0 -> with(row, row.timeMillis(), row.validity(), flip(row.jws(), random));
                    case 1 -> with(row, row.timeMillis() - 1, row.validity(), row.jws());
                    default -> with(row, row.timeMillis(), validity, row.jws());
                };
        return replace(
                rows.transactions,
                place,
                changed,
                "transaction " + place,
                List.of(
                        "ledger block " + place.block() + ":",
                        "ledger transaction " + row.id() + " "));
    }

    private static OrderedTransaction with(
            OrderedTransaction row, long timeMillis, Validity validity, String jws) {
        return new OrderedTransaction(
                row.block(), row.index(), row.id(), timeMillis, validity, jws);
    }

    private Damage damageState(RandomGenerator random) {
        var key = pick(rows.state, random);
        var row = rows.state.row(key);
        var changed =
                random.nextBoolean()
                        ? new Versioned(flip(row.value(), random), row.version())
                        : new Versioned(
                                row.value(),
                                new Version(row.version().block(), row.version().index() + 1));
        return replace(
                rows.state, key, changed, "state " + key, List.of("ledger state " + key + ":"));
    }

    private Damage deleteSomething(RandomGenerator random) {
        if (random.nextBoolean()) {
            var key = pick(rows.state, random);
            return delete(rows.state, key, "state " + key, List.of("ledger state " + key + ":"));
        }
        var place = pick(rows.transactions, random);
        return delete(
                rows.transactions,
                place,
                "transaction " + place,
                List.of("ledger block " + place.block() + ":"));
    }

    private static <K, V> K pick(Table<K, V> table, RandomGenerator random) {
        var keys = List.copyOf(table.rows().keySet());
        return keys.get(random.nextInt(keys.size()));
    }

    private static <K, V> Damage replace(
            Table<K, V> table, K key, V changed, String what, List<String> places) {
        var before = table.rows().put(key, changed);
        return new Damage(what + " changed", places, () -> table.rows().put(key, before));
    }

    private static <K, V> Damage delete(
            Table<K, V> table, K key, String what, List<String> places) {
        var before = table.rows().remove(key);
        return new Damage(what + " deleted", places, () -> table.rows().put(key, before));
    }

    private static String flip(String text, RandomGenerator random) {
        var at = random.nextInt(text.length());
        var other = text.charAt(at) == 'A' ? 'B' : 'A';
        return text.substring(0, at) + other + text.substring(at + 1);
    }

    private static Hash flip(Hash hash, RandomGenerator random) {
        var bytes = hash.bytes();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return Hash.of(bytes);
    }
}
