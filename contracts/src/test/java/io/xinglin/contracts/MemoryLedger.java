package io.xinglin.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// A ledger of one transaction a block, in memory, with a hospital on it. It runs every transaction twice.
final class MemoryLedger implements CommittedState {
    static final String NAME = "test-ledger";
    static final MemberId HOSPITAL = new MemberId("city-first-hospital");
    static final MemberId CLINIC = new MemberId("apricot-clinic");

    final TestKey operator;
    final TestKey hospital;
    final TestKey clinic;
    final TestKey log;

    private final SecureRandom random;
    private final Contracts contracts =
            new Contracts(new JcaSignatureVerifier(Security.getProvider("SunEC")));
    private final SortedMap<String, Versioned> state = new TreeMap<>();
    private Instant time = Instant.parse("2026-03-01T08:00:00Z");
    private long height;

    private MemoryLedger(SecureRandom random) {
        this.random = random;
        this.operator = TestKey.es256(random);
        this.hospital = TestKey.es256(random);
        this.clinic = TestKey.ed25519(random);
        this.log = TestKey.ed25519(random);
    }

    /// A ledger without members.
    static MemoryLedger empty() {
        return new MemoryLedger(new SecureRandom());
    }

    /// A ledger without members, whose keys and nonces come from this source.
    static MemoryLedger empty(SecureRandom random) {
        return new MemoryLedger(random);
    }

    /// A ledger that the hospital and the clinic have joined.
    static MemoryLedger founded() {
        var ledger = empty();
        ledger.submit(ledger.operator, ledger.founding());
        ledger.submit(ledger.hospital, ledger.join(ledger.hospital, HOSPITAL));
        ledger.submit(ledger.clinic, ledger.join(ledger.clinic, CLINIC));
        return ledger;
    }

    MembershipCommand.Found founding() {
        var admitted = new TreeMap<MemberId, KeyId>();
        admitted.put(HOSPITAL, hospital.id());
        admitted.put(CLINIC, clinic.id());
        return new MembershipCommand.Found(operator.jwk(), admitted);
    }

    MembershipCommand.Join join(TestKey key, MemberId id) {
        return join(key, id, vkey("localhost:8080/log/" + id));
    }

    /// With another key for the log than every log here has.
    MembershipCommand.Join join(TestKey key, MemberId id, String vkey) {
        var log = "localhost:8080/log/" + id;
        var member =
                Member.of(
                        id,
                        new MemberName("医院", "Hospital"),
                        List.of(MemberRole.HOSPITAL),
                        "http://localhost:8080/fhir/" + id,
                        new MemberLog(log, "http://" + log, vkey));
        return new MembershipCommand.Join(key.jwk(), member);
    }

    MembershipCommand.Update witness(String key) {
        var log = "localhost:8080/log/" + HOSPITAL;
        var witness = new MemberWitness("http://" + log, log + "/witness+0123abcd+" + key);
        return new MembershipCommand.Update(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(witness));
    }

    KeysCommand.Register register(TestKey key, KeyKind kind) {
        var voucher = new Voucher(NAME, key.id(), HOSPITAL, kind);
        return new KeysCommand.Register(key.jwk(), voucher.sign(hospital.id(), hospital.signer()));
    }

    ConsentCommand.Grant grant(UUID consent) {
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        return new ConsentCommand.Grant(
                consent, HOSPITAL, commitment, time.plus(Duration.ofDays(7)));
    }

    AnchorCommand.Checkpoint checkpoint(long size, byte fill) {
        var bytes = new byte[32];
        Arrays.fill(bytes, fill);
        var root = Base64.getEncoder().encodeToString(bytes);
        var origin = "localhost:8080/log/" + HOSPITAL;
        return new AnchorCommand.Checkpoint(
                origin, size, root, note(origin + "\n" + size + "\n" + root + "\n"));
    }

