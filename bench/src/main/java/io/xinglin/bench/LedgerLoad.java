package io.xinglin.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Voucher;
import io.xinglin.story.Client;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.conscrypt.Conscrypt;
import tools.jackson.databind.JsonNode;

/// Keeps signed consents under way at the nodes of a ledger, over HTTP, and remembers which of them were acknowledged: for whoever
/// breaks something meanwhile.
///
/// It is a member of its own, without a node, that the founder admits by the introduction it writes. A transaction that gets no clear
/// answer is submitted again, the very same one, to one node after the other, until it gets one.
public final class LedgerLoad {
    private static final MemberId MEMBER =
            new MemberId(System.getProperty("load.member", "load-hospital"));
    private static final int PATIENTS = 16;
    private static final int QUESTIONS_AT_ONCE = 16;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SecureRandom random = new SecureRandom();
    private final List<Client> nodes;
    private final ECKey key;
    private final String ledger;
    private final JsonNode versions;
    private final PrintWriter acknowledged;
    private volatile boolean stopping;

    private LedgerLoad(List<Client> nodes, ECKey key, PrintWriter acknowledged)
            throws IOException, InterruptedException {
        this.nodes = nodes;
        this.key = key;
        this.acknowledged = acknowledged;
        var summary = nodes.getFirst().get("/ledger").json();
        this.ledger = summary.get("name").asString();
        this.versions = summary.get("contracts");
    }

    /// Does one of four things, as the member that the property `load.member` names.
    ///
    /// - `introduce DIRECTORY`: makes the key and the introduction;
    /// - `join DIRECTORY NODE…`: joins the ledger and does no more;
    /// - `load DIRECTORY FILE IN_FLIGHT NODE…`: adds a line to the file for each acknowledged transaction, with the time in milliseconds,
    ///   the number of the node and the transaction's id, until the process is told to end and all that is under way has an answer;
    /// - `check FILE NODE…`: asks every node for every transaction in the file.
    ///
    /// It ends with exit code 1 when a transaction was refused, is missing or is not where it is at the other nodes.
    public static void main(String[] args) throws Exception {
        var rest = Arrays.asList(args).subList(1, args.length);
        switch (args[0]) {
            case "introduce" -> introduce(Path.of(rest.get(0)));
            case "join" -> {
                var file = new PrintWriter(Writer.nullWriter());
                new LedgerLoad(
                                clients(rest.subList(1, rest.size())),
                                key(Path.of(rest.getFirst())),
                                file)
                        .join();
            }
            case "load" -> {
                var key = key(Path.of(rest.get(0)));
                var inFlight = Integer.parseInt(rest.get(2));
                try (var file = new PrintWriter(rest.get(1), StandardCharsets.UTF_8)) {
                    new LedgerLoad(clients(rest.subList(3, rest.size())), key, file).run(inFlight);
                }
            }
            case "check" ->
                    check(
                            Files.readAllLines(Path.of(rest.get(0))),
                            clients(rest.subList(1, rest.size())));
            default ->
                    throw new IllegalArgumentException(
                            "introduce, join, load or check: " + args[0]);
        }
        System.exit(0);
    }

    private static List<Client> clients(List<String> nodes) {
        return nodes.stream().map(node -> new Client(URI.create(node), "")).toList();
    }

    private static void introduce(Path directory) throws IOException, JOSEException {
        Files.createDirectories(directory);
        var key = new ECKeyGenerator(Curve.P_256).generate();
        var owner =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(keyFile(directory), owner);
        Files.writeString(
                keyFile(directory), key.toJSONString(), StandardOpenOption.TRUNCATE_EXISTING);
        Files.writeString(
                directory.resolve("introduction.json"),
                "{\"%s\": \"%s\"}%n".formatted(MEMBER, PublicJwk.of(key).keyId()));
    }

    private static ECKey key(Path directory) throws IOException, ParseException {
        return ECKey.parse(Files.readString(keyFile(directory)));
    }

    private static Path keyFile(Path directory) {
        return directory.resolve("key.jwk");
    }

    // ---- load

