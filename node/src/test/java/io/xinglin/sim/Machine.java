package io.xinglin.sim;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.fsck.Findings;
import io.xinglin.fsck.Report;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerNode;
import io.xinglin.ledger.RemoteLedger;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.log.LogSide;
import io.xinglin.log.WitnessTruth;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.util.unit.DataSize;

/// A machine with its disk, its database and its clock, and the node that runs on it while it runs.
final class Machine {
    private static final Instant BEGINNING = Instant.parse("2026-03-01T08:00:00Z");

    final World world;
    final String name;
    final List<Organisation> organisations = new ArrayList<>();
    final Disk disk = new Disk();
    final MemoryDatabase database = new MemoryDatabase();
    final WitnessTruth witnessTruth;
    final List<Damage> damages = new ArrayList<>();
    Duration clockError = Duration.ZERO;

    /// Whether an old copy was put back, so that the node must not go on.
    boolean isPutBack;

    private Optional<Run> run = Optional.empty();
    private Optional<Life> life = Optional.empty();
    private int writesToCrash;

    Machine(World world, int number) {
        this.world = world;
        this.name = "node" + number + ".example";
        this.witnessTruth = new WitnessTruth(database, world::isHonest, world::isOneHistory);
        database.observe(world.observer(this));
    }

    Optional<Run> run() {
        return run;
    }

    InstantSource clock() {
        return () -> BEGINNING.plusNanos(world.scheduler().now()).plus(clockError);
    }

    /// Lets the machine crash before, in or after one of the next writes.
    void crashSoon() {
        writesToCrash = 1 + world.random().nextInt(40);
    }

    /// Makes the directory of the node.
    void setUp(Edges edges) {
        disk.restore(Map.of("data/node.lock", new byte[0]));
        edges.prepare(disk);
    }

    /// From now on it works as it should.
    void recover() {
        writesToCrash = 0;
        clockError = Duration.ZERO;
    }

    /// Starts the node.
    void start() {
        if (life.isPresent()) {
            return;
        }
        var begun = new Life(name);
        life = Optional.of(begun);
        world.scheduler().after(Duration.ZERO, begun, () -> start(begun));
    }

    private void start(Life begun) {
        try {
            var started = new Run(begun);
            run = Optional.of(started);
            started.begin();
            world.tell(name, "runs");
        } catch (RuntimeException e) {
            world.tell(name, "does not start: " + e);
            begun.end();
            life = Optional.empty();
            world.refused(this, e);
        }
    }

    /// Stops the node as a kill does, or with the whole machine as a power cut does.
    void crash(boolean isPowerCut) {
        writesToCrash = 0;
        life.ifPresent(world.scheduler()::end);
        life = Optional.empty();
        run = Optional.empty();
        database.forgetUncommitted();
        if (isPowerCut) {
            world.faults().count(Fault.POWER_CUT);
            world.faults().count(Fault.NAME_OR_CONTENT_LOST, disk.cutPower(world.random()));
        } else {
            world.faults().count(Fault.CRASH);
        }
        world.tell(name, isPowerCut ? "loses power" : "crashes");
        world.crashed(this);
    }

    private void crashHere(Life life) {
        crash(world.random().nextBoolean());
        life.require();
    }

    private boolean isTimeToCrash() {
        return writesToCrash > 0 && --writesToCrash == 0;
    }

    /// The files as they are, for those who look at them from outside.
    Path files() {
        var sound =
                new DiskFiles.Edge() {
                    @Override
                    public void read() {}

                    @Override
                    public void write(String what, DiskFiles.Write write) throws IOException {
                        write.run();
                    }
                };
        return new DiskFiles(disk, sound).getPath("/data");
    }

    /// What the checks find, with everything that is broken still broken.
    List<String> findings() {
        var report = new Findings();
        checkLedger(report);
        checkLogs(report);
        return report.found();
    }

    /// The check of the ledger, on the machine that has it.
    void checkLedger(Report report) {
        if (world.orderer() == this) {
            var parts = ledgerParts(files(), new Life(name));
            attempt(() -> LedgerNode.check(atRest(), parts, report), report);
        }
    }

    /// The checks of the logs and witnesses.
    void checkLogs(Report report) {
        var ledger = new RemoteLedger(World.LEDGER, world::askAtRest);
        var parts = logParts(ledger, files(), new Life(name));
        attempt(() -> LogSide.check(atRest(), parts, report), report);
    }

