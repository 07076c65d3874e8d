package io.xinglin.ledger;

import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignatureVerifier;
import io.xinglin.fsck.Report;
import io.xinglin.sim.Key;
import io.xinglin.sim.MemoryDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The embedded ledger as a node has it, on tables in memory; somebody else calls it to order.
public final class LedgerNode {
    private final Ledger ledger;
    private final Line line;

    private LedgerNode(Ledger ledger, Line line) {
        this.ledger = ledger;
        this.line = line;
    }

    /// What of a ledger a simulation exchanges, and what belongs to one node.
    ///
    /// @param name of the ledger
    /// @param data the directory of the node
    /// @param remembered the directory where the last block is looked up at the start
    /// @param key signs blocks
    /// @param signatures checks signatures
    /// @param store makes what writes blocks
    /// @param later runs something after a while
    public record Parts(
            String name,
            Path data,
            Path remembered,
            Key key,
            SignatureVerifier signatures,
            Function<MemoryDatabase.Session, AutoCloseable> store,
            BiConsumer<Duration, Runnable> later,
            InstantSource clock,
            RandomGenerator random) {
        /// Writes blocks as it should be done.
        public static AutoCloseable soundStore(MemoryDatabase.Session session) {
            return new MemoryBlockStore(session);
        }
    }

    /// The ledger as it is stored, for questions.
    public static Ledger look(MemoryDatabase.Session session, Parts parts) {
        var tables = new MemoryLedgerTables(session);
        var chain = chain(tables, parts);
        var state = new WorldState(tables, chain.head().height());
        return new Ledger(
                parts.name(),
                tables,
                state,
                new Nowhere(),
                simulator(parts, state),
                Later.ON_THREADS,
                parts.clock(),
                parts.random());
    }

    /// Opens it as a node does.
    ///
    /// @param wake called when a transaction waits
    /// @throws LedgerCorrupted if the node must not start
    public static LedgerNode open(MemoryDatabase.Session session, Parts parts, Runnable wake) {
        var tables = new MemoryLedgerTables(session);
        var chain = chain(tables, parts);
        var remembered = new HeadFile(parts.remembered());
        var head = LedgerConfiguration.verifiedHead(chain, remembered, tables, parts.clock());
        var state = new WorldState(tables, head.height());
        var store = (BlockStore) parts.store().apply(session);
        var writer =
                new BlockWriter(
                        chain,
                        head,
                        state,
                        store,
                        signer(parts.key()),
                        new HeadFile(parts.data()),
                        parts.clock());
        var line = new Line(writer, wake);
        var ledger =
                new Ledger(
                        parts.name(),
                        tables,
                        state,
                        line,
                        simulator(parts, state),
                        new Deferred(parts.later()),
                        parts.clock(),
                        parts.random());
        return new LedgerNode(ledger, line);
    }

    private static Simulator simulator(Parts parts, WorldState state) {
        return new Simulator(parts.name(), state, new Contracts(parts.signatures()));
    }

    private static Chain chain(LedgerTables tables, Parts parts) {
        return new Chain(parts.name(), tables, parts.key().jwk(), parts.signatures());
    }

    private static BlockSigner signer(Key key) {
        return new BlockSigner() {
            @Override
            public PublicJwk publicKey() {
                return key.jwk();
            }

            @Override
            public byte[] sign(byte[] message) {
                return key.sign(message);
            }
        };
    }

    public Ledger ledger() {
        return ledger;
    }

    /// Whether transactions wait.
    public boolean hasWork() {
        return line.count > 0;
    }

    /// Makes a block of those that wait.
    ///
    /// @return whether the ledger may go on
    public boolean order() {
        return line.order();
    }

    /// The check of everything stored.
    public static void check(MemoryDatabase.Session session, Parts parts, Report report) {
        var tables = new MemoryLedgerTables(session);
        new HeadFile(parts.data())
                .contradiction(tables)
                .ifPresent(why -> report.finding("ledger", why));
        new Replay(
                        parts.name(),
                        tables,
                        chain(tables, parts),
                        parts.signatures(),
                        Runnable::run,
                        report)
                .run();
    }

    /// The line of those that wait, without a thread that empties it.
    private static final class Line implements Ordering {
        private final WaitingLine waiting = new WaitingLine();
        private final BlockWriter writer;
        private final Runnable wake;
        private int count;

        Line(BlockWriter writer, Runnable wake) {
            this.writer = writer;
            this.wake = wake;
        }

        @Override
        public boolean looks() {
            return true;
        }

        @Override
        public boolean isFull() {
            return waiting.isFull();
        }

        @Override
        public boolean order(Pending pending) {
            var waits = waiting.offer(pending);
            if (waits) {
                count++;
                wake.run();
            }
            return waits;
        }

        boolean order() {
            try {
                var batch = waiting.take(writer.limits());
                count -= batch.size();
                return writer.write(batch);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {}
    }

    /// Nothing is ordered.
    static final class Nowhere implements Ordering {
        @Override
        public boolean looks() {
            return true;
        }

        @Override
        public boolean isFull() {
            return true;
        }

        @Override
        public boolean order(Pending pending) {
            return false;
        }

        @Override
        public void close() {}
    }

    private record Deferred(BiConsumer<Duration, Runnable> later) implements Later {
        @Override
        public void execute(Runnable command) {
            later.accept(Duration.ZERO, command);
        }

        @Override
        public Executor after(Duration delay) {
            return command -> later.accept(delay, command);
        }
    }
}
