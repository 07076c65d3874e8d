package io.xinglin.contracts;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/// What a contract sees of the ledger it runs on.
///
/// Reads see the state before the transaction, never its own writes; of several writes to one key the last counts. Values
/// are canonical JSON, never empty. So it is on Hyperledger Fabric, and every implementation behaves alike.
public interface ContractContext {
    /// The name of the ledger.
    String ledger();

    /// The transaction's id.
    TransactionId txId();

    /// The transaction's time, the same wherever it runs.
    Instant txTime();

    /// The value stored under a key.
    Optional<String> get(String key);

    /// Whether nothing is stored under a key that the contract expects to be new.
    ///
    /// An implementation may answer yes on trust if it looks before it orders the transaction. It does so when the key is written, so
    /// only what the contract then writes may be asked for like this.
    boolean isNew(String key);

    /// Every key that begins with `prefix`, with its value.
    SortedMap<String, String> range(String prefix);

    /// Stores a value.
    void put(String key, String value);

    /// Removes a key.
    void delete(String key);
}
