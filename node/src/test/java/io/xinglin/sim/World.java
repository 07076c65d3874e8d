package io.xinglin.sim;

import io.xinglin.contracts.MemberId;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerNode;
import io.xinglin.ledger.LedgerTruth;
import io.xinglin.log.SecondHistory;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.WitnessPolicy;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Some nodes of one consortium, what they do and what happens to them, all of it decided by a seed.
///
/// The first node has the ledger. Everybody keeps a log and witnesses those of the others. For some time clients are busy and
/// things go wrong; then nothing goes wrong any more, everything broken is found and repaired, and everything promised has to get
/// done.
final class World implements AutoCloseable {
    static final String LEDGER = "simulation";

    private static final Duration FOUNDING = Duration.ofSeconds(5);
    private static final Duration TROUBLE = Duration.ofSeconds(40);
    private static final Duration SLICE = Duration.ofSeconds(5);
    private static final int SLICES_MAX = 60;
    private static final Duration MONITORED = Duration.ofSeconds(16);

    private final RandomGenerator random;
    private final Edges edges;
    private final Scheduler scheduler;
    private final Faults faults;
    private final Story story;
    private final Network network;
    private final Life life = new Life("world");
    private final List<Machine> machines = new ArrayList<>();
    private final List<Organisation> organisations = new ArrayList<>();
    private final LedgerTruth ledgerTruth;
    private final Clients clients;
    private final Trouble trouble;

    World(long seed, Edges edges, Optional<PrintStream> out) {
        this.random = new SplittableRandom(seed);
        this.edges = edges;
        this.scheduler = new Scheduler(random);
        this.faults = new Faults(random);
        this.story = new Story(scheduler::now, out);
        this.network = new Network(this, scheduler, faults, random);
        for (var i = 0; i < random.nextInt(3, 5); i++) {
            machines.add(new Machine(this, i));
        }
        for (var i = 0; i < machines.size() + random.nextInt(2); i++) {
            var machine = machines.get(i % machines.size());
            var organisation = Organisation.of(i, machine);
            machine.organisations.add(organisation);
            organisations.add(organisation);
        }
        this.ledgerTruth =
                new LedgerTruth(orderer().database, orderer().ledgerParts(orderer().files(), life));
        this.clients = new Clients(this);
        this.trouble = new Trouble(this);
    }

    Life life() {
        return life;
    }

    RandomGenerator random() {
        return random;
    }

