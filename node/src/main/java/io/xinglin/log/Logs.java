package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.InclusionProof;
import io.xinglin.tlog.LeafIndex;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.MissingTile;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TlogProof;
import io.xinglin.tlog.Verification;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The transparency logs of the organisations on this node.
@Component
public class Logs {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);
    private static final int BATCH = 1_000;

    private final LogTable table;
    private final LogKeys keys;
    private final LogFiles files;
    private final Sequencer sequencer;
    private final CosignedHeads heads;
    private final Evidences evidences;
    private final InstantSource clock;
    private final RandomGenerator random;

    Logs(
            LogTable table,
            LogKeys keys,
            LogFiles files,
            Sequencer sequencer,
            CosignedHeads heads,
            Evidences evidences,
            InstantSource clock,
            RandomGenerator random) {
        this.table = table;
        this.keys = keys;
        this.files = files;
        this.sequencer = sequencer;
        this.heads = heads;
        this.evidences = evidences;
        this.clock = clock;
        this.random = random;
    }

    /// Adds an entry in the caller's database transaction; once that commits, the entry is never lost.
    @Transactional(propagation = Propagation.MANDATORY)
    public EntryId append(MemberId organisation, EntryKind kind, Opening opening) {
        return append(organisation, kind, List.of(opening)).getFirst();
    }

    /// Adds many entries at once, in this order.
    ///
    /// Each statement is a JSON object whose `kind` is that of the entry in lower case: a receipt says nothing else of it.
    @Transactional(propagation = Propagation.MANDATORY)
    public List<EntryId> append(MemberId organisation, EntryKind kind, List<Opening> openings) {
        var ids = openings.stream().map(_ -> nextId()).toList();
        table.promise(organisation, ids, openings.stream().map(it -> entry(kind, it)).toList());
        promises().orElseGet(Promises::new).add(organisation, ids);
        return ids;
    }

    /// What the transaction at hand has promised, if it has promised anything.
    private Optional<Promises> promises() {
        return Optional.ofNullable((Promises) TransactionSynchronizationManager.getResource(this));
    }

    /// The promises of one transaction, so that it need not ask the database for what it has just told it.
    private final class Promises implements TransactionSynchronization {
        private final Map<EntryId, MemberId> promised = new HashMap<>();

        Promises() {
            TransactionSynchronizationManager.registerSynchronization(this);
            resume();
        }

        void add(MemberId organisation, List<EntryId> ids) {
            ids.forEach(id -> promised.put(id, organisation));
        }

        boolean holds(MemberId organisation, EntryId id) {
            return organisation.equals(promised.get(id));
        }

        @Override
        public final void resume() {
            TransactionSynchronizationManager.bindResource(Logs.this, this);
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(Logs.this);
        }

        @Override
        public void afterCommit() {
            sequencer.ring();
        }

        @Override
        public void afterCompletion(int status) {
            suspend();
        }
    }

    private static Entry entry(EntryKind kind, Opening opening) {
        if (Entry.kindOf(opening) != kind) {
            throw new IllegalArgumentException("the statement is of another kind than its entry");
        }
        return Entry.of(kind, opening);
    }

    /// A UUID of version 7: ids made one after the other lie beside each other in the index.
    private EntryId nextId() {
        var time = clock.millis() << 16 | 0x7000 | random.nextInt(1 << 12);
        return new EntryId(new UUID(time, random.nextLong() >>> 2 | Long.MIN_VALUE));
    }

    /// Whether the entry is durable or about to be in this transaction.
    public boolean holds(MemberId organisation, EntryId entry) {
        return promises().filter(it -> it.holds(organisation, entry)).isPresent()
                || table.entry(organisation, entry).isPresent();
    }

    /// Whether the entry is there and is the commitment to exactly this.
    public boolean holds(MemberId organisation, EntryId entry, EntryKind kind, Opening opening) {
        return table.entry(organisation, entry).filter(Entry.of(kind, opening)::equals).isPresent();
    }

    /// Those of these openings whose entry is missing, or is not the commitment to exactly that.
    public Set<EntryId> broken(
            MemberId organisation, EntryKind kind, Map<EntryId, Opening> openings) {
        var stored = table.entries(organisation, openings.keySet());
        var broken = new HashSet<EntryId>();
        openings.forEach(
                (id, opening) -> {
                    var entry = Optional.ofNullable(stored.get(id));
                    if (entry.filter(Entry.of(kind, opening)::equals).isEmpty()) {
                        broken.add(id);
                    }
                });
        return broken;
    }

    /// Shows the ids of all entries of a kind that have a place, in order, some at a time.
    public void entries(MemberId organisation, EntryKind kind, Consumer<List<EntryId>> some) {
        for (long from = 0; ; from += BATCH) {
            var places = table.identified(organisation, from, from + BATCH);
            if (places.isEmpty()) {
                return;
            }
            some.accept(
                    places.stream()
                            .filter(place -> place.entry().is(kind))
                            .map(LogTable.Identified::id)
                            .toList());
        }
    }

    /// The receipt of an entry, a `.tlog-proof` whose `extra` line carries the opening; empty until the entry is in a signed tree
    /// that enough witnesses cosigned. Their cosignatures are under its checkpoint.
    ///
    /// @throws UnprovableEntry if the files of the log do not prove what was signed
    public Optional<String> receipt(MemberId organisation, EntryId entry, Opening opening) {
        var index = table.indexOf(organisation, entry);
        var head = heads.latest(organisation);
        if (index.isEmpty()
                || head.isEmpty()
                || !index.get().isIn(head.get().checkpoint().size())) {
            return Optional.empty();
        }
        var leaf = table.entry(organisation, entry).map(Entry::leafHash).orElseThrow();
        return Optional.of(prove(organisation, index.get(), leaf, head.get(), opening).toString());
    }

    private TlogProof prove(
            MemberId organisation, LeafIndex index, Hash leaf, SignedHead head, Opening opening) {
        var checkpoint = head.checkpoint();
        var proof = proof(organisation, index, checkpoint);
        if (proof.verify(leaf, checkpoint.root()) instanceof Verification.Invalid(var where)) {
            throw unprovable(
                    organisation,
                    new BrokenLog(organisation, "entry " + index + " cannot be proved: " + where));
        }
        return TlogProof.of(OpeningJson.format(opening), proof, SignedNote.parse(head.note()));
    }

    private InclusionProof proof(MemberId organisation, LeafIndex index, Checkpoint checkpoint) {
        try {
            return InclusionProof.of(index, checkpoint.size(), files.of(organisation));
        } catch (MissingTile | MalformedLogData e) {
            throw unprovable(organisation, e);
        }
    }

    private static UnprovableEntry unprovable(MemberId organisation, RuntimeException why) {
        LOG.error("a receipt of {} cannot be given: {}", organisation, why.getMessage());
        return new UnprovableEntry(organisation, why);
    }

    /// Where the log stands; empty before its first checkpoint and for an organisation without a log on this node.
    public Optional<LogStatus> status(MemberId organisation) {
        return table.latest(organisation).map(head -> status(organisation, head));
    }

    private LogStatus status(MemberId organisation, SignedHead head) {
        return new LogStatus(
                head.checkpoint().origin(),
                keys.signer(organisation).verifier().toString(),
                head.checkpoint().size(),
                head.checkpoint().root(),
                head.signedAt(),
                head.note());
    }

    /// What logs of any member are known to have done wrong, the newest first, at most so many.
    public List<Evidence> evidence(int countMax) {
        return evidences.latest(countMax);
    }
}
