package io.xinglin.sim;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Voucher;
import io.xinglin.ledger.TransactionOutcome;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Those who use the nodes: people and programs that submit transactions and add entries, and ask again when they get no answer.
final class Clients {
    private static final int TRIES_MAX = 3;
    private static final Duration LIFETIME = Duration.ofMinutes(1);

    private final World world;
    private final RandomGenerator random;
    private final List<Patient> patients = new ArrayList<>();
    private final List<Granted> consents = new ArrayList<>();
    private final List<UUID> proposals = new ArrayList<>();
    private final List<SignedTransaction> submitted = new ArrayList<>();
    private final List<SignedTransaction> unclear = new ArrayList<>();
    private final Map<MemberId, List<UUID>> lastPromised = new HashMap<>();
    private final List<Order> orders = new ArrayList<>();
    private int joined;
    private int keys = 100;
    private int open;

    Clients(World world) {
        this.world = world;
        this.random = world.random();
    }

    private record Patient(Key key, Organisation custodian) {}

    private record Granted(UUID id, Patient patient) {}

    private record Order(Organisation of, List<UUID> earlier, List<UUID> later) {}

    /// Founds the consortium and lets everybody join.
    void found() {
        var operator = Key.of(1);
        var admitted = new TreeMap<MemberId, KeyId>();
        world.organisations().forEach(it -> admitted.put(it.id(), it.key().id()));
        var found = new MembershipCommand.Found(operator.jwk(), admitted, ContractVersions.later());
        commit(world.orderer(), operator, found);
        for (var organisation : world.organisations()) {
            var join = new MembershipCommand.Join(organisation.key().jwk(), organisation.member());
            commit(organisation.machine(), organisation.key(), join);
            joined++;
            register(organisation);
        }
    }

    boolean areFounded() {
        return joined == world.organisations().size() && open == 0;
    }

    private void commit(Machine machine, Key key, Command command) {
        while (true) {
            try {
                if (machine.submit(machine.sign(key, command, LIFETIME))
                        instanceof TransactionOutcome.Committed) {
                    return;
                }
            } catch (Network.NoAnswer _) {
                world.scheduler().sleep(Duration.ofMillis(200));
            }
        }
    }

    /// Keeps busy for so long.
    void begin(Duration time) {
        for (var i = 0; i < random.nextInt(20, 60); i++) {
            at(time, this::act);
        }
        for (var organisation : world.organisations()) {
            for (var i = 0; i < random.nextInt(2, 10); i++) {
                at(time, () -> append(organisation));
            }
        }
    }

    private void at(Duration within, Runnable action) {
        var delay = Duration.ofNanos(random.nextLong(within.toNanos()));
        world.scheduler().after(delay, world.life(), action);
    }

    private void append(Organisation organisation) {
        var machine = organisation.machine();
        var run = machine.run();
        if (run.isEmpty() || machine.isPutBack) {
            return;
        }
        var count = random.nextInt(12) == 0 ? 300 : random.nextInt(1, 20);
        world.scheduler()
                .after(
                        Duration.ZERO,
                        run.get().life(),
                        () -> {
                            var earlier = Optional.ofNullable(lastPromised.get(organisation.id()));
                            try {
                                var ids = run.get().logs().append(organisation.id(), count);
                                organisation.truth().promised(ids);
                                earlier.ifPresent(
                                        it -> orders.add(new Order(organisation, it, ids)));
                                lastPromised.put(organisation.id(), ids);
                                world.tell(
                                        machine.name, count + " entries for " + organisation.id());
                            } catch (RuntimeException e) {
                                world.tell(machine.name, "entries are not promised: " + e);
                            }
                        });
    }

    /// That logs kept the order in which they promised.
    void checkOrder() {
        orders.forEach(it -> it.of().truth().requireEarlier(it.earlier(), it.later()));
    }

    private void act() {
        switch (random.nextInt(12)) {
            case 0 -> register(world.pick(world.organisations()));
            case 1, 2, 3 -> grant();
            case 4, 5 -> withdraw();
            case 6, 7 -> again();
            case 8 -> invalid();
            case 9 -> rename();
            case 10 -> rotateOrRevoke();
            default -> govern();
        }
    }

    private void register(Organisation custodian) {
        var key = Key.of(keys++);
        var voucher = new Voucher(World.LEDGER, key.id(), custodian.id(), KeyKind.PATIENT);
        var command =
                new KeysCommand.Register(
                        key.jwk(), voucher.sign(custodian.key().id(), custodian.key().jws()));
        patients.add(new Patient(key, custodian));
        submit(custodian.machine(), key, command);
    }

    private void grant() {
        var patient = world.pick(patients);
        var consent = new Granted(uuid(), patient);
        var salt = new byte[32];
        random.nextBytes(salt);
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(salt);
        var machine = patient.custodian().machine();
        var notAfter =
                machine.clock().instant().plus(Duration.ofDays(7)).truncatedTo(ChronoUnit.SECONDS);
        consents.add(consent);
        submit(
                machine,
                patient.key(),
                new ConsentCommand.Grant(
                        consent.id(), patient.custodian().id(), commitment, notAfter));
    }

