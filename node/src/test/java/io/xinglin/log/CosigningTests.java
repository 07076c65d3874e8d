package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static io.xinglin.log.LogNode.await;
import static io.xinglin.log.LogNode.opening;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.xinglin.contracts.MemberId;
import io.xinglin.log.Members.KnownWitness;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TlogProof;
import io.xinglin.tlog.Verification;
import io.xinglin.tlog.WitnessAnswer;
import io.xinglin.tlog.WitnessPolicy;
import io.xinglin.tlog.WitnessRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a log gets its cosignatures, from a witness on this node and from one elsewhere.
class CosigningTests {
    private static final MemberId FAR = new MemberId("far-hospital");

    private LogNode node;
    private FarWitness far;

    @BeforeEach
    void meet(@TempDir Path data) throws IOException {
        var signers =
                Map.of(HOSPITAL, LogNode.newSigner(HOSPITAL), CLINIC, LogNode.newSigner(CLINIC));
        node = new LogNode(TestDatabase.empty(), data, signers, "majority");
        far = new FarWitness(node.signer(HOSPITAL).verifier());
        node.otherWitnesses.add(far.known());
    }

    @AfterEach
    void close() {
        node.close();
        far.server.stop(0);
    }

    @Test
    void the_published_checkpoint_has_a_quorum_of_cosignatures_and_so_has_a_receipt() {
        var opening = opening("{\"kind\":\"write\",\"n\":1}");
        var entry = node.append(HOSPITAL, opening);
        node.signedUpTo(HOSPITAL, 1);
        assertThat(node.logs.receipt(HOSPITAL, entry, opening)).isEmpty();

        askUntilShown(1);

        var shown = SignedNote.parse(node.heads.published(HOSPITAL).orElseThrow().note());
        assertThat(policy().verify(shown)).isEqualTo(Verification.valid());
        var proof = TlogProof.parse(node.logs.receipt(HOSPITAL, entry, opening).orElseThrow());
        assertThat(
                        proof.verify(
                                node.table.entry(HOSPITAL, entry).orElseThrow().leafHash(),
                                node.signer(HOSPITAL).verifier(),
                                policy()))
                .isEqualTo(Verification.valid());
    }

    /// Two of two: the clinic here, the hospital far away; never the log's own organisation.
    private WitnessPolicy policy() {
        return new WitnessPolicy(2, List.of(node.witness(CLINIC).verifier(), far.key.verifier()));
    }

    @Test
    void a_growing_log_shows_newer_and_newer_cosigned_checkpoints() {
        for (var size = 300; size <= 900; size += 300) {
            node.append(HOSPITAL, 300);
            node.signedUpTo(HOSPITAL, size);
            askUntilShown(size);
        }

        assertThat(far.statuses).containsOnly(200);
        assertThat(
                        node.jdbc.queryForObject(
                                "select count(distinct size) from log.cosignature", Long.class))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void what_a_witness_knows_is_learned_from_its_conflict() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        askUntilShown(10);
        node.jdbc.execute("delete from log.cosignature");
        node =
                node.restarted(
                        TestDatabase.pool(), node.store(HOSPITAL).directory().resolve("../.."));
        node.otherWitnesses.add(far.known());
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 20);

        askUntilCosigned(20);

