package io.xinglin.ledger;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariDataSource;
import io.xinglin.contracts.AnchorCommand;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.GovernanceCommand;
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
import io.xinglin.fabric.FabricChannel;
import io.xinglin.fsck.Findings;
import io.xinglin.platform.NodeProperties;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// A ledger on a database of its own, with a hospital and its key, and a clock that tests can move.
final class TestLedger implements AutoCloseable {
    static final String NAME = "test-ledger";
    static final MemberId HOSPITAL = new MemberId("city-first-hospital");

    final TestKey hospital = TestKey.fresh();
    final HikariDataSource dataSource = TestDatabase.fresh();
    final JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    final SecureRandom random = new SecureRandom();

    private final Path data;
    private Optional<FabricChannel> channel;
    private Instant now = Instant.parse("2026-03-01T08:00:00Z");
    private Ledger ledger;
    private @Nullable PeerStates states;

    private TestLedger(Path data, Optional<FabricChannel> channel) {
        this.data = data;
        this.channel = channel;
        this.ledger = open();
    }

    /// A ledger without blocks.
    static TestLedger empty(Path data) {
        return new TestLedger(data, Optional.empty());
    }

    /// A node of a consortium.
    static TestLedger on(FabricChannel channel, Path data) {
        return new TestLedger(data, Optional.of(channel));
    }

    /// A ledger that the hospital has joined.
    static TestLedger founded(Path data) {
        var test = empty(data);
        test.found();
        return test;
    }

    /// Founds it and has the hospital join.
    void found() {
        var operator = TestKey.fresh();
        var admitted = new TreeMap<>(Map.of(HOSPITAL, hospital.id()));
        submit(operator, new MembershipCommand.Found(operator.jwk(), admitted));
        submit(hospital, new MembershipCommand.Join(hospital.jwk(), member()));
    }

    static Member member() {
        return member(HOSPITAL, new MemberName("市第一医院", "City First Hospital"));
    }

    static Member member(MemberId id, MemberName name) {
        return Member.of(
                id,
                name,
                List.of(MemberRole.HOSPITAL),
                "http://localhost:8080/fhir/" + id,
                new MemberLog(
                        "localhost:8080/log/" + id,
                        "http://localhost:8080/log/" + id,
                        "localhost:8080/log/" + id + "+0123abcd+AAAA"));
    }

    Ledger ledger() {
        return ledger;
    }

    /// Ends the ledger and opens it again on what is stored.
    Ledger restart() {
        ledger.close();
        ledger = open();
        return ledger;
    }