    Edges edges() {
        return edges;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Faults faults() {
        return faults;
    }

    Network network() {
        return network;
    }

    LedgerTruth ledgerTruth() {
        return ledgerTruth;
    }

    Story story() {
        return story;
    }

    List<Machine> machines() {
        return machines;
    }

    List<Organisation> organisations() {
        return organisations;
    }

    Machine orderer() {
        return machines.getFirst();
    }

    Machine machine(String name) {
        return machines.stream().filter(it -> it.name.equals(name)).findFirst().orElseThrow();
    }

    Organisation organisation(MemberId id) {
        return organisations.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
    }

    /// Who must have cosigned a checkpoint of this organisation's log: more than half of the others.
    WitnessPolicy quorum(MemberId log) {
        var others =
                organisations.stream()
                        .filter(it -> !it.id().equals(log))
                        .map(it -> it.witness().verifier())
                        .toList();
        return new WitnessPolicy(others.size() / 2 + 1, others);
    }

    void tell(String who, String what) {
        story.tell(who, what);
    }

    void fail(String what) {
        scheduler.fail(new Violation(what));
    }

    /// One of several, by lot.
    <T> T pick(List<T> several) {
        return several.get(random.nextInt(several.size()));
    }

    /// Looks at everything that a machine commits.
    Consumer<MemoryDatabase.Transaction> observer(Machine machine) {
        return transaction -> {
            if (machine == orderer()) {
                ledgerTruth.committed(transaction);
            }
            machine.witnessTruth.committed(transaction);
        };
    }

    boolean isHonest(MemberId member) {
        return trouble.liar().filter(it -> it.id().equals(member)).isEmpty();
    }

    boolean isOneHistory(Checkpoint one, Checkpoint other) {
        var log =
                organisations.stream()
                        .filter(it -> it.log().name().equals(one.origin()))
                        .findFirst()
                        .orElseThrow();
        return (log.truth().isHistory(one) && log.truth().isHistory(other))
                || trouble.secondHistory()
                        .filter(it -> isOf(it, one) && isOf(it, other))
                        .isPresent();
    }

    /// Whether a checkpoint is of the second history, or of what both begin with.
    private boolean isOf(SecondHistory second, Checkpoint checkpoint) {
        return checkpoint.equals(second.head()) || checkpoint.size().value() <= second.same();
    }

    /// A machine crashed.
    void crashed(Machine machine) {
        if (machine.damages.isEmpty() && !machine.isPutBack) {
            machine.organisations.forEach(
                    it -> it.truth().checkFiles(machine.files().resolve("log/" + it.id())));
        }
        if (faults.areOn()) {
            scheduler.after(Duration.ofMillis(random.nextInt(8_000)), life, machine::start);
        }
    }

    /// A node does not start.
    void refused(Machine machine, RuntimeException why) {
        trouble.refused(machine, why);
    }

    /// Asks the ledger as it is stored, whoever runs.
    <T> T askAtRest(String what, Function<Ledger, T> question) {
        var parts = orderer().ledgerParts(orderer().files(), life);
        var session = orderer().database.new Session(MemoryDatabase.Edge.SOUND);
        return question.apply(LedgerNode.look(session, parts));
    }

    /// Everything that happens in this world.
    ///
    /// @throws AssertionError with what must never happen and did
    void run() {
        machines.forEach(it -> it.setUp(edges));
        machines.forEach(Machine::start);
        scheduler.after(Duration.ZERO, life, clients::found);
        scheduler.run(FOUNDING);
        require(clients.areFounded(), "the consortium is not founded in time");

        faults.turn(true);
        clients.begin(TROUBLE);
        trouble.begin(TROUBLE);
        scheduler.run(TROUBLE);

        tell("world", "no more trouble");
        faults.turn(false);
        trouble.end();
        settle();
        trouble.requireThatLiesAreKnown();
        checkAll();
        trouble.damageRowsAndCheck();
        tell(
                "world",
                "height " + ledgerTruth.height() + ", " + ledgerTruth.told() + " acknowledged");
    }

    /// Now everything must get done.
    private void settle() {
        scheduler.after(Duration.ZERO, life, clients::settle);
        Optional<String> unfinished = Optional.of("nothing was done");
        for (var slice = 0; slice < SLICES_MAX && unfinished.isPresent(); slice++) {
            scheduler.after(SLICE.minusMillis(500), life, this::visitAll);
            scheduler.run(SLICE);
            unfinished = unfinished();
        }
        require(unfinished.isEmpty(), "for ever " + unfinished.orElse("done"));
        scheduler.run(MONITORED);
    }

    private void visitAll() {
        for (var organisation : organisations) {
            var machine = organisation.machine();
            machine.run()
                    .ifPresent(
                            it ->
                                    scheduler.after(
                                            Duration.ZERO,
                                            it.life(),
                                            () ->
                                                    it.serve(
                                                            organisation.id() + "/checkpoint",
                                                            Optional.empty())));
        }
    }

    private Optional<String> unfinished() {
        if (!clients.isSettled()) {
            return Optional.of("it is not clear what became of a transaction");
        }
        for (var organisation : organisations) {
            if (!isAnchored(organisation)) {
                return Optional.of(organisation.id() + ": the last checkpoint is not anchored");
            }
            var why = organisation.truth().unfinished();
            if (why.isPresent() && isHonest(organisation.id())) {
                return why.map(it -> organisation.id() + ": " + it);
            }
        }
        return Optional.empty();
    }

    private boolean isAnchored(Organisation organisation) {
        var size = organisation.truth().kept();
        var anchor = askAtRest("anchor", it -> it.latestAnchor(organisation.id()));
        return size == 0 || anchor.filter(it -> it.size() == size).isPresent();
    }

    private void checkAll() {
        ledgerTruth.checkAll();
        for (var organisation : organisations) {
            organisation.truth().checkAll();
            require(isAnchored(organisation), organisation.id() + " is not anchored");
        }
        clients.checkOrder();
        for (var machine : machines) {
            requireNoAccusation(machine);
            var findings = machine.findings();
            require(findings.isEmpty(), machine + ": the check finds " + findings);
        }
    }

    private void requireNoAccusation(Machine machine) {
        for (var organisation : organisations) {
            var against = machine.witnessTruth.against(organisation.id());
            require(
                    against.isEmpty() || !isHonest(organisation.id()),
                    machine + " still accuses " + organisation.id());
        }
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Violation(otherwise);
        }
    }

    /// What went wrong, and how often.
    Map<Fault, Integer> counts() {
        return faults.counts();
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