    private void run(int inFlight) throws Exception {
        join();
        var patients = new ArrayList<ECKey>();
        for (var i = 0; i < PATIENTS; i++) {
            patients.add(patient());
        }
        var ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stopping = true;
                                    awaitUninterruptibly(ended);
                                }));
        System.out.println("loading");
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < inFlight; i++) {
                var home = i % nodes.size();
                var patient = patients.get(i % patients.size());
                clients.execute(() -> keepGranting(patient, home));
            }
        } finally {
            acknowledged.flush();
            ended.countDown();
        }
    }

    private void join() throws JOSEException, IOException, InterruptedException {
        for (var member : nodes.getFirst().get("/ledger/members").json()) {
            if (member.get("id").asString().equals(MEMBER.value())) {
                return;
            }
        }
        var vkey = new byte[33];
        vkey[0] = 1;
        var log = "localhost/log/" + MEMBER;
        var member =
                Member.of(
                        MEMBER,
                        new MemberName("测试医院", "Load Hospital"),
                        List.of(MemberRole.HOSPITAL),
                        "http://localhost/fhir/" + MEMBER,
                        new MemberLog(
                                log,
                                "http://" + log,
                                log + "+00000000+" + Base64.getEncoder().encodeToString(vkey)));
        submit(signed(key, new MembershipCommand.Join(PublicJwk.of(key), member)), 0);
    }

    private ECKey patient() throws JOSEException, InterruptedException {
        var patient = new ECKeyGenerator(Curve.P_256).generate();
        var voucher =
                new Voucher(ledger, PublicJwk.of(patient).keyId(), MEMBER, KeyKind.PATIENT)
                        .sign(PublicJwk.of(key).keyId(), new ECDSASigner(key));
        submit(signed(patient, new KeysCommand.Register(PublicJwk.of(patient), voucher)), 0);
        return patient;
    }

    private void keepGranting(ECKey patient, int home) {
        var until = Instant.now().plus(Duration.ofDays(7));
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
        try {
            while (!stopping) {
                var grant = new ConsentCommand.Grant(UUID.randomUUID(), MEMBER, commitment, until);
                var transaction = signed(patient, grant);
                note(transaction, submit(transaction, home));
            }
        } catch (JOSEException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void note(SignedTransaction transaction, int node) {
        acknowledged.println(
                System.currentTimeMillis() + " " + (node + 1) + " " + transaction.id());
        acknowledged.flush();
    }

    /// Submits until it is clear what became of it.
    ///
    /// @param home the node that is asked first
    /// @return the node that acknowledged it
    private int submit(SignedTransaction transaction, int home) throws InterruptedException {
        var body = transaction.jws().getBytes(StandardCharsets.US_ASCII);
        for (var attempt = 0; ; attempt++) {
            var node = (home + attempt) % nodes.size();
            var answer = post(node, body);
            if (answer.status() == 200) {
                return node;
            }
            if (answer.status() / 100 == 4 && answer.status() != 429) {
                // Whatever becomes of the others: this must not be.
                System.out.println("refused: " + transaction + ": " + answer);
                Runtime.getRuntime().halt(1);
            }
            Thread.sleep(PAUSE);
        }
    }

    private Client.Answer post(int node, byte[] body) throws InterruptedException {
        try {
            return nodes.get(node).post("/ledger/transactions", "application/jose", body);
        } catch (IOException e) {
            return new Client.Answer(503, String.valueOf(e.getMessage()));
        }
    }

    private SignedTransaction signed(ECKey signing, Command command) throws JOSEException {
        var signer = new ECDSASigner(signing);
        signer.getJCAContext().setProvider(Conscrypt.newProvider());
        return SignedTransaction.sign(
                ledger,
                command,
                versions.path(command.contract()).asLong(1),
                PublicJwk.of(signing).keyId(),
                signer,
                bytes(16),
                Instant.now().plus(Duration.ofMinutes(30)));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- check

    private static void check(List<String> lines, List<Client> nodes) throws Exception {
        var height = awaitSameEnd(nodes);
        var wrong = new AtomicInteger();
        var limit = new Semaphore(QUESTIONS_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var line : lines) {
                var id = line.split(" ", 3)[2];
                limit.acquire();
                threads.execute(
                        () -> {
                            try {
                                var places = places(id, nodes);
                                if (places.size() != 1 || places.contains("")) {
                                    System.out.println(id + " is at " + places);
                                    wrong.incrementAndGet();
                                }
                            } finally {
                                limit.release();
                            }
                        });
            }
        }
        if (wrong.get() > 0) {
            System.out.println(wrong + " of " + lines.size() + " acknowledged are not everywhere");
            System.exit(1);
        }
        System.out.println("it took %,d acknowledged, height %d".formatted(lines.size(), height));
    }

    /// Where a transaction is at each node; empty where it is not, or does not count.
    private static Set<String> places(String id, List<Client> nodes) {
        var places = new TreeSet<String>();
        for (var node : nodes) {
            var answer = ask(() -> node.get("/ledger/transactions/" + id));
            var json = answer.status() == 200 ? answer.json() : null;
            places.add(
                    json != null && json.get("validity").asString().equals("valid")
                            ? json.get("block").asLong() + "/" + json.get("index").asInt()
                            : "");
        }
        return places;
    }

    private static Client.Answer ask(Callable<Client.Answer> question) {
        try {
            return question.call();
        } catch (Exception e) {
            return new Client.Answer(503, String.valueOf(e.getMessage()));
        }
    }

    /// Waits until all nodes have the same number of blocks and the same hash of the last one.
    private static long awaitSameEnd(List<Client> nodes) throws InterruptedException {
        var deadline = Instant.now().plus(PATIENCE);
        var ends = new ArrayList<String>();
        do {
            ends.clear();
            for (var node : nodes) {
                var answer = ask(() -> node.get("/ledger"));
                ends.add(
                        answer.status() == 200
                                ? answer.json().get("height")
                                        + " "
                                        + answer.json().path("lastBlock").path("hash").asString("")
                                : answer.toString());
            }
            if (new TreeSet<>(ends).size() == 1 && ends.getFirst().length() > 64) {
                return Long.parseLong(ends.getFirst().split(" ", 2)[0]);
            }
            Thread.sleep(PAUSE);
        } while (Instant.now().isBefore(deadline));
        System.out.println("the nodes do not agree: " + ends);
        System.exit(1);
        return 0;
    }
}
