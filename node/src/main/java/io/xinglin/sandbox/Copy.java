package io.xinglin.sandbox;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Voucher;
import io.xinglin.fsck.Check;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.SeparateLedger;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.log.SeparateLogs;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.SeparateRecords;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.TileStore;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.util.unit.DataSize;

/// A small consortium made by the real ledger and the real logs: three members, a patient, a dozen blocks, some twenty entries.
///
/// Once it is made nobody writes to it any more, so that whatever changes is the visitor's doing.
final class Copy {
    static final MemberId CITY = new MemberId("city-first-hospital");
    static final MemberId RIVER = new MemberId("river-hospital");
    static final MemberId CLINIC = new MemberId("apricot-clinic");

    private static final String LEDGER = "sandbox";
    private static final URI ADDRESS = URI.create("http://sandbox.invalid");
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Map<MemberId, MemberName> NAMES =
            new TreeMap<>(
                    Map.of(
                            CITY, new MemberName("市第一医院", "City First Hospital"),
                            RIVER, new MemberName("临江医院", "River Hospital"),
                            CLINIC, new MemberName("杏林社区诊所", "Apricot Community Clinic")));

    private final Map<MemberId, Actor> actors = new TreeMap<>();
    private final Map<MemberId, NoteSigner> signers = new TreeMap<>();
    private final InstantSource clock;
    private final SecureRandom random;
    private final SeparateLedger ledger;
    private final SeparateLogs logs;
    private final SeparateRecords records;

    private Copy(DataSource database, Path directory, InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
        for (var member : NAMES.keySet()) {
            actors.put(member, Actor.fresh());
            signers.put(member, logSigner(member));
        }
        var node =
                new NodeProperties(
                        ADDRESS,
                        directory,
                        LEDGER,
                        "",
                        false,
                        false,
                        List.of(),
                        true,
                        List.of(),
                        false,
                        DataSize.ofMegabytes(1));
        this.ledger = SeparateLedger.open(database, node, clock, random);
        this.logs = new SeparateLogs(database, node, signers, ledger.ledger(), this::submit, clock);
        this.records = new SeparateRecords(database, logs, random);
    }

    /// Makes one.
    static Copy make(
            DataSource database, Path directory, InstantSource clock, SecureRandom random) {
        var copy = new Copy(database, directory, clock, random);
        try {
            copy.fill();
        } finally {
            copy.ledger.close();
        }
        return copy;
    }

    /// A member's name.
    static MemberName name(MemberId member) {
        return Objects.requireNonNull(NAMES.get(member));
    }

    static List<MemberId> members() {
        return List.copyOf(NAMES.keySet());
    }

    /// Whether the records open and are what was logged; the very checks that `make fsck` runs on a ledger and on logs; then what each
    /// member can see of the other two.
    List<Check> checks() {
        var checks = new ArrayList<>(List.of(records.check(), ledger.check(), logs.check()));
        for (var member : NAMES.keySet()) {
            checks.add(new Neighbour(member, this));
        }
        return checks;
    }

    Ledger ledger() {
        return ledger.ledger();
    }

    TileStore files(MemberId member) {
        return logs.files(member);
    }

    private void fill() {
        found();
        var patient = Actor.fresh();
        var voucher = new Voucher(LEDGER, patient.id(), CITY, KeyKind.PATIENT);
        var city = actor(CITY);
        submit(
                patient,
                new KeysCommand.Register(patient.key(), voucher.sign(city.id(), city.signer())));
        write(CITY, 1, 7);
        write(RIVER, 1, 4);
        write(CLINIC, 1, 3);
        logs.anchor();
        var treatment = UUID.randomUUID();
        submit(patient, grant(treatment));
        submit(patient, grant(UUID.randomUUID()));
        submit(patient, new ConsentCommand.Withdraw(treatment));
        write(CITY, 8, 4);
        write(RIVER, 5, 2);
        write(CLINIC, 4, 2);
        logs.anchor();
    }

    private void found() {
        var admitted = new TreeMap<MemberId, KeyId>();
        actors.forEach((member, actor) -> admitted.put(member, actor.id()));
        var founder = actor(CITY);
        submit(
                founder,
                new MembershipCommand.Found(founder.key(), admitted, ContractVersions.later()));
        actors.forEach(
                (member, actor) ->
                        submit(actor, new MembershipCommand.Join(actor.key(), member(member))));
    }

    private Member member(MemberId id) {
        var signer = signer(id);
        return Member.of(
                id,
                name(id),
                List.of(id.equals(CLINIC) ? MemberRole.CLINIC : MemberRole.HOSPITAL),
                ADDRESS + "/fhir/" + id,
                new MemberLog(signer.name(), ADDRESS + "/log/" + id, signer.verifier().toString()));
    }

    private ConsentCommand.Grant grant(UUID consent) {
        var commitment = new byte[32];
        random.nextBytes(commitment);
        return new ConsentCommand.Grant(
                consent,
                CITY,
                Base64.getUrlEncoder().withoutPadding().encodeToString(commitment),
                clock.instant().plus(Duration.ofDays(7)));
    }

    private void write(MemberId member, int first, int count) {
        records.write(member, first, count, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private TransactionOutcome submit(MemberId member, Command command) {
        return submit(actor(member), command);
    }

    private TransactionOutcome submit(Actor actor, Command command) {
        var nonce = new byte[16];
        random.nextBytes(nonce);
        var outcome =
                ledger.ledger()
                        .submit(
                                SignedTransaction.sign(
                                        LEDGER,
                                        command,
                                        ledger.ledger().version(command.contract()),
                                        actor.id(),
                                        actor.signer(),
                                        nonce,
                                        clock.instant().plus(LIFETIME)));
        if (outcome instanceof TransactionOutcome.Refused(_, var code, _)) {
            throw new IllegalStateException("the copy's own ledger refused: " + code);
        }
        return outcome;
    }

    private Actor actor(MemberId member) {
        return Objects.requireNonNull(actors.get(member));
    }

    private NoteSigner signer(MemberId member) {
        return Objects.requireNonNull(signers.get(member));
    }

    private static NoteSigner logSigner(MemberId member) {
        try {
            var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return NoteSigner.ed25519("sandbox.invalid/log/" + member, keys);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has Ed25519", e);
        }
    }
}
