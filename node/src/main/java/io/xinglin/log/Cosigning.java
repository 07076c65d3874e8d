package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.Members.KnownWitness;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.WitnessAnswer;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Has the checkpoints of our logs cosigned by the other members' witnesses. The sequencer never waits for it.
///
/// All witnesses are asked about the same checkpoint, else none would ever have enough cosignatures while a log grows; the newest is
/// taken up a second after the last one, or when the slow have been waited for long enough. There is at most one request for a log
/// to a witness.
@Component
class Cosigning {
    private static final Logger LOG = LoggerFactory.getLogger(Cosigning.class);
    private static final long PACE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long PATIENCE_SECONDS_MAX = 8;
    private static final Duration REST_AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration REST_AFTER_REFUSAL = Duration.ofMinutes(1);

    private final SignedHeads heads;
    private final CosignedHeads cosigned;
    private final WitnessTable table;
    private final Members members;
    private final LogKeys keys;
    private final LogFiles files;
    private final Witnesses here;
    private final PeerLogs elsewhere;
    private final Ticker ticker;
    private final ExecutorService requests;
    private volatile boolean enabled;
    private final Map<MemberId, Target> targets = new ConcurrentHashMap<>();
    private final Map<Pair, Asking> askings = new ConcurrentHashMap<>();

    @Autowired
    Cosigning(
            SignedHeads heads,
            CosignedHeads cosigned,
            WitnessTable table,
            Members members,
            LogKeys keys,
            LogFiles files,
            Witnesses here,
            PeerLogs elsewhere,
            Ticker ticker,
            NodeProperties node) {
        this(
                heads,
                cosigned,
                table,
                members,
                keys,
                files,
                here,
                elsewhere,
                ticker,
                Executors.newVirtualThreadPerTaskExecutor(),
                node);
    }

    /// @param requests what runs a request to a witness; this alone uses it
    Cosigning(
            SignedHeads heads,
            CosignedHeads cosigned,
            WitnessTable table,
            Members members,
            LogKeys keys,
            LogFiles files,
            Witnesses here,
            PeerLogs elsewhere,
            Ticker ticker,
            ExecutorService requests,
            NodeProperties node) {
        this.heads = heads;
        this.cosigned = cosigned;
        this.table = table;
        this.members = members;
        this.keys = keys;
        this.files = files;
        this.here = here;
        this.elsewhere = elsewhere;
        this.ticker = ticker;
        this.requests = requests;
        this.enabled = !node.readOnly();
    }

    /// The checkpoint that the witnesses of a log are asked about now.
    private record Target(SignedHead head, long since) {}

    private record Pair(MemberId log, MemberId witness) {}

    @Scheduled(initialDelay = 500, fixedDelay = 100)
    void askAll() {
        if (!enabled) {
            return;
        }
        for (var log : keys.hosted()) {
            try {
                heads.of(log).filter(head -> head.size() > 0).ifPresent(head -> ask(log, head));
            } catch (RuntimeException e) {
                LOG.warn("log {}: witnesses are not asked now: {}", log, e.toString());
            }
        }
    }

    /// Waits for what is under way, so that nothing is stored behind the back of whoever stops the node.
    @PreDestroy
    void stop() {
        enabled = false;
        requests.shutdown();
        try {
            requests.awaitTermination(PATIENCE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(MemberId log, SignedHead newest) {
        var target = targets.get(log);
        if (target == null || (target.head().size() < newest.size() && isDone(log, target))) {
            target = new Target(newest, ticker.nanos());
            targets.put(log, target);
            cosigned.moveOnTo(log, newest.size());
        }
        for (var witness : members.witnessesOf(log)) {
            asking(log, witness).begin(target.head());
        }
    }

    private boolean isDone(MemberId log, Target target) {
        var age = ticker.nanos() - target.since();
        return age >= PATIENCE_NANOS || (age >= PACE_NANOS && !isAnyUnderWay(log));
    }

    private boolean isAnyUnderWay(MemberId log) {
        return askings.entrySet().stream()
                .filter(it -> it.getKey().log().equals(log))
                .anyMatch(it -> it.getValue().isUnderWay.get());
    }

    private Asking asking(MemberId log, KnownWitness witness) {
        return askings.compute(
                new Pair(log, witness.member()),
                (_, known) ->
                        known != null && known.witness.equals(witness)
                                ? known
                                : new Asking(log, witness));
    }

    /// What is under way between a log and a witness.
    private final class Asking {
        private final MemberId log;
        private final KnownWitness witness;
        private final AtomicBoolean isUnderWay = new AtomicBoolean();
        private volatile long done;
        private volatile TreeSize known;
        private volatile long notBefore = ticker.nanos();

        Asking(MemberId log, KnownWitness witness) {
            this.log = log;
            this.witness = witness;
            this.done = table.cosignedSize(log, witness.member());
            this.known = new TreeSize(done);
        }

        void begin(SignedHead head) {
            if (done < head.size()
                    && ticker.nanos() - notBefore >= 0
                    && isUnderWay.compareAndSet(false, true)) {
                requests.execute(() -> run(head));
            }
        }

        private void run(SignedHead head) {
            try {
                ask(head);
            } catch (RuntimeException e) {
                rest(REST_AFTER_FAILURE, "gave no answer: " + e.getClass().getSimpleName());
            } finally {
                isUnderWay.set(false);
            }
        }

        private void ask(SignedHead head) {
            var answer = send(head);
            if (answer instanceof WitnessAnswer.OtherSize(var size)
                    && size.value() <= head.size()) {
                known = size;
                answer = send(head);
            }
            switch (answer) {
                case WitnessAnswer.Cosigned cosignatures -> keep(head, cosignatures);
                case WitnessAnswer.OtherSize(var size) ->
                        rest(REST_AFTER_REFUSAL, "knows a tree of size " + size);
                case WitnessAnswer.Malformed(var why) -> rest(REST_AFTER_REFUSAL, why);
                case WitnessAnswer.Unsigned(var why) -> rest(REST_AFTER_REFUSAL, why);
                case WitnessAnswer.Inconsistent(var why) -> rest(REST_AFTER_REFUSAL, why);
                case WitnessAnswer.UnknownLog() ->
                        rest(REST_AFTER_REFUSAL, "does not know the log");
            }
        }

        private WitnessAnswer send(SignedHead head) {
            var note = SignedNote.parse(head.note());
            var request = AddCheckpoint.of(known, note, files.of(log));
            return here.has(witness.member())
                    ? here.answer(witness.member(), request)
                    : elsewhere.ask(witness.url(), request);
        }

        private void keep(SignedHead head, WitnessAnswer.Cosigned answer) {
            var note = SignedNote.parse(head.note()).with(answer.cosignatures());
            var lines = witness.key().cosignatures(note);
            if (lines.isEmpty()) {
                rest(REST_AFTER_REFUSAL, "sent no cosignature by its key on the ledger");
                return;
            }
            table.keepCosignature(log, head.size(), witness.member(), lines.getFirst());
            known = head.checkpoint().size();
            done = head.size();
        }

        private void rest(Duration time, String why) {
            LOG.warn("log {}: the witness {} {}", log, witness.member(), why);
            notBefore = ticker.nanos() + time.toNanos();
        }
    }
}