    private MemoryDatabase.Session atRest() {
        return database.new Session(MemoryDatabase.Edge.SOUND);
    }

    /// As `fsck` does it.
    private static void attempt(Runnable check, Report report) {
        try {
            check.run();
        } catch (RuntimeException e) {
            report.finding("check", "failed: " + e);
        }
    }

    LedgerNode.Parts ledgerParts(Path data, Life life) {
        return new LedgerNode.Parts(
                World.LEDGER,
                data,
                world.edges().remembered(data),
                Key.of(0),
                FastEd25519.verifier(),
                world.edges()::store,
                (delay, task) -> world.scheduler().after(delay, life, task),
                clock(),
                world.random());
    }

    private LogSide.Parts logParts(Ledger ledger, Path data, Life life) {
        var logs = new TreeMap<MemberId, NoteSigner>();
        var witnesses = new TreeMap<MemberId, Cosigner>();
        for (var organisation : organisations) {
            logs.put(organisation.id(), organisation.listenedTo());
            witnesses.put(organisation.id(), organisation.witness());
        }
        var node =
                new NodeProperties(
                        URI.create("https://" + name),
                        data,
                        World.LEDGER,
                        "",
                        false,
                        false,
                        List.of(),
                        true,
                        List.of(),
                        false,
                        DataSize.ofMegabytes(1));
        return new LogSide.Parts(
                node,
                Map.copyOf(logs),
                Map.copyOf(witnesses),
                ledger,
                this::submit,
                (uri, method) -> world.network().request(this, uri, method),
                new Tasks(life),
                clock(),
                new VirtualTime(),
                world.random(),
                world.edges()::witnessTable);
    }

    private TransactionOutcome submit(MemberId member, Command command) {
        var organisation = organisations.stream().filter(it -> it.id().equals(member)).findFirst();
        return submit(sign(organisation.orElseThrow().key(), command, Duration.ofMinutes(1)));
    }

    SignedTransaction sign(Key key, Command command, Duration lifetime) {
        var nonce = new byte[16];
        world.random().nextBytes(nonce);
        // A founding comes before what it says of versions.
        var version =
                command instanceof MembershipCommand.Found
                        ? 1
                        : ContractVersions.newest().getOrDefault(command.contract(), 1L);
        return SignedTransaction.sign(
                World.LEDGER,
                command,
                version,
                key.id(),
                key.jws(),
                nonce,
                clock().instant().plus(lifetime));
    }

    /// Submits to the machine that orders.
    ///
    /// @throws Network.NoAnswer if it is not known what became of it
    TransactionOutcome submit(SignedTransaction transaction) {
        return world.network().call(this, world.orderer(), it -> it.submit(transaction));
    }

    private final class VirtualTime implements Ticker {
        @Override
        public long nanos() {
            return world.scheduler().now();
        }

        @Override
        public void pause(Duration time) {
            if (world.faults().areOn()) {
                world.scheduler().sleep(time);
            }
        }
    }

    /// One run of the node.
    final class Run {
        private final Life life;
        private final Optional<LedgerNode> ledger;
        private final LogSide logs;
        private boolean isOrdering;

        Run(Life life) {
            this.life = life;
            var session = database.new Session(new DatabaseEdge(life));
            var data = new DiskFiles(disk, new FilesEdge(life)).getPath("/data");
            ledger =
                    world.orderer() == Machine.this
                            ? Optional.of(
                                    LedgerNode.open(session, ledgerParts(data, life), this::wake))
                            : Optional.empty();
            logs =
                    new LogSide(
                            session,
                            logParts(
                                    ledger.map(LedgerNode::ledger)
                                            .orElseGet(
                                                    () ->
                                                            new RemoteLedger(
                                                                    World.LEDGER, this::ask)),
                                    data,
                                    life));
        }

        Life life() {
            return life;
        }

        LogSide logs() {
            return logs;
        }

        private <T> T ask(String what, Function<Ledger, T> question) {
            return world.network()
                    .call(
                            Machine.this,
                            world.orderer(),
                            it -> question.apply(it.ledger.orElseThrow().ledger()));
        }

        void begin() {
            repeat("sequencer", 200, 300, logs::sequence);
            repeat("cosigning", 500, 300, logs::askWitnesses);
            repeat("anchoring", 1_000, 1_000, logs::anchor);
            repeat("monitor", 5_000, 7_000, logs::watch);
        }

