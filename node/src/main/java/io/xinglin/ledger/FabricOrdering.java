package io.xinglin.ledger;

import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.ViolationCode;
import io.xinglin.fabric.AgreedBlock;
import io.xinglin.fabric.AgreedBlocks;
import io.xinglin.fabric.AgreedTransaction;
import io.xinglin.fabric.Endorsement;
import io.xinglin.fabric.EndorsementRefused;
import io.xinglin.fabric.FabricChannel;
import io.xinglin.fabric.FabricUnavailable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The members order, on a channel of Hyperledger Fabric; this node hands in what waits and copies the blocks.
///
/// What was accepted is in the [Outbox] until a block holds it or the rules refuse it, over any restart. What was endorsed is never
/// endorsed again before it is known that it lost: the same envelope is handed in again, which does no harm.
final class FabricOrdering implements Ordering {
    private static final Logger LOG = LoggerFactory.getLogger(FabricOrdering.class);

    /// How many are under way until a block holds them. Each costs the members much CPU, however many transactions it carries: few at
    /// once make for large ones.
    private static final int SUBMISSIONS_MAX = 4;

    private static final BlockLimits LIMITS = new BlockLimits(4 * Batches.TRANSACTIONS_MAX, 3);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration RESOLVE_AFTER = Duration.ofSeconds(5);
    private static final Duration RESOLVE_EVERY = Duration.ofSeconds(2);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    /// For how long an orderer may keep what it took, and how far its clock may be behind.
    private static final Duration ORDERED_WITHIN = Duration.ofMinutes(10);

    private static final Duration PAUSE_FIRST = Duration.ofMillis(50);

    private final FabricChannel channel;
    private final Outbox outbox;
    private final BlockMirror mirror;
    private final WorldState state;
    private final Simulator simulator;
    private final PeerStates states;
    private final InstantSource clock;

    private final WaitingLine line = new WaitingLine();
    private final Map<TransactionId, List<Pending>> waiting = new ConcurrentHashMap<>();
    private final Semaphore submissions = new Semaphore(SUBMISSIONS_MAX);
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /// Those in the line or on their way to a block, whether anyone waits for them or not.
    private final Set<TransactionId> held = ConcurrentHashMap.newKeySet();

    private final List<Thread> threads = new ArrayList<>();
    private volatile Optional<AgreedBlocks> following = Optional.empty();
    private volatile Optional<String> stopped = Optional.empty();
    private volatile boolean closed;

    FabricOrdering(
            FabricChannel channel,
            Outbox outbox,
            BlockMirror mirror,
            WorldState state,
            Simulator simulator,
            PeerStates states,
            InstantSource clock) {
        this.channel = channel;
        this.outbox = outbox;
        this.mirror = mirror;
        this.state = state;
        this.simulator = simulator;
        this.states = states;
        this.clock = clock;
    }

    void start() {
        run("ledger-mirror", this::follow);
        run("ledger-outbox", this::send);
        run("ledger-resolver", this::resolve);
        run("ledger-peers", states::walk);
    }

    @Override
    public LedgerStatus.Engine engine() {
        return LedgerStatus.Engine.FABRIC;
    }

    @Override
    public Optional<String> stopped() {
        return stopped;
    }

    @Override
    public Optional<LedgerStatus.Channel> channel() {
        var peers =
                channel.peers().stream()
                        .map(
                                it ->
                                        new LedgerStatus.Peer(
                                                it.address(),
                                                it.answers(),
                                                it.certificateEnds(),
                                                states.altered(it.address())))
                        .toList();
        return Optional.of(
                new LedgerStatus.Channel(
                        outbox.size(), outbox.submissions(), channel.certificateEnds(), peers));
    }

    /// Every simulation looks: what comes back from the members costs a hundred times more.
    @Override
    public boolean looks() {
        return false;
    }

    @Override
    public boolean isFull() {
        return line.isFull();
    }

