package io.xinglin.ledger;

import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Reads the tables of the ledger; keys are in the order of their UTF-8 bytes.
///
/// The keys `tx/{id}` are not in the state table: that a valid transaction is there says as much.
interface LedgerTables {
    Optional<Versioned> state(String key);

    /// The values of those keys that are there.
    Map<String, Versioned> states(Collection<String> keys);

    /// Shows every key, a few at a time.
    void forEachStateKey(Consumer<String> listener);

    /// Shows the whole state, a few keys at a time.
    void forEachState(BiConsumer<String, Versioned> listener);

    /// Shows the whole state that a restored ledger began with.
    void forEachBaseState(BiConsumer<String, Versioned> listener);

    /// What a restored ledger began with.
    Optional<SnapshotReader.SignedStatement> base();

    /// The value a key had when a restored ledger began.
    Optional<Versioned> baseState(String key);

    SortedMap<String, Versioned> baseStateRange(String prefix);

    /// Shows the keys whose rows are still those that a restored ledger began with.
    void forEachUnchangedSinceBase(Consumer<String> listener);

    /// Shows the keys that a restored ledger began with and has no longer.
    void forEachGoneSinceBase(Consumer<String> listener);

    SortedMap<String, Versioned> stateRange(String prefix);

    /// The first keys after this one.
    SortedMap<String, Versioned> statesAfter(String key, int limit);

    /// The first values of keys after this one, by key, among those with this prefix.
    SortedMap<String, String> statesAfter(String key, String prefix, int limit);

    /// The last key with this prefix.
    Optional<Versioned> lastState(String prefix);

    /// The last keys with this prefix, the very last first.
    List<Versioned> lastStates(String prefix, int limit);

    /// The first key from this one on, among those with this prefix.
    Optional<Versioned> firstState(String from, String prefix);

    /// How many keys begin with this prefix.
    long countState(String prefix);

    /// Where a transaction was committed as valid.
    Optional<Version> committed(TransactionId id);

    /// The valid one of this id, or else the last that lost.
    Optional<OrderedTransaction> transaction(TransactionId id);

    List<OrderedTransaction> transactionsOf(long block);

    /// Some transactions of a block, from a place on.
    List<OrderedTransaction> transactionsOf(long block, int from, int limit);

    /// The next valid transactions after a position.
    List<OrderedTransaction> validAfter(Position position, int limit);

    /// Ids that are valid more than once.
    List<TransactionId> committedTwice();

    /// Whether there are transactions of this block or later ones.
    boolean hasTransactionsFrom(long block);

    long countTransactions();

    Optional<Block> head();

    /// The number of the last block before this time, or of the first block there is.
    long lastBlockBefore(long timeMillis);

    Optional<Block> block(long number);

    /// The blocks from this number on.
    List<Block> blocks(long from, int limit);
}