    /// The note of this text, signed as every log here signs.
    String note(String text) {
        try {
            var origin = text.lines().findFirst().orElseThrow();
            var signature =
                    log.signer().sign(new JWSHeader(JWSAlgorithm.EdDSA), text.getBytes(UTF_8));
            var named = Arrays.copyOf(keyId(origin), 68);
            System.arraycopy(signature.decode(), 0, named, 4, 64);
            return text
                    + "\n\u2014 "
                    + origin
                    + " "
                    + Base64.getEncoder().encodeToString(named)
                    + "\n";
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private String vkey(String origin) {
        return origin
                + "+"
                + HexFormat.of().formatHex(keyId(origin))
                + "+"
                + Base64.getEncoder().encodeToString(typedLogKey());
    }

    /// A key in the form of a signed note, each byte of it the same.
    static String vkey(String name, int algorithm, int fill) {
        var typed = new byte[33];
        Arrays.fill(typed, (byte) fill);
        typed[0] = (byte) algorithm;
        return name + "+0123abcd+" + Base64.getEncoder().encodeToString(typed);
    }

    private byte[] keyId(String origin) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes((origin + "\n").getBytes(UTF_8));
        bytes.writeBytes(typedLogKey());
        return Arrays.copyOf(Sha256.of(bytes.toByteArray()), 4);
    }

    private byte[] typedLogKey() {
        var bytes = new ByteArrayOutputStream();
        bytes.write(1);
        bytes.writeBytes(Base64.getUrlDecoder().decode(((PublicJwk.Ed25519) log.jwk()).x()));
        return bytes.toByteArray();
    }

    /// A new key for ES256.
    TestKey es256() {
        return TestKey.es256(random);
    }

    /// A new key for EdDSA.
    TestKey ed25519() {
        return TestKey.ed25519(random);
    }

    /// A new id.
    UUID id() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return UUID.nameUUIDFromBytes(bytes);
    }

    /// A proposal of the hospital's that all may vote on for a week.
    UUID propose(Change change) {
        var id = id();
        submit(hospital, new GovernanceCommand.Propose(id, change, time.plus(Duration.ofDays(7))));
        return id;
    }

    /// Makes a change by the votes of both.
    void agree(Change change) {
        var id = propose(change);
        submit(hospital, new GovernanceCommand.Vote(id, true));
        submit(clinic, new GovernanceCommand.Vote(id, true));
        submit(clinic, new GovernanceCommand.Decide(id));
    }

    /// A patient of the hospital.
    TestKey patient() {
        var patient = es256();
        submit(patient, register(patient, KeyKind.PATIENT));
        return patient;
    }

    /// For the version of the contract that the ledger runs.
    SignedTransaction sign(TestKey signer, Command command) {
        var stored = get(StateKeys.contractVersion(command.contract())).map(Versioned::value);
        return sign(signer, command, ContractVersions.inForce(stored));
    }

    SignedTransaction sign(TestKey signer, Command command, long version) {
        var nonce = new byte[16];
        random.nextBytes(nonce);
        return SignedTransaction.sign(
                NAME, command, version, signer.id(), signer.signer(), nonce, time.plusSeconds(60));
    }

    SignedTransaction sign(TestKey signer, Command command, String ledger, Instant notAfter) {
        var nonce = new byte[16];
        random.nextBytes(nonce);
        return SignedTransaction.sign(
                ledger, command, signer.id(), signer.signer(), nonce, notAfter);
    }

    ReadWriteSet submit(TestKey signer, Command command) {
        return submit(sign(signer, command));
    }

    /// Commits a transaction in a block of its own, or throws what it violates.
    ReadWriteSet submit(SignedTransaction transaction) {
        var effects = simulate(transaction);
        assertThat(simulate(SignedTransaction.parse(transaction.jws())).toJson())
                .isEqualTo(effects.toJson());
        var version = new Version(height++, 0);
        effects.writes()
                .forEach(
                        (key, value) ->
                                value.ifPresentOrElse(
                                        v -> state.put(key, new Versioned(v, version)),
                                        () -> state.remove(key)));
        return effects;
    }

    ReadWriteSet simulate(SignedTransaction transaction) {
        var simulation = new Simulation(NAME, transaction.id(), time, this);
        contracts.apply(transaction, simulation);
        return simulation.readWriteSet();
    }

    void pass(Duration duration) {
        time = time.plus(duration);
    }

    Instant time() {
        return time;
    }

    void setTime(Instant instant) {
        time = instant;
    }

    ConsentFact consent(UUID id) {
        return get(StateKeys.consent(id)).map(v -> ConsentFact.parse(v.value())).orElseThrow();
    }

    RegisteredKey key(KeyId id) {
        return get(StateKeys.key(id)).map(v -> RegisteredKey.parse(v.value())).orElseThrow();
    }

    @Override
    public Optional<Versioned> get(String key) {
        return Optional.ofNullable(state.get(key));
    }

    @Override
    public SortedMap<String, Versioned> range(String prefix) {
        return state.subMap(prefix, prefix + "\uffff");
    }
}
