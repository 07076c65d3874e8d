package io.xinglin.ledger;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.Ballot;
import io.xinglin.contracts.ConsentFact;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Decision;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.Proposal;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.contracts.ViolationCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.springframework.dao.DataAccessException;

/// The ledger of the consortium: submit transactions, ask for facts, follow what happens.
///
/// ```java
/// switch (ledger.submit(transaction)) {
///     case Committed committed -> …   // durable, and every question from now on sees it
///     case Refused refused -> …       // refused.code() says why
/// }
/// ```
public class Ledger implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 20;
    private static final int AT_ONCE = 1_000;
    private static final int BACKOFF_DOUBLINGS_MAX = 6;
    private static final long UNCLEAR_MILLIS_MAX = 500;

    private final String name;
    private final LedgerTables tables;
    private final WorldState state;
    private final Ordering writer;
    private final Simulator simulator;
    private final Later later;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final LongAdder conflicts = new LongAdder();

    Ledger(
            String name,
            LedgerTables tables,
            WorldState state,
            Ordering writer,
            Simulator simulator,
            Later later,
            InstantSource clock,
            RandomGenerator random) {
        this.name = name;
        this.tables = tables;
        this.state = state;
        this.writer = writer;
        this.simulator = simulator;
        this.later = later;
        this.clock = clock;
        this.random = random;
    }

    /// The name of the ledger, which every transaction carries.
    public String name() {
        return name;
    }

    /// How many blocks there are.
    public long height() {
        return state.height();
    }

    /// How this ledger and what orders it are.
    public LedgerStatus status() {
        return new LedgerStatus(
                engine(),
                height(),
                tables.head().map(LedgerStatus.LastBlock::of),
                stopped(),
                conflicts(),
                writer.channel());
    }

    /// What puts transactions in order.
    LedgerStatus.Engine engine() {
        return writer.engine();
    }

    Optional<String> stopped() {
        return writer.stopped();
    }

    long conflicts() {
        return conflicts.sum();
    }

    /// Submits a transaction and waits until it is durable or refused.
    ///
    /// The same transaction may be submitted again, by anyone, at any time: the answer is the first one.
    ///
    /// @throws LedgerBusy if too many wait already; nothing of the transaction is stored
    /// @throws LedgerUnavailable if the database failed and it is not known what became of the transaction
    public TransactionOutcome submit(SignedTransaction transaction) {
        try {
            return attempt(transaction, 0).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /// Submits a transaction; the rules are run on the caller's thread, durability is waited for elsewhere.
    ///
    /// @throws LedgerBusy if too many wait already; nothing of the transaction is stored
    public CompletableFuture<TransactionOutcome> submitAsync(SignedTransaction transaction) {
        // What the caller chains to the answer must not run on the writer's thread.
        return attempt(transaction, 0).thenApplyAsync(outcome -> outcome, later);
    }

    /// The member of this id.
    public Optional<Member> member(MemberId id) {
        return state.get(StateKeys.member(id)).map(Versioned::value).map(Member::parse);
    }

    /// All members, by id.
    public List<Member> members() {
        return state.range(StateKeys.MEMBERS).values().stream()
                .map(Versioned::value)
                .map(Member::parse)
                .toList();
    }

    /// The key of this id, whatever its status.
    public Optional<RegisteredKey> key(KeyId id) {
        return state.get(StateKeys.key(id)).map(Versioned::value).map(RegisteredKey::parse);
    }

    /// The consent of this id, whatever its status.
    public Optional<ConsentFact> consent(UUID id) {
        return state.get(StateKeys.consent(id)).map(Versioned::value).map(ConsentFact::parse);
    }

    /// Whether the other members have suspended this one: nothing it signs counts, anywhere.
    public boolean isSuspended(MemberId id) {
        return state.get(StateKeys.suspension(id)).isPresent();
    }

    /// The proposal of this id.
    public Optional<Proposal> proposal(UUID id) {
        return state.get(StateKeys.proposal(id)).map(Versioned::value).map(Proposal::parse);
    }

    /// All proposals ever made, the last first.
    public List<Proposal> proposals() {
        return state.range(StateKeys.PROPOSALS).values().stream()
                .sorted(Comparator.comparing(Versioned::version).reversed())
                .map(Versioned::value)
                .map(Proposal::parse)
                .toList();
    }

    /// How the members voted on a proposal, by member.
    public List<Ballot> votes(UUID proposal) {
        return state.range(StateKeys.votes(proposal)).values().stream()
                .map(Versioned::value)
                .map(Ballot::parse)
                .toList();
    }

    /// What became of a proposal, if it was decided.
    public Optional<Decision> decision(UUID proposal) {
        return state.get(StateKeys.decision(proposal)).map(Versioned::value).map(Decision::parse);
    }

    /// The version of a contract that transactions must be made for.
    public long version(String contract) {
        return ContractVersions.inForce(
                state.get(StateKeys.contractVersion(contract)).map(Versioned::value));
    }

    /// What the members have agreed on.
    public long value(Parameter parameter) {
        return BlockLimits.value(parameter, state);
    }

    /// Shows all keys, whatever their status, some at a time.
    public void keys(Consumer<List<RegisteredKey>> some) {
        forAll(StateKeys.KEYS, RegisteredKey::parse, some);
    }

    /// Shows all consents, whatever their status, some at a time.
    public void consents(Consumer<List<ConsentFact>> some) {
        forAll(StateKeys.CONSENTS, ConsentFact::parse, some);
    }

    private <T> void forAll(String prefix, Function<String, T> parse, Consumer<List<T>> some) {
        for (var found = tables.statesAfter(prefix, prefix, AT_ONCE);
                !found.isEmpty();
                found = tables.statesAfter(found.lastKey(), prefix, AT_ONCE)) {
            some.accept(found.values().stream().map(parse).toList());
        }
    }

    /// The anchored checkpoint of a member's log at this size.
    public Optional<Anchor> anchor(MemberId member, long size) {
        return state.get(StateKeys.anchor(member, size)).map(Versioned::value).map(Anchor::parse);
    }

    /// The largest anchored checkpoint of a member's log.
    public Optional<Anchor> latestAnchor(MemberId member) {
        return tables.lastState(StateKeys.anchors(member)).map(Versioned::value).map(Anchor::parse);
    }

    /// Calls `listener` with every committed transaction after `position`, in order, those to come included, until the
    /// subscription is closed.
    ///
    /// Whoever stores the last position it was given may follow on from there after a restart. When the listener throws, it
    /// gets the same transaction again a little later.
    public Subscription follow(Position position, Consumer<LedgerEvent> listener) {
        return Follower.start(state, position, listener);
    }

    /// Whether a transaction that this node accepted before this time may still come onto the ledger.
    public boolean waitsSince(Instant time) {
        return writer.waitsSince(time);
    }

    /// Stops ordering; transactions that wait are abandoned.
    @Override
    public void close() {
        writer.close();
    }

    private CompletableFuture<TransactionOutcome> attempt(
            SignedTransaction transaction, int number) {
        // Who is turned away costs no signature check; who was let in once is not turned away.
        if (number == 0 && writer.isFull()) {
            throw new LedgerBusy();
        }
        try {
            var trusting = number == 0 && writer.looks();
            var pending = simulator.simulate(transaction, clock.millis(), trusting);
            if (!writer.order(pending)) {
                return turnedAway(transaction, number);
            }
            return pending.verdict().thenCompose(verdict -> conclude(transaction, number, verdict));
        } catch (ContractViolation violation) {
            return CompletableFuture.completedFuture(refused(transaction, violation));
        } catch (DataAccessException e) {
            if (number == 0) {
                throw e;
            }
            return unclear(transaction, number, e);
        }
    }

    private CompletableFuture<TransactionOutcome> conclude(
            SignedTransaction transaction, int number, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Ordered ordered -> ordered(transaction, number, ordered);
            case Verdict.RunAgain() -> lost(transaction, number, "fact", Duration.ZERO);
            case Verdict.Unclear(var cause) -> unclear(transaction, number, cause);
            case Verdict.Lost() -> conflicted(transaction, number, "fact");
            case Verdict.Broken(var violation) ->
                    CompletableFuture.supplyAsync(() -> refused(transaction, violation), later);
            case Verdict.Waiting(var why) ->
                    CompletableFuture.failedFuture(
                            new LedgerUnavailable(
                                    transaction.id() + " waits for the agreement of the members",
                                    why));
        };
    }

    private CompletableFuture<TransactionOutcome> ordered(
            SignedTransaction transaction, int number, Verdict.Ordered ordered) {
        return switch (ordered.validity()) {
            case VALID ->
                    CompletableFuture.completedFuture(committed(transaction, ordered.place()));
            // This runs on the writer's thread, which must not wait for the database.
            case EXPIRED -> CompletableFuture.supplyAsync(() -> expired(transaction), later);
            case MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT, NOT_AGREED ->
                    conflicted(transaction, number, StateKeys.kind(ordered.cause()));
        };
    }

    private CompletableFuture<TransactionOutcome> conflicted(
            SignedTransaction transaction, int number, String kind) {
        conflicts.increment();
        return lost(transaction, number, kind, backoff(number));
    }

    private CompletableFuture<TransactionOutcome> lost(
            SignedTransaction transaction, int number, String kind, Duration delay) {
        if (number + 1 < ATTEMPTS_MAX) {
            return again(transaction, number, delay);
        }
        return CompletableFuture.completedFuture(
                new TransactionOutcome.Refused(
                        transaction.id(),
                        TransactionOutcome.Refused.CONFLICT,
                        "In each of "
                                + ATTEMPTS_MAX
                                + " attempts others changed a "
                                + kind
                                + " that it read."));
    }

    /// An attempt before may have been committed unseen, so a later one must not say that nothing was.
    private CompletableFuture<TransactionOutcome> turnedAway(
            SignedTransaction transaction, int number) {
        if (number == 0) {
            throw new LedgerBusy();
        }
        return unclear(transaction, number, new LedgerBusy());
    }

    private CompletableFuture<TransactionOutcome> unclear(
            SignedTransaction transaction, int number, Exception cause) {
        if (number + 1 < ATTEMPTS_MAX) {
            return again(
                    transaction, number, Duration.ofMillis(random.nextLong(UNCLEAR_MILLIS_MAX)));
        }
        return CompletableFuture.failedFuture(
                new LedgerUnavailable("it is not known what became of " + transaction.id(), cause));
    }

    private CompletableFuture<TransactionOutcome> again(
            SignedTransaction transaction, int number, Duration delay) {
        return CompletableFuture.supplyAsync(() -> number + 1, later.after(delay))
                .thenComposeAsync(next -> attempt(transaction, next), later);
    }

    /// Doubles, with jitter, so that those who lost together do not meet again.
    private Duration backoff(int doublings) {
        var millisMax = 1L << Math.min(doublings, BACKOFF_DOUBLINGS_MAX);
        return Duration.ofMillis(random.nextLong(millisMax + 1));
    }

    /// What is on the ledger already may break a rule by now (its key revoked, its time over), but its answer stays.
    private TransactionOutcome refused(SignedTransaction transaction, ContractViolation violation) {
        return tables.committed(transaction.id())
                .map(first -> committed(transaction, first))
                .orElseGet(
                        () ->
                                new TransactionOutcome.Refused(
                                        transaction.id(),
                                        violation.code().word(),
                                        violation.getMessage()));
    }

    private TransactionOutcome expired(SignedTransaction transaction) {
        return refused(
                transaction,
                new ContractViolation(ViolationCode.EXPIRED, "The not-after has passed."));
    }

    private static TransactionOutcome committed(SignedTransaction transaction, Version place) {
        return new TransactionOutcome.Committed(transaction.id(), place.block(), place.index());
    }
}
