package io.xinglin.log;

import com.zaxxer.hikari.HikariDataSource;
import io.xinglin.contracts.MemberId;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.PeerHttp;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The module as a node has it, with keys of its own and a ledger that is a map.
final class LogNode implements LogKeys, Anchorage, Members, AutoCloseable {
    static final MemberId HOSPITAL = new MemberId("city-first-hospital");
    static final MemberId CLINIC = new MemberId("apricot-clinic");

    private static final SecureRandom RANDOM = new SecureRandom();

    final Map<MemberId, NoteSigner> signers;
    final Map<MemberId, Checkpoint> anchored = new HashMap<>();
    final Map<MemberId, NavigableMap<Long, SignedNote>> anchors = new ConcurrentHashMap<>();
    final Map<MemberId, Cosigner> cosigners = new ConcurrentHashMap<>();
    final List<KnownLog> otherLogs = new CopyOnWriteArrayList<>();
    final List<KnownWitness> otherWitnesses = new CopyOnWriteArrayList<>();
    final List<Object> events = new CopyOnWriteArrayList<>();
    private final String quorum;

    /// Whether what is anchored cannot be read.
    boolean unreadable;

    final JdbcTemplate jdbc;
    final TransactionTemplate transaction;
    final LogTable table;
    final LogFiles files;
    final Sequencer sequencer;
    final Anchoring anchoring;
    final LogCheck check;
    final Logs logs;
    final WitnessTable witnessTable;
    final CosignedHeads heads;
    final Evidences evidences;
    final Witnesses witnesses;
    final PeerLogs peers;
    final Cosigning cosigning;
    final Monitor monitor;
    final WitnessCheck witnessCheck;

    /// A node with fresh keys.
    LogNode(DataSource database, Path data) {
        this(database, data, Map.of(HOSPITAL, newSigner(HOSPITAL), CLINIC, newSigner(CLINIC)));
    }

    LogNode(DataSource database, Path data, Map<MemberId, NoteSigner> signers) {
        this(database, data, signers, "0");
    }

    LogNode(DataSource database, Path data, Map<MemberId, NoteSigner> signers, String quorum) {
        this.signers = signers;
        this.quorum = quorum;
        var node = properties(data);
        jdbc = new JdbcTemplate(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        table = new PostgresLogTable(jdbc);
        files = new LogFiles(node);
        var clock = InstantSource.system();
        var client = JdbcClient.create(jdbc);
        var signed = new SignedHeads();
        witnessTable = new PostgresWitnessTable(client);
        heads = new CosignedHeads(table, witnessTable, new Quorum(this, quorum));
        evidences = new Evidences(new PostgresEvidenceTable(client), events::add, clock);
        witnesses = new Witnesses(this, this, witnessTable, evidences, clock, transaction);
        peers = new PeerLogs(new PeerHttp(List.of(), List.of()));
        sequencer =
                new Sequencer(
                        table, this, files, this, signed, clock, Ticker.SYSTEM, transaction, node);
        anchoring = new Anchoring(table, this, this, Ticker.SYSTEM, node);
        cosigning =
                new Cosigning(
                        signed,
                        heads,
                        witnessTable,
                        this,
                        this,
                        files,
                        witnesses,
                        peers,
                        Ticker.SYSTEM,
                        node);
        monitor = new Monitor(this, this, files, heads, witnessTable, peers, evidences, node);
        witnessCheck = new WitnessCheck(witnessTable, table, this, this, evidences);
        check = new LogCheck(table, this, files, this, Ticker.SYSTEM);
        logs = new Logs(table, this, files, sequencer, heads, evidences, clock, RANDOM);
    }

    static HikariDataSource connect(String url) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(8);
        return pool;
    }

    private static NodeProperties properties(Path data) {
        var given = Map.of("xinglin.url", "http://localhost:8080", "xinglin.data", data.toString());
        return new Binder(new MapConfigurationPropertySource(given))
                .bind("xinglin", NodeProperties.class)
                .get();
    }