        assertThat(far.statuses).containsExactly(200, 409, 200);
    }

    @Test
    void without_a_quorum_the_last_one_that_had_it_stays_published_and_the_log_goes_on() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        askUntilShown(10);

        for (var misbehaviour : Misbehaviour.values()) {
            far.misbehaviour = Optional.of(misbehaviour);
            node.append(HOSPITAL, 10);
            node.signedUpTo(HOSPITAL, node.table.size(HOSPITAL));
            var asked = far.asked;
            // A witness that failed rests: a new node has not met it.
            node = again();
            await(
                    () -> {
                        node.cosigning.askAll();
                        return far.asked > asked;
                    });
            assertThat(node.heads.published(HOSPITAL).orElseThrow().size()).isEqualTo(10);
        }

        far.misbehaviour = Optional.empty();
        node = again();
        askUntilShown(node.table.size(HOSPITAL));
    }

    private LogNode again() {
        var next =
                node.restarted(
                        TestDatabase.pool(), node.store(HOSPITAL).directory().resolve("../.."));
        next.otherWitnesses.add(far.known());
        next.signedUpTo(HOSPITAL, node.table.size(HOSPITAL));
        return next;
    }

    @Test
    void there_is_one_request_at_a_time_and_the_newest_checkpoint_wins() {
        far.misbehaviour = Optional.of(Misbehaviour.SLOW);
        node.append(HOSPITAL, 1);
        node.signedUpTo(HOSPITAL, 1);
        for (var size = 2; size <= 6; size++) {
            node.append(HOSPITAL, 1);
            node.signedUpTo(HOSPITAL, size);
            node.cosigning.askAll();
        }

        askUntilCosigned(6);

        assertThat(far.atOnceMax).isEqualTo(1);
        assertThat(far.asked).isLessThan(6);
    }

    private void askUntilShown(long size) {
        await(
                () -> {
                    node.cosigning.askAll();
                    return node.heads.latest(HOSPITAL).filter(it -> it.size() >= size).isPresent();
                });
    }

    private void askUntilCosigned(long size) {
        await(
                () -> {
                    node.cosigning.askAll();
                    return node.witnessTable.cosignedSize(HOSPITAL, FAR) >= size;
                });
    }

    /// Ways for a witness to be of no use.
    private enum Misbehaviour {
        ERROR,
        REDIRECT,
        NONSENSE,
        ENDLESS,
        OTHER_KEY,
        OTHER_CHECKPOINT,
        SLOW
    }

    /// A witness on another node, as the specification has it.
    private static final class FarWitness {
        final Cosigner key = LogNode.newCosigner(FAR);
        final List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
        final HttpServer server;
        volatile Optional<Misbehaviour> misbehaviour = Optional.empty();
        volatile int asked;
        volatile int atOnceMax;
        private int atOnce;
        private Optional<Checkpoint> known = Optional.empty();

        private final NoteVerifier log;

        FarWitness(NoteVerifier log) throws IOException {
            this.log = log;
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/far/add-checkpoint", this::answer);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }

        KnownWitness known() {
            var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/far";
            return new KnownWitness(FAR, url, key.verifier());
        }

        private void answer(HttpExchange exchange) throws IOException {
            count(1);
            try (exchange) {
                var body =
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (misbehaviour.isPresent()) {
                    misbehave(exchange, misbehaviour.get(), body);
                } else {
                    send(exchange, decide(AddCheckpoint.parse(body)));
                }
            } finally {
                count(-1);
            }
        }

        private synchronized void count(int change) {
            atOnce += change;
            asked += Math.max(0, change);
            atOnceMax = Math.max(atOnceMax, atOnce);
        }

        private synchronized WitnessAnswer decide(AddCheckpoint request) {
            var origin = request.head().origin();
            var last = known.orElseGet(() -> WitnessRules.nothing(origin));
            return WitnessRules.refusal(request, log, last)
                    .orElseGet(
                            () -> {
                                known = Optional.of(request.head());
                                return cosigned(key, request.checkpoint().text());
                            });
        }

        private static WitnessAnswer cosigned(Cosigner key, String text) {
            return new WitnessAnswer.Cosigned(List.of(key.cosign(text, 1_700_000_000)));
        }

        private void misbehave(HttpExchange exchange, Misbehaviour how, String body)
                throws IOException {
            var text = AddCheckpoint.parse(body).checkpoint().text();
            switch (how) {
                case ERROR -> write(exchange, 500, "");
                case REDIRECT -> {
                    exchange.getResponseHeaders().set("Location", known().url() + "/elsewhere");
                    write(exchange, 302, "");
                }
                case NONSENSE -> write(exchange, 200, "all is well");
                case ENDLESS -> write(exchange, 200, "a".repeat(1_000_000));
                case OTHER_KEY -> send(exchange, cosigned(LogNode.newCosigner(FAR), text));
                case OTHER_CHECKPOINT -> send(exchange, cosigned(key, "x\n1\n" + text));
                case SLOW -> {
                    try {
                        Thread.sleep(700);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    send(exchange, decide(AddCheckpoint.parse(body)));
                }
            }
        }

        private void send(HttpExchange exchange, WitnessAnswer answer) throws IOException {
            statuses.add(answer.status());
            switch (answer) {
                case WitnessAnswer.Cosigned it -> write(exchange, 200, it.body());
                case WitnessAnswer.OtherSize it -> write(exchange, 409, it.body());
                default -> write(exchange, answer.status(), "");
            }
        }

        private static void write(HttpExchange exchange, int status, String body)
                throws IOException {
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
