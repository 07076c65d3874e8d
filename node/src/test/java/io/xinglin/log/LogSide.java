package io.xinglin.log;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Report;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.PeerHttp;
import io.xinglin.platform.Ticker;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.WitnessAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;

/// The logs and witnesses of one node as a node has them, on tables in memory; somebody else gives them their turns.
public final class LogSide {
    private final Parts parts;
    private final Hosted keys;
    private final LogFiles files;
    private final TransactionTemplate transaction;
    private final Sequencer sequencer;
    private final Anchoring anchoring;
    private final Cosigning cosigning;
    private final Monitor monitor;
    private final Witnesses witnesses;
    private final LogController controller;
    private final Logs logs;

    /// What of a node a simulation exchanges, and what belongs to this one.
    ///
    /// @param node names the directory of the files
    /// @param logs the log keys of the organisations of the node
    /// @param witnesses their witness keys
    /// @param ledger the ledger, here or elsewhere
    /// @param submit signs a command for an organisation and submits it
    /// @param wire the network
    /// @param requests runs requests to witnesses
    /// @param witnessTable makes what keeps what was cosigned
    public record Parts(
            NodeProperties node,
            Map<MemberId, NoteSigner> logs,
            Map<MemberId, Cosigner> witnesses,
            Ledger ledger,
            BiFunction<MemberId, Command, TransactionOutcome> submit,
            ClientHttpRequestFactory wire,
            ExecutorService requests,
            InstantSource clock,
            Ticker ticker,
            RandomGenerator random,
            Function<MemoryDatabase.Session, Object> witnessTable) {
        /// Keeps what was cosigned as it should be done.
        public static Object soundWitnessTable(MemoryDatabase.Session session) {
            return new MemoryWitnessTable(session);
        }
    }

    public LogSide(MemoryDatabase.Session session, Parts parts) {
        this.parts = parts;
        var node = parts.node();
        var clock = parts.clock();
        var ticker = parts.ticker();
        keys = new Hosted(new TreeMap<>(parts.logs()), parts.witnesses());
        files = new LogFiles(node);
        transaction = new TransactionTemplate(session.transactions());
        var table = new MemoryLogTable(session);
        var witnessTable = (WitnessTable) parts.witnessTable().apply(session);
        var members = new LedgerMembers(parts.ledger(), ticker);
        var anchorage = new LedgerAnchorage(parts.ledger(), parts.submit());
        var signed = new SignedHeads();
        var heads = new CosignedHeads(table, witnessTable, new Quorum(members, "majority"));
        var evidences = new Evidences(new MemoryEvidenceTable(session), _ -> {}, clock);
        var peers = new PeerLogs(new Wired(parts.wire()));
        witnesses = new Witnesses(members, keys, witnessTable, evidences, clock, transaction);
        sequencer =
                new Sequencer(
                        table, keys, files, anchorage, signed, clock, ticker, transaction, node);
        anchoring = new Anchoring(table, keys, anchorage, ticker, node);
        cosigning =
                new Cosigning(
                        signed,
                        heads,
                        witnessTable,
                        members,
                        keys,
                        files,
                        witnesses,
                        peers,
                        ticker,
                        parts.requests(),
                        node);
        monitor = new Monitor(members, keys, files, heads, witnessTable, peers, evidences, node);
        controller = new LogController(files, heads);
        logs = new Logs(table, keys, files, sequencer, heads, evidences, clock, parts.random());
    }

    /// One turn of the sequencer.
    public void sequence() {
        sequencer.round();
    }

    public void askWitnesses() {
        cosigning.askAll();
    }

    public void anchor() {
        anchoring.anchorAll();
    }

    public void watch() {
        monitor.watchAll();
    }

    /// Adds entries in one transaction; once this returns, they are promised.
    public List<UUID> append(MemberId organisation, int count) {
        var openings = new ArrayList<Opening>();
        for (var i = 0; i < count; i++) {
            var salt = new byte[32];
            parts.random().nextBytes(salt);
            var statement = "{\"kind\":\"write\",\"n\":" + i + "}";
            openings.add(Opening.of(salt, statement.getBytes(StandardCharsets.UTF_8)));
        }
        var ids =
                transaction.execute(
                        _ -> logs.append(organisation, EntryKind.WRITE, List.copyOf(openings)));
        return ids.stream().map(EntryId::value).toList();
    }

    /// What this node answers over the network.
    ///
    /// @param status as in HTTP
    @SuppressWarnings("ArrayRecordComponent") // Looked at, never compared.
    public record Reply(int status, byte[] body) {}

    /// Answers a request, given the path after `/log/`.
    public Reply serve(String path, Optional<byte[]> body) {
        var parts = path.split("/", 2);
        var organisation = new MemberId(parts[0]);
        try {
            if (body.isPresent()) {
                return parts[1].equals("add-checkpoint") && witnesses.has(organisation)
                        ? reply(
                                witnesses.answer(
                                        organisation,
                                        new String(body.get(), StandardCharsets.UTF_8)))
                        : new Reply(404, new byte[0]);
            }
            return reply(
                    parts[1].equals("checkpoint")
                            ? controller.checkpoint(parts[0])
                            : controller.tile(parts[0], parts[1].substring("tile".length())));
        } catch (NotInLog _) {
            return new Reply(404, new byte[0]);
        }
    }

    private static Reply reply(WitnessAnswer answer) {
        var body =
                switch (answer) {
                    case WitnessAnswer.Cosigned cosigned -> cosigned.body();
                    case WitnessAnswer.OtherSize other -> other.body();
                    default -> "";
                };
        return new Reply(answer.status(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply reply(ResponseEntity<byte[]> answer) {
        var body = answer.getBody();
        return new Reply(answer.getStatusCode().value(), body == null ? new byte[0] : body);
    }

    /// The checks of everything stored, over a session and files that do not fail.
    public static void check(MemoryDatabase.Session session, Parts parts, Report report) {
        var keys = new Hosted(new TreeMap<>(parts.logs()), parts.witnesses());
        var table = new MemoryLogTable(session);
        var members = new LedgerMembers(parts.ledger(), parts.ticker());
        var evidences = new Evidences(new MemoryEvidenceTable(session), _ -> {}, parts.clock());
        var files = new LogFiles(parts.node());
        var anchorage = new LedgerAnchorage(parts.ledger(), parts.submit());
        new LogCheck(table, keys, files, anchorage, parts.ticker()).run(report);
        new WitnessCheck(new MemoryWitnessTable(session), table, members, keys, evidences)
                .run(report);
    }

    private record Hosted(TreeMap<MemberId, NoteSigner> logs, Map<MemberId, Cosigner> witnesses)
            implements LogKeys {
        @Override
        public List<MemberId> hosted() {
            return List.copyOf(logs.keySet());
        }

        @Override
        public NoteSigner signer(MemberId organisation) {
            return Optional.ofNullable(logs.get(organisation)).orElseThrow();
        }

        @Override
        public Cosigner witness(MemberId organisation) {
            return Optional.ofNullable(witnesses.get(organisation)).orElseThrow();
        }
    }

    /// HTTP over a network of the simulation's.
    private static final class Wired extends PeerHttp {
        private final ClientHttpRequestFactory wire;

        Wired(ClientHttpRequestFactory wire) {
            super(List.of(), List.of());
            this.wire = wire;
        }

        @Override
        public RestClient client(Duration connect, Duration read) {
            return RestClient.builder()
                    .configureMessageConverters(
                            it -> it.addCustomConverter(new ByteArrayHttpMessageConverter()))
                    .requestFactory(wire)
                    .build();
        }
    }
}
