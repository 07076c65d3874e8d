package io.xinglin.ledger;

import io.xinglin.contracts.SignedTransaction;
import java.time.Instant;

/// A transaction was committed.
///
/// @param position where it is
/// @param time its time
/// @param transaction the transaction
public record LedgerEvent(Position position, Instant time, SignedTransaction transaction) {}