    /// Ends the ledger and opens it again as if other peers were named, or none.
    void restartOn(Optional<FabricChannel> other) {
        channel = other;
        restart();
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    TransactionOutcome submit(TestKey signer, Command command) {
        return ledger.submit(sign(signer, command));
    }

    SignedTransaction sign(TestKey signer, Command command) {
        return sign(signer, command, 1);
    }

    SignedTransaction sign(TestKey signer, Command command, long version) {
        var nonce = new byte[16];
        random.nextBytes(nonce);
        return SignedTransaction.sign(
                NAME, command, version, signer.id(), signer.signer(), nonce, now.plusSeconds(60));
    }

    /// Adds a block as only whoever holds the ledger's key can, with this transaction sent away.
    void sendAway(SignedTransaction transaction, Validity validity) throws SQLException {
        ledger.close();
        var configuration = new LedgerConfiguration();
        var headFile = new HeadFile(data);
        InstantSource clock = () -> now;
        try (var writer =
                configuration.blockWriter(
                        chain(),
                        configuration.worldState(tables(), chain(), headFile, properties(), clock),
                        configuration.blockSigner(tables(), properties()),
                        headFile,
                        dataSource,
                        clock)) {
            writer.append(
                    now.toEpochMilli(),
                    draft -> draft.addInvalid(transaction, now.toEpochMilli(), validity));
        }
        ledger = open();
    }

    /// Makes a change that all of these vote for.
    void agree(Change change, TestKey... voters) {
        var id = UUID.randomUUID();
        var expires = now.plus(Duration.ofDays(1));
        submit(voters[0], new GovernanceCommand.Propose(id, change, expires));
        for (var voter : voters) {
            submit(voter, new GovernanceCommand.Vote(id, true));
        }
        submit(voters[0], new GovernanceCommand.Decide(id));
    }

    /// A patient of the hospital with a registered key.
    TestKey patient() {
        var patient = TestKey.fresh();
        submit(patient, register(patient, KeyKind.PATIENT));
        return patient;
    }

    KeysCommand.Register register(TestKey key, KeyKind kind) {
        var voucher = new Voucher(NAME, key.id(), HOSPITAL, kind);
        return new KeysCommand.Register(key.jwk(), voucher.sign(hospital.id(), hospital.signer()));
    }

    ConsentCommand.Grant grant(UUID consent) {
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        return new ConsentCommand.Grant(
                consent, HOSPITAL, commitment, now.plus(Duration.ofDays(7)));
    }

    /// An anchor whose note has this many characters more than it needs.
    AnchorCommand.Checkpoint checkpoint(int padding) {
        var origin = member().log().origin();
        var root = Base64.getEncoder().encodeToString(new byte[32]);
        var note = origin + "\n8\n" + root + "\n\n\u2014 " + origin + " AAAA";
        return new AnchorCommand.Checkpoint(origin, 8, root, note + "=".repeat(padding) + "\n");
    }

    @Override
    public void close() {
        ledger.close();
        dataSource.close();
    }

    /// What the check finds, as lines of where and what.
    List<String> findings() {
        return Findings.of(
                new LedgerCheck(
                        ledger,
                        chain(),
                        new HeadFile(data),
                        new Cryptography(),
                        dataSource,
                        new DataSourceTransactionManager(dataSource)));
    }

    Snapshots snapshots() {
        return new Snapshots(
                ledger,
                tables(),
                chain(),
                new LedgerConfiguration().blockSigner(tables(), properties()),
                dataSource,
                new DataSourceTransactionManager(dataSource),
                () -> now);
    }

    LedgerTables tables() {
        return new PostgresLedgerTables(jdbc, NAME);
    }

    Chain chain() {
        var configuration = new LedgerConfiguration();
        var signer = configuration.blockSigner(tables(), properties());
        return configuration.chain(tables(), signer, new Cryptography(), properties());
    }

    private Ledger open() {
        var configuration = new LedgerConfiguration();
        var signer = configuration.blockSigner(tables(), properties());
        var headFile = new HeadFile(data);
        InstantSource clock = () -> now;
        var state = configuration.worldState(tables(), chain(), headFile, properties(), clock);
        var simulator = configuration.simulator(state, new Cryptography(), properties());
        var writer = configuration.blockWriter(chain(), state, signer, headFile, dataSource, clock);
        return configuration.ledger(
                tables(),
                state,
                simulator,
                writer,
                channel.map(
                        it ->
                                new FabricOrdering(
                                        it,
                                        outbox(),
                                        new BlockMirror(state, simulator, writer),
                                        state,
                                        simulator,
                                        states(it, state),
                                        clock)),
                properties(),
                clock,
                random);
    }

    private PeerStates states(FabricChannel of, WorldState state) {
        states = new PeerStates(of, tables(), state);
        return states;
    }

    /// Has every key compared, and the round ended.
    void comparePeers() throws InterruptedException {
        for (var step = 0; step < 3; step++) {
            comparePeersOnce();
        }
    }

    /// A part of what there is.
    void comparePeersOnce() throws InterruptedException {
        for (var peer : channel.orElseThrow().peers()) {
            requireNonNull(states).step(peer);
        }
    }

    Outbox outbox() {
        return new Outbox(
                jdbc, new TransactionTemplate(new DataSourceTransactionManager(dataSource)));
    }

    NodeProperties properties() {
        var properties =
                Map.of(
                        "xinglin.url", "http://localhost:8080",
                        "xinglin.data", data,
                        "xinglin.ledger", NAME);
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("xinglin", NodeProperties.class)
                .get();
    }
}
