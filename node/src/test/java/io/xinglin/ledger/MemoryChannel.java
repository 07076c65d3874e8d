package io.xinglin.ledger;

import io.xinglin.contracts.CommittedState;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Simulation;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.fabric.AgreedBlock;
import io.xinglin.fabric.AgreedBlocks;
import io.xinglin.fabric.AgreedTransaction;
import io.xinglin.fabric.CommitStatus;
import io.xinglin.fabric.Endorsement;
import io.xinglin.fabric.EndorsementRefused;
import io.xinglin.fabric.FabricChannel;
import io.xinglin.fabric.FabricUnavailable;
import io.xinglin.fabric.PeerHashes;
import io.xinglin.fabric.PeerStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// A channel of Hyperledger Fabric as its documents describe it, in memory, with faults to order.
final class MemoryChannel implements FabricChannel {
    static final Instant CERTIFICATE_ENDS = Instant.parse("2026-03-21T08:00:00Z");

    private final String ledger;
    private final InstantSource clock;
    private final Contracts contracts = new Contracts(new Cryptography());
    private final TreeMap<String, Versioned> state = new TreeMap<>();
    private final Map<String, Proposal> endorsed = new HashMap<>();
    private final List<String> held = new ArrayList<>();
    private final List<AgreedBlock> blocks = new ArrayList<>();
    private final List<Stream> streams = new ArrayList<>();
    private int endorsements;

    /// Nobody answers.
    volatile boolean down;

    /// What is handed in is ordered, and nobody says so.
    volatile boolean answersLost;

    /// What is handed in waits, until [#cut].
    volatile boolean holding;

    /// Blocks reach those who follow.
    volatile boolean delivering = true;

    /// How many times somebody asked for endorsement.
    volatile int attempts;

    /// What is handed in gets lost.
    volatile boolean dropping;

    /// When the certificate ended that signed what was endorsed.
    volatile Instant signedUntil = CERTIFICATE_ENDS;

    /// The writes of what is ordered are not those that were endorsed.
    volatile boolean lying;

    /// What the peer answers from, where it is not what was agreed on; empty for what it has lost.
    final Map<String, Optional<String>> altered = new ConcurrentHashMap<>();

    private record Proposal(
            String id, long timeMillis, List<String> jws, List<ReadWriteSet> effects) {}

    MemoryChannel(String ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
        // The first block of a channel is about the channel.
        blocks.add(new AgreedBlock(0, List.of()));
    }

    @Override
    public synchronized Endorsement endorse(List<String> transactions) {
        attempts++;
        requireUp();
        var id = "fabric-" + endorsements++;
        var time = clock.millis();
        var effects = new ArrayList<ReadWriteSet>();
        for (var i = 0; i < transactions.size(); i++) {
            try {
                var signed = SignedTransaction.parse(transactions.get(i));
                var simulation =
                        new Simulation(
                                ledger, signed.id(), Instant.ofEpochMilli(time), committed());
                contracts.apply(signed, simulation);
                effects.add(simulation.readWriteSet());
            } catch (ContractViolation e) {
                throw new EndorsementRefused(i, e.code().word(), String.valueOf(e.getMessage()));
            }
        }
        endorsed.put(id, new Proposal(id, time, transactions, effects));
        return new Endorsement(id, new byte[] {1});
    }

    @Override
    public synchronized void submit(Endorsement endorsement) {
        requireUp();
        if (!dropping && !held.contains(endorsement.id()) && status(endorsement.id()).isEmpty()) {
            held.add(endorsement.id());
            if (!holding) {
                cut();
            }
        }
        if (answersLost) {
            throw new FabricUnavailable("the answer got lost", new IllegalStateException());
        }
    }

    /// Makes a block of what waits.
    synchronized void cut() {
        var number = blocks.size();
        var transactions = new ArrayList<AgreedTransaction>();
        for (var id : held) {
            var proposal = Objects.requireNonNull(endorsed.get(id), id);
            var code = isCurrent(proposal) ? AgreedTransaction.VALID : "MVCC_READ_CONFLICT";
            transactions.add(agreed(proposal, code));
            if (code.equals(AgreedTransaction.VALID)) {
                var version = new Version(number, transactions.size() - 1);
                proposal.effects().forEach(it -> apply(it, version));
            }
        }
        held.clear();
        blocks.add(new AgreedBlock(number, transactions));
        notifyAll();
    }