    @Override
    public boolean order(Pending pending) {
        if (closed || stopped.isPresent()) {
            BlockWriter.abandon(
                    List.of(pending), new IllegalStateException("the ledger is closed"));
            return true;
        }
        var id = pending.transaction().id();
        // If the same one is under way, both get its answer.
        waiting.merge(id, List.of(pending), FabricOrdering::both);
        if (!enter(pending)) {
            take(id).forEach(it -> it.verdict().complete(new Verdict.RunAgain()));
            return false;
        }
        pending.verdict()
                .completeOnTimeout(
                        new Verdict.Waiting(new IllegalStateException("no answer in time")),
                        PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS);
        return true;
    }

    @Override
    public boolean waitsSince(Instant time) {
        return outbox.waitsSince(time);
    }

    @Override
    public void close() {
        closed = true;
        following.ifPresent(AgreedBlocks::close);
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        mirror.close();
        abandonAll();
    }

    /// Puts one into the line, unless it is under way already.
    ///
    /// @return whether it is under way now
    private boolean enter(Pending pending) {
        var id = pending.transaction().id();
        if (held.add(id) && !line.offer(pending)) {
            held.remove(id);
            return false;
        }
        return true;
    }

    private static List<Pending> both(List<Pending> some, List<Pending> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    private void abandonAll() {
        var cause = new IllegalStateException("the ledger is closed");
        waiting.keySet()
                .forEach(id -> take(id).forEach(it -> BlockWriter.abandon(List.of(it), cause)));
    }

    // ---- handing in

    private void send() throws InterruptedException {
        while (!closed && stopped.isEmpty()) {
            for (var batch : Batches.independent(line.take(LIMITS))) {
                submissions.acquire();
                Thread.ofVirtual().name("ledger-submission").start(() -> handInOrRelease(batch));
            }
        }
    }

    private void handInOrRelease(List<Pending> batch) {
        var handedIn = false;
        try {
            handedIn = handIn(batch);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("{} transactions could not be handed in", batch.size(), e);
            }
            ids(batch).forEach(id -> answer(id, new Verdict.Unclear(e)));
        } finally {
            if (!handedIn) {
                submissions.release();
            }
        }
    }

    /// @return whether a block will hold what is left of the batch
    private boolean handIn(List<Pending> batch) throws InterruptedException {
        outbox.add(batch);
        var rest = batch;
        var pause = PAUSE_FIRST;
        var said = "";
        while (!closed && !rest.isEmpty()) {
            try {
                var endorsement = channel.endorse(jws(rest));
                outbox.endorsed(endorsement, ids(rest));
                underWay.add(endorsement.id());
                submit(endorsement);
                return true;
            } catch (EndorsementRefused refused) {
                rest = without(rest, refused);
            } catch (FabricUnavailable | DataAccessException | TransactionException e) {
                var why = String.valueOf(e.getMessage());
                if (!why.equals(said)) {
                    LOG.warn("{} transactions wait: {}", rest.size(), why);
                    said = why;
                }
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                pause =
                        pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0
                                ? pause.multipliedBy(2)
                                : PAUSE_MAX;
                rest = withoutExpired(rest);
            }
        }
        return false;
    }

    private void submit(Endorsement endorsement) {
        try {
            channel.submit(endorsement);
        } catch (FabricUnavailable e) {
            LOG.warn("it is not clear what became of {}: {}", endorsement.id(), e.getMessage());
        }
    }

    private List<Pending> without(List<Pending> batch, EndorsementRefused refused) {
        var rest = new ArrayList<>(batch);
        var broken = rest.remove(Math.min(Math.max(refused.index(), 0), rest.size() - 1));
        var id = broken.transaction().id();
        forget(id);
        if (refused.code().equals(ViolationCode.REPLAYED.word())) {
            answerOnceCopied(id);
        } else {
            answer(id, verdict(refused));
        }
        return rest;
    }

