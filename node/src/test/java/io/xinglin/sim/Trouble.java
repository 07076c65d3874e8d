package io.xinglin.sim;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Findings;
import io.xinglin.fsck.Report;
import io.xinglin.log.SecondHistory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What happens to the machines of a world besides what happens at each step, and what operators do about it.
final class Trouble {
    private static final List<String> HEAD_FILE = List.of("data", "ledger-head");
    private static final Duration PUT_BACK = Duration.ofSeconds(10);

    private final World world;
    private final RandomGenerator random;
    private final Faults faults;
    private final Optional<Organisation> liar;
    private final List<Damage> inEffect = new ArrayList<>();
    private final Set<Machine> withBadHeadFile = new HashSet<>();
    private Optional<SecondHistory> second = Optional.empty();
    private Optional<PutBack> putBack = Optional.empty();
    private boolean hasRefused;

    Trouble(World world) {
        this.world = world;
        this.random = world.random();
        this.faults = world.faults();
        this.liar =
                random.nextInt(4) == 0
                        ? Optional.of(world.pick(world.organisations()))
                        : Optional.empty();
    }

    private record PutBack(Machine machine, Map<String, NavigableMap<?, ?>> good, int signatures) {}

    /// The organisation whose log shows two histories, if there is one.
    Optional<Organisation> liar() {
        return liar;
    }

    Optional<SecondHistory> secondHistory() {
        return second;
    }

    /// Plans trouble for so long.
    void begin(Duration time) {
        times(7, time, () -> world.pick(world.machines()).crashSoon());
        times(3, time, () -> crash(world.pick(world.machines())));
        times(3, time, () -> cutOff(world.pick(world.machines())));
        times(4, time, () -> turnClock(world.pick(world.machines())));
        times(3, time, () -> damageFile(world.pick(world.machines())));
        times(2, time, () -> damageHeadFile(world.orderer()));
        times(2, time, () -> putFilesBack(world.pick(world.machines())));
        if (liar.isEmpty()) {
            times(2, time, () -> putDatabaseBack(world.pick(world.machines())));
        } else {
            at(time, () -> lie(liar.get()));
        }
    }

    private void times(int max, Duration time, Runnable what) {
        for (var i = 0; i < random.nextInt(max + 1); i++) {
            at(time, what);
        }
    }

    private void at(Duration time, Runnable what) {
        after(Duration.ofNanos(random.nextLong(time.toNanos())), what);
    }

    private void after(Duration delay, Runnable what) {
        world.scheduler()
                .after(
                        delay,
                        world.life(),
                        () -> {
                            if (faults.areOn()) {
                                what.run();
                            }
                        });
    }

    private void crash(Machine machine) {
        if (machine.run().isPresent() && !machine.isPutBack) {
            machine.crash(random.nextBoolean());
        }
    }

    private void cutOff(Machine machine) {
        faults.count(Fault.PARTITION);
        world.tell(machine.name, "is cut off");
        world.network().cutOff(machine, true);
        after(
                Duration.ofMillis(random.nextInt(10_000)),
                () -> world.network().cutOff(machine, false));
    }

    private void turnClock(Machine machine) {
        faults.count(Fault.CLOCK_JUMP);
        var secondsMax = random.nextInt(3) == 0 ? 7_200 : 100;
        machine.clockError = Duration.ofSeconds(random.nextInt(-secondsMax, secondsMax));
        world.tell(machine.name, "has a clock that is wrong by " + machine.clockError);
    }

    private void damageFile(Machine machine) {
        var files =
                machine.disk.files().stream()
                        .filter(it -> it.size() > 3 && !it.getLast().startsWith("."))
                        .toList();
        if (files.isEmpty()) {
            return;
        }
        var path = world.pick(files);
        var good = read(machine, path);
        if (good.length == 0) {
            return;
        }
        faults.count(Fault.FILE_DAMAGED);
        var bad = good.clone();
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        machine.disk.spoil(path, bad);
        world.tell(machine.name, "has a bad " + String.join("/", path));
        var place = "log " + path.get(2) + " " + String.join("/", path.subList(3, path.size()));
        machine.damages.add(
                new Damage(
                        machine + ": " + place,
                        List.of(place + ":"),
                        () -> {
                            if (!Arrays.equals(read(machine, path), bad)) {
                                return;
                            }
                            if (!isCovered(path)) {
                                machine.disk.spoil(path, good);
                                return;
                            }
                            inEffect.add(
                                    new Damage(
                                            machine + ": " + place,
                                            List.of(place + ":"),
                                            () -> machine.disk.wipe(path.subList(0, 3))));
                        }));
    }