    /// How many blocks there are.
    synchronized int height() {
        return blocks.size();
    }

    /// Whoever delivers blocks now delivers no more.
    synchronized void hang() {
        streams.forEach(stream -> stream.hanging = true);
    }

    /// How much of what was handed in waits.
    synchronized int held() {
        return held.size();
    }

    /// How many times something was endorsed.
    synchronized int endorsements() {
        return endorsements;
    }

    @Override
    public Instant signedUntil(Endorsement endorsement) {
        return signedUntil;
    }

    @Override
    public synchronized Optional<CommitStatus> status(String id) {
        requireUp();
        for (var block : blocks) {
            for (var transaction : block.transactions()) {
                if (transaction.id().equals(id)) {
                    return Optional.of(new CommitStatus(block.number(), transaction.code()));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized PeerHashes hashes(String peer, List<String> keys) {
        requireUp();
        var hashes =
                keys.stream()
                        .map(
                                key ->
                                        altered.getOrDefault(
                                                key,
                                                Optional.ofNullable(state.get(key))
                                                        .map(Versioned::value)))
                        .map(value -> value.map(MemoryChannel::hash).orElse("-"))
                        .toList();
        return new PeerHashes(blocks.size(), blocks.size(), hashes);
    }

    private static String hash(String value) {
        return BlockHeader.hex(Sha256.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public synchronized AgreedBlocks blocks(long from) {
        var stream = new Stream(Math.toIntExact(from));
        streams.add(stream);
        return stream;
    }

    @Override
    public List<PeerStatus> peers() {
        return List.of(new PeerStatus("memory", !down, Optional.of(CERTIFICATE_ENDS)));
    }

    @Override
    public Instant certificateEnds() {
        return CERTIFICATE_ENDS;
    }

    @Override
    public boolean renew() {
        return false;
    }

    @Override
    public synchronized void close() {
        notifyAll();
    }

    private void requireUp() {
        if (down) {
            throw new FabricUnavailable("nobody answers", new IllegalStateException());
        }
    }

    private CommittedState committed() {
        return new CommittedState() {
            @Override
            public Optional<Versioned> get(String key) {
                return Optional.ofNullable(state.get(key));
            }

            @Override
            public SortedMap<String, Versioned> range(String prefix) {
                return new TreeMap<>(state.subMap(prefix, prefix + Character.MAX_VALUE));
            }
        };
    }

    private boolean isCurrent(Proposal proposal) {
        return proposal.effects().stream()
                .allMatch(
                        it ->
                                it.reads().entrySet().stream()
                                        .allMatch(
                                                read ->
                                                        Optional.ofNullable(
                                                                        state.get(read.getKey()))
                                                                .map(Versioned::version)
                                                                .equals(read.getValue())));
    }

    private void apply(ReadWriteSet effects, Version version) {
        effects.writes()
                .forEach(
                        (key, value) ->
                                value.ifPresentOrElse(
                                        text -> state.put(key, new Versioned(text, version)),
                                        () -> state.remove(key)));
    }

    private AgreedTransaction agreed(Proposal proposal, String code) {
        var reads = new TreeSet<String>();
        var ranges = new TreeSet<String>();
        var writes = new TreeMap<String, Optional<String>>();
        for (var effects : proposal.effects()) {
            reads.addAll(effects.reads().keySet());
            ranges.addAll(effects.ranges().keySet());
            writes.putAll(effects.writes());
        }
        if (lying) {
            writes.put("consent/forged", Optional.of("{}"));
        }
        return new AgreedTransaction(
                proposal.id(), proposal.timeMillis(), code, proposal.jws(), reads, ranges, writes);
    }

    private final class Stream implements AgreedBlocks {
        private int next;
        private boolean closed;
        private boolean hanging;

        Stream(int next) {
            this.next = next;
        }

        @Override
        public AgreedBlock next() {
            synchronized (MemoryChannel.this) {
                while ((next >= blocks.size() || !delivering || hanging) && !closed && !down) {
                    try {
                        MemoryChannel.this.wait(100);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new FabricUnavailable("interrupted", e);
                    }
                }
                if (closed || down) {
                    throw new FabricUnavailable("no more blocks", new IllegalStateException());
                }
                return blocks.get(next++);
            }
        }

        @Override
        public void close() {
            synchronized (MemoryChannel.this) {
                closed = true;
                MemoryChannel.this.notifyAll();
            }
        }
    }
}