        private void repeat(String what, int firstMillis, int delayMillis, Runnable task) {
            world.scheduler()
                    .every(
                            Duration.ofMillis(world.random().nextInt(firstMillis)),
                            Duration.ofMillis(delayMillis),
                            life,
                            () -> {
                                try {
                                    task.run();
                                } catch (RuntimeException e) {
                                    world.tell(name, what + " failed: " + e);
                                }
                            });
        }

        private void wake() {
            if (!isOrdering) {
                isOrdering = true;
                world.scheduler()
                        .after(
                                Duration.ofNanos(world.random().nextInt(3_000_000)),
                                life,
                                this::order);
            }
        }

        private void order() {
            var goesOn = ledger.orElseThrow().order();
            isOrdering = false;
            if (!goesOn) {
                world.fail("ledger: it stops at something wrong");
            } else if (ledger.get().hasWork()) {
                wake();
            }
        }

        /// Orders a transaction and waits for what becomes of it.
        TransactionOutcome submit(SignedTransaction transaction) {
            var wasTold = world.ledgerTruth().isTold(transaction.id());
            var answer = new Scheduler.Answer<Object>();
            var unused =
                    ledger.orElseThrow()
                            .ledger()
                            .submitAsync(SignedTransaction.parse(transaction.jws()))
                            .whenComplete(
                                    (outcome, failure) ->
                                            answer.give(outcome == null ? failure : outcome));
            var said = world.scheduler().await(answer, Duration.ofHours(1)).orElseThrow();
            if (said instanceof TransactionOutcome outcome) {
                world.ledgerTruth().tell(outcome, wasTold);
                return outcome;
            }
            throw new Network.NoAnswer(said.toString());
        }

        /// Answers a request of another node, or of anyone.
        LogSide.Reply serve(String path, Optional<byte[]> body) {
            var organisation = new MemberId(path.substring(0, path.indexOf('/')));
            var truth = world.organisation(organisation).truth();
            var before = truth.shown();
            var reply = logs.serve(path, body);
            if (reply.status() == 200 && path.endsWith("/checkpoint") && !isPutBack) {
                truth.shown(reply.body(), before, world.quorum(organisation));
            }
            if (reply.status() == 200 && body.isPresent()) {
                witnessTruth.cosigned(organisation, body.get());
            }
            return reply;
        }
    }

    private final class DatabaseEdge implements MemoryDatabase.Edge {
        private final Life life;

        DatabaseEdge(Life life) {
            this.life = life;
        }

        @Override
        public void statement(String what) {
            life.require();
            if (world.random().nextInt(4) == 0) {
                world.scheduler().giveWay();
            }
            if (world.faults().comes(Fault.DATABASE_ERROR)) {
                throw new MemoryDatabase.Unreachable(what);
            }
        }

        @Override
        public void commit(Runnable commit) {
            life.require();
            if (isTimeToCrash()) {
                if (world.random().nextBoolean()) {
                    commit.run();
                }
                crashHere(life);
            }
            if (world.faults().comes(Fault.COMMIT_LOST)) {
                throw new MemoryDatabase.Unreachable("the commit failed");
            }
            commit.run();
            if (world.faults().comes(Fault.COMMIT_UNTOLD)) {
                throw new MemoryDatabase.Unreachable("the connection broke during the commit");
            }
            if (world.random().nextInt(4) == 0) {
                world.scheduler().giveWay();
            }
        }

        @Override
        public void blocked(String by) {
            world.scheduler().giveWay();
        }
    }

    private final class FilesEdge implements DiskFiles.Edge {
        private final Life life;

        FilesEdge(Life life) {
            this.life = life;
        }

        @Override
        public void read() {
            life.require();
        }

        @Override
        public void write(String what, DiskFiles.Write write) throws IOException {
            life.require();
            if (isTimeToCrash()) {
                if (world.random().nextBoolean()) {
                    write.run();
                }
                crashHere(life);
            }
            if (world.faults().comes(Fault.DISK_ERROR)) {
                throw new IOException("the disk does not " + what);
            }
            write.run();
        }
    }

    /// Runs tasks of a life as the scheduler sees fit.
    private final class Tasks extends AbstractExecutorService {
        private final Life life;

        Tasks(Life life) {
            this.life = life;
        }

        @Override
        public void execute(Runnable command) {
            world.scheduler().after(Duration.ZERO, life, command);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return life.isOver();
        }

        @Override
        public boolean isTerminated() {
            return life.isOver();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