    /// Whether a checkpoint covers it: what a run that failed has left is written again, or is part of no tree that was signed. The
    /// check may say that it is bad, but need not.
    private boolean isCovered(List<String> path) {
        var organisation = world.organisation(new MemberId(path.get(2)));
        return organisation.truth().covers(String.join("/", path.subList(3, path.size())));
    }

    private static byte[] read(Machine machine, List<String> path) {
        return machine.disk.copy().getOrDefault(String.join("/", path), new byte[0]);
    }

    private void damageHeadFile(Machine machine) {
        var good = read(machine, HEAD_FILE);
        if (good.length > 0 && !machine.isPutBack) {
            faults.count(Fault.HEAD_FILE_DAMAGED);
            var bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(7));
            machine.disk.spoil(HEAD_FILE, bad);
            withBadHeadFile.add(machine);
            world.tell(machine.name, "has a bad ledger-head");
            crash(machine);
        }
    }

    /// Files of some time ago; the database is as it was.
    private void putFilesBack(Machine machine) {
        var old = machine.disk.copy();
        after(
                Duration.ofMillis(random.nextInt(10_000)),
                () -> {
                    if (machine.run().isPresent() && !machine.isPutBack) {
                        faults.count(Fault.FILES_PUT_BACK);
                        machine.crash(false);
                        machine.disk.restore(old);
                        world.tell(machine.name, "gets old files");
                    }
                });
    }

    /// A database of some time ago; the files are as they were. The node must notice, and an operator puts it right.
    private void putDatabaseBack(Machine machine) {
        var old = machine.database.copy();
        var height = world.ledgerTruth().height();
        var sizes = machine.organisations.stream().map(it -> it.truth().kept()).toList();
        after(
                Duration.ofMillis(random.nextInt(5_000, 15_000)),
                () -> {
                    if (machine.run().isEmpty()
                            || putBack.isPresent()
                            || !isNoticeable(machine, height, sizes)) {
                        return;
                    }
                    faults.count(Fault.DATABASE_PUT_BACK);
                    machine.isPutBack = true;
                    machine.crash(false);
                    putBack =
                            Optional.of(
                                    new PutBack(
                                            machine, machine.database.copy(), signatures(machine)));
                    hasRefused = false;
                    machine.database.restore(old);
                    machine.witnessTruth.forget();
                    world.tell(machine.name, "gets an old database");
                    machine.start();
                    after(PUT_BACK, this::endPutBack);
                });
    }

    /// Each log shows more than the old database has, and the head file names a block that it has not.
    private boolean isNoticeable(Machine machine, int height, List<Long> sizes) {
        for (var i = 0; i < sizes.size(); i++) {
            var organisation = machine.organisations.get(i);
            if (organisation.truth().published(machine.files().resolve("log/" + organisation.id()))
                    <= sizes.get(i)) {
                return false;
            }
        }
        return machine != world.orderer() || remembered(machine) >= height;
    }

    private static long remembered(Machine machine) {
        var text = new String(read(machine, HEAD_FILE), StandardCharsets.US_ASCII);
        var lines = text.lines().toList();
        return lines.size() == 2
                        && lines.getFirst().matches("[0-9]{1,9}")
                        && lines.getLast().matches("[0-9a-f]{64}")
                ? Long.parseLong(lines.getFirst())
                : -1;
    }

    private static int signatures(Machine machine) {
        return machine.organisations.stream().mapToInt(it -> it.truth().signatures()).sum();
    }

    private void endPutBack() {
        putBack.ifPresent(
                it -> {
                    var machine = it.machine();
                    World.require(
                            machine != world.orderer() || hasRefused || machine.run().isEmpty(),
                            "ledger: the node goes on with an old database");
                    World.require(
                            signatures(machine) == it.signatures(),
                            "a log of " + machine + " signs on with an old database");
                    machine.crash(false);
                    machine.database.restore(it.good());
                    machine.witnessTruth.forget();
                    machine.isPutBack = false;
                    world.tell(machine.name, "gets its database back");
                    putBack = Optional.empty();
                });
    }

    /// Shows some witnesses a second history.
    private void lie(Organisation organisation) {
        var size = organisation.truth().kept();
        if (size == 0 || organisation.machine().run().isEmpty()) {
            return;
        }
        faults.count(Fault.SPLIT_VIEW);
        var lie =
                new SecondHistory(
                        organisation.id(),
                        organisation.machine().database,
                        organisation.log(),
                        random.nextLong(size + 1),
                        random.nextInt(1, 20));
        second = Optional.of(lie);
        world.tell(organisation.id().value(), "lies from " + lie.same() + " on");
        for (var victim : world.organisations()) {
            if (!victim.id().equals(organisation.id()) && random.nextInt(3) > 0) {
                after(Duration.ZERO, () -> lie(organisation, lie, victim));
            }
        }
    }

    private void lie(Organisation organisation, SecondHistory lie, Organisation victim) {
        var known = 0L;
        for (var i = 0; i < 4; i++) {
            try {
                var request = lie.request(known);
                var reply =
                        world.network()
                                .call(
                                        organisation.machine(),
                                        victim.machine(),
                                        it ->
                                                it.serve(
                                                        victim.id() + "/add-checkpoint",
                                                        Optional.of(request)));
                world.tell(victim.id().value(), "answers " + reply.status() + " to a lie");
                if (reply.status() != 409) {
                    return;
                }
                known = Long.parseLong(new String(reply.body(), StandardCharsets.UTF_8).strip());
            } catch (Network.NoAnswer _) {
                world.scheduler().sleep(Duration.ofMillis(500));
            }
        }
    }

    /// Whoever was made to cosign a lie must have found out, once what is true was shown as well.
    void requireThatLiesAreKnown() {
        if (second.isEmpty() || liar.isEmpty()) {
            return;
        }
        var lie = second.get();
        var organisation = liar.get();
        var deceived =
                world.organisations().stream()
                        .filter(it -> it.machine() != organisation.machine())
                        .filter(it -> isDeceived(it, organisation, lie))
                        .toList();
        if (deceived.isEmpty() || organisation.truth().size() <= lie.same()) {
            return;
        }
        World.require(
                world.machines().stream()
                        .filter(it -> it != organisation.machine())
                        .anyMatch(it -> !it.witnessTruth.against(organisation.id()).isEmpty()),
                deceived.getFirst().id() + " cosigned a lie, and nobody knows");
    }

    private static boolean isDeceived(Organisation witness, Organisation liar, SecondHistory lie) {
        return witness.machine()
                .witnessTruth
                .held(witness.id(), liar.log().name())
                .filter(it -> it.equals(lie.head()))
                .isPresent();
    }

    /// A node does not start: an operator looks why.
    void refused(Machine machine, RuntimeException why) {
        if (why instanceof MemoryDatabase.Unreachable) {
            world.scheduler().after(Duration.ofSeconds(1), world.life(), machine::start);
        } else if (machine.isPutBack) {
            hasRefused = true;
        } else if (withBadHeadFile.contains(machine)) {
            machine.disk.wipe(HEAD_FILE);
            machine.start();
        } else {
            world.fail(machine + " does not start: " + why);
        }
    }

    /// No more trouble: clocks are right, everything broken is found by the checks and repaired, everybody runs.
    void end() {
        endPutBack();
        for (var machine : world.machines()) {
            machine.recover();
            world.network().cutOff(machine, false);
            machine.start();
        }
        world.scheduler().run(Duration.ofSeconds(8));
        for (var machine : world.machines()) {
            machine.crash(false);
            machine.damages.forEach(it -> it.undo().run());
            if (!inEffect.isEmpty()) {
                requireFound(machine::checkLogs, inEffect);
            }
            inEffect.forEach(it -> it.undo().run());
            inEffect.clear();
            machine.damages.clear();
        }
        world.machines().forEach(Machine::start);
    }

    private static void requireFound(Consumer<Report> check, List<Damage> damages) {
        var report = new Findings();
        check.accept(report);
        for (var damage : damages) {
            World.require(
                    report.found().stream()
                            .anyMatch(it -> damage.places().stream().anyMatch(it::startsWith)),
                    "the check does not find " + damage.what() + ", but " + report.found());
        }
    }

    /// Changes rows of what is done, one after the other; the checks must name each.
    void damageRowsAndCheck() {
        for (var i = 0; i < 2; i++) {
            faults.count(Fault.LEDGER_ROW_DAMAGED);
            check(world.orderer()::checkLedger, world.ledgerTruth().damage(random));
            var organisation = world.pick(world.organisations());
            organisation
                    .truth()
                    .damage(random)
                    .ifPresent(
                            it -> {
                                faults.count(Fault.LOG_ROW_DAMAGED);
                                check(organisation.machine()::checkLogs, it);
                            });
        }
    }

    private static void check(Consumer<Report> check, Damage damage) {
        requireFound(check, List.of(damage));
        damage.undo().run();
    }
}