    static NoteSigner newSigner(MemberId organisation) {
        return NoteSigner.ed25519("localhost:8080/log/" + organisation, newPair());
    }

    private static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// The same node after it was stopped.
    LogNode restarted(DataSource database, Path data) {
        close();
        var again = new LogNode(database, data, signers, quorum);
        again.anchored.putAll(anchored);
        again.anchors.putAll(anchors);
        again.cosigners.putAll(cosigners);
        return again;
    }

    static Opening opening(String statement) {
        var salt = new byte[32];
        RANDOM.nextBytes(salt);
        return Opening.of(salt, statement.getBytes(StandardCharsets.UTF_8));
    }

    EntryId append(MemberId organisation, Opening opening) {
        return transaction.execute(_ -> logs.append(organisation, EntryKind.WRITE, opening));
    }

    List<EntryId> append(MemberId organisation, int count) {
        var openings =
                IntStream.range(0, count)
                        .mapToObj(i -> opening("{\"kind\":\"write\",\"n\":" + i + "}"))
                        .toList();
        return transaction.execute(_ -> logs.append(organisation, EntryKind.WRITE, openings));
    }

    /// Starts the sequencer and waits until a checkpoint covers so many entries.
    void signedUpTo(MemberId organisation, long size) {
        if (!sequencer.isRunning()) {
            sequencer.start();
        }
        await(() -> table.latestSize(organisation) >= size && published(organisation) >= size);
    }

    private long published(MemberId organisation) {
        return store(organisation)
                .checkpoint()
                .map(note -> SignedHead.of(note, Instant.EPOCH).size())
                .orElse(-1L);
    }

    static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited for a minute in vain");
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    TileStore store(MemberId organisation) {
        return files.of(organisation);
    }

    @Override
    public List<MemberId> hosted() {
        return signers.keySet().stream().sorted().toList();
    }

    @Override
    public NoteSigner signer(MemberId organisation) {
        return Optional.ofNullable(signers.get(organisation)).orElseThrow();
    }

    @Override
    public Cosigner witness(MemberId organisation) {
        return cosigners.computeIfAbsent(organisation, LogNode::newCosigner);
    }

    static Cosigner newCosigner(MemberId organisation) {
        return Cosigner.ed25519("localhost:8080/log/" + organisation + "/witness", newPair());
    }

    @Override
    public List<KnownLog> logs() {
        var ours =
                hosted().stream()
                        .map(it -> new KnownLog(it, "http://localhost:1", signer(it).verifier()));
        return Stream.concat(ours, otherLogs.stream()).toList();
    }

    @Override
    public List<KnownWitness> witnesses() {
        var ours =
                hosted().stream()
                        .map(
                                it ->
                                        new KnownWitness(
                                                it, "http://localhost:1", witness(it).verifier()));
        return Stream.concat(ours, otherWitnesses.stream()).toList();
    }

    @Override
    public Optional<SignedNote> anchored(MemberId member, long size) {
        return Optional.ofNullable(anchors.get(member)).map(it -> it.get(size));
    }

    @Override
    public Optional<SignedNote> lastAnchored(MemberId member) {
        return Optional.ofNullable(anchors.get(member))
                .map(NavigableMap::lastEntry)
                .map(Map.Entry::getValue);
    }

    @Override
    public boolean isOpenTo(MemberId organisation) {
        return true;
    }

    @Override
    public Optional<Checkpoint> latest(MemberId organisation) {
        if (unreadable) {
            throw new IllegalArgumentException("not an anchor");
        }
        return Optional.ofNullable(anchored.get(organisation));
    }

    @Override
    public Optional<String> anchor(MemberId organisation, SignedHead head) {
        anchored.put(organisation, head.checkpoint());
        anchors.computeIfAbsent(organisation, _ -> new TreeMap<>())
                .put(head.size(), SignedNote.parse(head.note()));
        return Optional.empty();
    }

    @Override
    public void close() {
        cosigning.stop();
        sequencer.stop();
    }
}