    /// The members have it on the ledger already: whoever waits is told by the block that holds it.
    private void answerOnceCopied(TransactionId id) {
        held.remove(id);
        try {
            if (state.versionOfNew(StateKeys.transaction(id)).isPresent()) {
                answer(id, new Verdict.RunAgain());
            }
        } catch (DataAccessException e) {
            answer(id, new Verdict.Unclear(e));
        }
    }

    /// What stays in the outbox is revived, and forgotten then.
    private void forget(TransactionId id) {
        try {
            outbox.forget(List.of(id));
        } catch (DataAccessException e) {
            LOG.warn("{} is not forgotten yet: {}", id, e.getMessage());
        }
    }

    /// What only stands in another's way has lost; what breaks a rule is refused, in the words of the members.
    private static Verdict verdict(EndorsementRefused refused) {
        return ViolationCode.find(refused.code())
                .<Verdict>map(
                        code -> new Verdict.Broken(new ContractViolation(code, refused.why())))
                .orElseGet(Verdict.Lost::new);
    }

    private List<Pending> withoutExpired(List<Pending> batch) {
        var now = clock.instant();
        var rest = new ArrayList<Pending>();
        for (var pending : batch) {
            if (now.isAfter(pending.transaction().notAfter())) {
                var id = pending.transaction().id();
                forget(id);
                answer(
                        id,
                        new Verdict.Broken(
                                new ContractViolation(
                                        ViolationCode.EXPIRED, "The not-after has passed.")));
            } else {
                rest.add(pending);
            }
        }
        return rest;
    }

    private static List<String> jws(List<Pending> batch) {
        return batch.stream().map(it -> it.transaction().jws()).toList();
    }

    private static List<TransactionId> ids(List<Pending> batch) {
        return batch.stream().map(it -> it.transaction().id()).toList();
    }

    // ---- copying

    private void follow() throws InterruptedException {
        while (!closed) {
            try (var blocks = channel.blocks(state.height())) {
                following = Optional.of(blocks);
                while (!closed) {
                    copy(blocks.next());
                }
            } catch (FabricUnavailable e) {
                if (!closed) {
                    LOG.debug("blocks are not delivered: {}", e.getMessage());
                    TimeUnit.MILLISECONDS.sleep(500);
                }
            } catch (LedgerCorrupted e) {
                LOG.error("the ledger stops: {}", e.getMessage());
                stopped = Optional.of(String.valueOf(e.getMessage()));
                abandonAll();
                return;
            }
        }
    }

