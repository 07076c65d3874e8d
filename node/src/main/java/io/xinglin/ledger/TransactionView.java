package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;

/// A transaction as `/ledger/transactions/{id}` shows it.
///
/// @param id its id
/// @param block the number of its block
/// @param index its place there
/// @param time when it was simulated
/// @param validity `valid`, or why it does not count
/// @param contract which contract
/// @param function which function of it
/// @param signer the key it says it is signed by
/// @param notAfter until when it could be ordered
/// @param arguments the arguments of the contract function, JSON
/// @param jws what was signed, with the signature
public record TransactionView(
        String id,
        long block,
        int index,
        Instant time,
        String validity,
        String contract,
        String function,
        String signer,
        Instant notAfter,
        @JsonRawValue String arguments,
        String jws) {
    static TransactionView of(OrderedTransaction transaction) {
        var signed = transaction.signed();
        return new TransactionView(
                transaction.id().value(),
                transaction.block(),
                transaction.index(),
                Instant.ofEpochMilli(transaction.timeMillis()),
                transaction.validity().word(),
                signed.command().contract(),
                signed.command().function(),
                signed.signer().value(),
                signed.notAfter(),
                signed.command().argumentsJson(),
                transaction.jws());
    }
}