    /// Twice at once, sometimes: one of them must lose.
    private void withdraw() {
        if (consents.isEmpty()) {
            return;
        }
        var consent = world.pick(consents);
        for (var i = 0; i < random.nextInt(1, 4); i++) {
            submit(
                    world.pick(world.machines()),
                    consent.patient().key(),
                    new ConsentCommand.Withdraw(consent.id()));
        }
    }

    private void again() {
        if (!submitted.isEmpty()) {
            submit(world.pick(world.machines()), world.pick(submitted));
        }
    }

    private void invalid() {
        var machine = world.pick(world.machines());
        var patient = world.pick(patients);
        var withdraw = new ConsentCommand.Withdraw(uuid());
        switch (random.nextInt(4)) {
            case 0 -> submit(machine, patient.key(), withdraw);
            case 1 -> submit(machine, Key.of(2), withdraw);
            case 2 ->
                    submit(
                            machine,
                            machine.sign(
                                    patient.key(),
                                    withdraw,
                                    Duration.ofSeconds(random.nextInt(-5, 5))));
            default -> submit(machine, forged(machine.sign(patient.key(), withdraw, LIFETIME)));
        }
    }

    private static SignedTransaction forged(SignedTransaction transaction) {
        var jws = transaction.jws();
        var at = jws.lastIndexOf('.') + 10;
        var other = jws.charAt(at) == 'A' ? 'B' : 'A';
        return SignedTransaction.parse(jws.substring(0, at) + other + jws.substring(at + 1));
    }

    private void rename() {
        var organisation = world.pick(world.organisations());
        for (var i = 0; i < random.nextInt(1, 3); i++) {
            var name = new MemberName("医院", "Hospital " + random.nextInt(100));
            submit(
                    world.pick(world.machines()),
                    organisation.key(),
                    new MembershipCommand.Update(
                            Optional.of(name), Optional.empty(), Optional.empty()));
        }
    }

    private void rotateOrRevoke() {
        var patient = world.pick(patients);
        submit(
                patient.custodian().machine(),
                random.nextBoolean() ? patient.key() : patient.custodian().key(),
                new KeysCommand.Revoke(patient.key().id()));
    }

    private void govern() {
        var organisation = world.pick(world.organisations());
        var machine = organisation.machine();
        if (proposals.isEmpty() || random.nextInt(4) == 0) {
            var id = uuid();
            proposals.add(id);
            var change = new Change.Setting(Parameter.BLOCK_TRANSACTIONS, random.nextInt(1, 5));
            var expires = machine.clock().instant().plus(Duration.ofDays(1));
            submit(
                    machine,
                    organisation.key(),
                    new GovernanceCommand.Propose(
                            id, change, expires.truncatedTo(ChronoUnit.SECONDS)));
            return;
        }
        var proposal = world.pick(proposals);
        for (var voter : world.organisations()) {
            submit(
                    voter.machine(),
                    voter.key(),
                    new GovernanceCommand.Vote(proposal, random.nextInt(4) > 0));
        }
        submit(machine, organisation.key(), new GovernanceCommand.Decide(proposal));
    }

    private UUID uuid() {
        return new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L,
                (random.nextLong() >>> 2) | Long.MIN_VALUE);
    }

    private void submit(Machine machine, Key key, Command command) {
        submit(machine, machine.sign(key, command, LIFETIME));
    }

    private void submit(Machine machine, SignedTransaction transaction) {
        submitted.add(transaction);
        open++;
        world.scheduler()
                .after(
                        Duration.ofNanos(random.nextInt(2_000_000)),
                        world.life(),
                        () -> {
                            if (!isClear(machine, transaction, TRIES_MAX)) {
                                unclear.add(transaction);
                            }
                            open--;
                        });
    }

    /// Asks until there is an answer, so many times at most.
    private boolean isClear(Machine machine, SignedTransaction transaction, int triesMax) {
        for (var i = 0; i < triesMax; i++) {
            try {
                world.tell(machine.name, describe(machine.submit(transaction)));
                return true;
            } catch (Network.NoAnswer e) {
                world.tell(machine.name, transaction + ": " + e.getMessage());
                world.scheduler().sleep(Duration.ofMillis(random.nextInt(3_000)));
            }
        }
        return false;
    }

    private static String describe(TransactionOutcome outcome) {
        return switch (outcome) {
            case TransactionOutcome.Committed(var id, var block, var index) ->
                    id + " is committed at " + block + " " + index;
            case TransactionOutcome.Refused(var id, var code, _) -> id + " is refused: " + code;
        };
    }

    /// Asks again about everything that is not clear.
    void settle() {
        while (!isSettled()) {
            if (unclear.isEmpty()) {
                world.scheduler().sleep(Duration.ofSeconds(1));
            } else if (isClear(world.pick(world.machines()), unclear.getFirst(), 1)) {
                unclear.removeFirst();
            }
        }
    }

    boolean isSettled() {
        return unclear.isEmpty() && open == 0;
    }
}