    private void copy(AgreedBlock block) throws InterruptedException {
        while (!closed && block.number() >= state.height()) {
            try {
                var places = mirror.copy(block);
                block.transactions().forEach(agreed -> conclude(agreed, places));
                return;
            } catch (LedgerCorrupted e) {
                throw e;
            } catch (SQLException | RuntimeException e) {
                LOG.warn("block {} could not be copied: {}", block.number(), e.getMessage());
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    private void conclude(AgreedTransaction agreed, Map<TransactionId, Verdict> places) {
        if (underWay.remove(agreed.id())) {
            submissions.release();
        }
        if (agreed.isValid()) {
            states.used(agreed.reads());
            var ids = new ArrayList<TransactionId>();
            for (var jws : agreed.transactions()) {
                ids.add(SignedTransaction.parse(jws).id());
            }
            note(agreed, () -> outbox.committed(agreed.id(), ids));
            ids.forEach(id -> answer(id, places.getOrDefault(id, new Verdict.RunAgain())));
        } else {
            note(agreed, () -> lost(agreed.id()));
        }
    }

    /// The block is here. Should the note fail, the resolver finds that out.
    private static void note(AgreedTransaction agreed, Runnable note) {
        try {
            note.run();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("what became of {} is noted later: {}", agreed.id(), e.getMessage());
        }
    }

    /// Whoever waits for one of them has it run again; the others are revived.
    private void lost(String submission) {
        outbox.lost(submission)
                .forEach(jws -> answer(SignedTransaction.parse(jws).id(), new Verdict.Lost()));
    }

    // ---- settling what is unclear

    private void resolve() throws InterruptedException {
        while (!closed) {
            var before = state.height();
            TimeUnit.MILLISECONDS.sleep(RESOLVE_EVERY.toMillis());
            renew();
            try {
                outbox.unendorsed().forEach(this::revive);
                outbox.unresolved(RESOLVE_AFTER).forEach(it -> resolve(it, before));
            } catch (DataAccessException e) {
                LOG.debug("what is unclear stays so: {}", e.getMessage());
            }
        }
    }

    /// A certificate that was renewed is used without a restart.
    private void renew() {
        try {
            if (channel.renew()) {
                LOG.info(
                        "this node's certificate is a new one, until {}",
                        channel.certificateEnds());
            }
        } catch (IOException e) {
            LOG.warn("this node's certificate stays the one before: {}", e.getMessage());
        }
    }

    /// One that cannot be settled now keeps no other waiting.
    ///
    /// @param before how many blocks there were here some seconds ago
    private void resolve(Endorsement endorsement, long before) {
        try {
            var status = channel.status(endorsement.id());
            if (status.isEmpty() && isPast(endorsement)) {
                LOG.warn("{} was signed with a certificate that has ended", endorsement.id());
                lost(endorsement.id());
            } else if (status.isEmpty()) {
                channel.submit(endorsement);
            } else if (status.get().block() < state.height()) {
                // The node stopped between the copy of the block and the note that it was there.
                if (status.get().isValid()) {
                    var ids = outbox.transactionsOf(endorsement.id());
                    outbox.committed(endorsement.id(), ids);
                    ids.forEach(id -> answer(id, new Verdict.RunAgain()));
                } else {
                    lost(endorsement.id());
                }
            } else if (state.height() == before) {
                LOG.warn("block {} is not delivered: asking another peer", before);
                following.ifPresent(AgreedBlocks::close);
            }
        } catch (FabricUnavailable | DataAccessException | TransactionException e) {
            LOG.debug("what became of {} stays unclear: {}", endorsement.id(), e.getMessage());
        }
    }

    /// Whether no orderer takes it any more, nor keeps it from before.
    private boolean isPast(Endorsement endorsement) {
        return clock.instant().isAfter(channel.signedUntil(endorsement).plus(ORDERED_WITHIN));
    }

    /// Hands in what is kept and no longer under way: after a restart, or when it lost and nobody here waits for it any longer.
    ///
    /// It may seem to break a rule only because this node is still behind, so it is kept until its time is over.
    private void revive(String jws) {
        var transaction = SignedTransaction.parse(jws);
        if (held.contains(transaction.id())) {
            return;
        }
        try {
            enter(simulator.simulate(transaction, clock.millis(), false));
        } catch (ContractViolation violation) {
            if (violation.code() == ViolationCode.EXPIRED
                    || violation.code() == ViolationCode.REPLAYED) {
                forget(transaction.id());
            }
        }
    }

    // ---- telling

    private void answer(TransactionId id, Verdict verdict) {
        held.remove(id);
        take(id).forEach(pending -> pending.verdict().complete(verdict));
    }

    private List<Pending> take(TransactionId id) {
        return Optional.ofNullable(waiting.remove(id)).orElse(List.of());
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private void run(String name, Task task) {
        threads.add(
                Thread.ofPlatform()
                        .name(name)
                        .start(
                                () -> {
                                    try {
                                        runOn(name, task);
                                    } catch (InterruptedException _) {
                                        LOG.debug("{} stops", name);
                                    }
                                }));
    }

    /// A database that is away for a while must not end a thread.
    private void runOn(String name, Task task) throws InterruptedException {
        while (!closed && stopped.isEmpty()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("{} begins again after a failure", name, e);
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MAX.toMillis());
                }
            }
        }
    }
}
