package io.xinglin.ledger;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.ConsentFact;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.contracts.SignedTransaction;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/// The ledger of the consortium: submit transactions, ask for facts, follow what happens.
@Component
public class Ledger {
    Ledger() {}

    /// The name of the ledger, which every transaction carries.
    public String name() {
        throw new UnsupportedOperationException();
    }

    /// How many blocks there are.
    public long height() {
        throw new UnsupportedOperationException();
    }

    /// Submits a transaction and waits until it is durable or refused.
    public TransactionOutcome submit(SignedTransaction transaction) {
        throw new UnsupportedOperationException();
    }

    /// Submits a transaction; the rules are run on the caller's thread, durability is waited for elsewhere.
    public CompletableFuture<TransactionOutcome> submitAsync(SignedTransaction transaction) {
        throw new UnsupportedOperationException();
    }

    /// The member of this id.
    public Optional<Member> member(MemberId id) {
        throw new UnsupportedOperationException();
    }

    /// All members, by id.
    public List<Member> members() {
        throw new UnsupportedOperationException();
    }

    /// The key of this id, whatever its status.
    public Optional<RegisteredKey> key(KeyId id) {
        throw new UnsupportedOperationException();
    }

    /// The consent of this id, whatever its status.
    public Optional<ConsentFact> consent(UUID id) {
        throw new UnsupportedOperationException();
    }

    /// The largest anchored checkpoint of a member's log.
    public Optional<Anchor> latestAnchor(MemberId member) {
        throw new UnsupportedOperationException();
    }

    /// Calls `listener` with every committed transaction after `position`, in order, those to come included, until the
    /// subscription is closed.
    ///
    /// Whoever stores the last position it was given may follow on from there after a restart.
    public Subscription follow(Position position, Consumer<LedgerEvent> listener) {
        throw new UnsupportedOperationException();
    }
}
