package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.Verification;
import io.xinglin.tlog.WitnessAnswer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/// A witness as the log of another member meets it.
class WitnessControllerTests {
    private LogNode node;
    private ForeignLog log;
    private ForeignLog.History history;
    private MockMvcTester http;

    @BeforeEach
    void meet(@TempDir Path data) {
        node = new LogNode(TestDatabase.empty(), data);
        log = new ForeignLog();
        history = log.history("");
        node.otherLogs.add(log.known());
        http = MockMvcTester.of(new WitnessController(node.witnesses));
    }

    @AfterEach
    void close() {
        log.close();
        node.close();
    }

    @Test
    void the_first_and_the_next_checkpoint_are_cosigned() {
        var first = history.growTo(3);
        var next = history.growTo(300);

        assertCosigned(first, post(history.request(0, first)));
        assertCosigned(next, post(history.request(3, next)));
    }

    private void assertCosigned(SignedNote checkpoint, MvcTestResult answer) {
        assertThat(answer)
                .hasStatusOk()
                .hasHeader("Content-Type", "text/plain;charset=UTF-8")
                .hasHeader("Cache-Control", "no-store");
        var lines = text(answer).lines().map(NoteSignature::parse).toList();
        var key = node.witness(HOSPITAL).verifier();
        assertThat(key.verify(checkpoint.with(lines))).isEqualTo(Verification.valid());
        assertThat(key.time(checkpoint.with(lines)).orElseThrow() * 1000)
                .isCloseTo(System.currentTimeMillis(), Offset.offset(60_000L));
    }

    @Test
    void another_old_size_is_answered_with_the_known_one_as_text() {
        var first = history.growTo(3);
        var next = history.growTo(300);
        post(history.request(0, first));

        var conflict = post(history.request(0, next));

        assertThat(conflict)
                .hasStatus(409)
                .hasHeader("Content-Type", "text/x.tlog.size")
                .bodyText()
                .isEqualTo("3\n");
        assertCosigned(next, post(history.request(3, next)));
        assertThat(post(history.request(0, first))).hasStatus(409).bodyText().isEqualTo("300\n");
    }

    @Test
    void each_refusal_has_the_status_of_the_specification_and_says_why() {
        var first = history.growTo(3);
        var next = history.growTo(300);
        post(history.request(0, first));
        var thief = new ForeignLog(LogNode.newSigner(ForeignLog.MEMBER));
        var stranger = LogNode.newSigner(new MemberId("stranger"));
        var unknown = new Checkpoint(stranger.name(), head(next).size(), head(next).root());

        assertProblem(400, "malformed-checkpoint", post("old 3\n"));
        assertProblem(
                400, "malformed-checkpoint", post(history.request(0, first).toString() + "x"));
        assertProblem(
                400,
                "malformed-checkpoint",
                post(new AddCheckpoint(head(next).size(), List.of(), first)));
        assertProblem(403, "unsigned-checkpoint", post(request(thief.history("").growTo(9))));
        assertProblem(404, "unknown-log", post(request(unknown.sign(stranger))));
        assertProblem(422, "inconsistent-checkpoint", post(from(3, next)));
        assertProblem(413, "body-too-large", post("a".repeat(AddCheckpoint.LENGTH_MAX + 1)));
        thief.close();
    }

    private static AddCheckpoint request(SignedNote note) {
        return from(0, note);
    }

    private static AddCheckpoint from(long old, SignedNote note) {
        return new AddCheckpoint(new TreeSize(old), List.of(), note);
    }

    private static void assertProblem(int status, String slug, MvcTestResult answer) {
        assertThat(answer).hasStatus(status);
        assertThat(answer.getUnresolvedException()).isNull();
        assertThat(answer.getMvcResult().getResolvedException())
                .isInstanceOfSatisfying(
                        WitnessProblem.class,
                        problem ->
                                assertThat(problem.getBody().getType())
                                        .hasToString("/problems/" + slug));
    }

    @Test
    void nobody_witnesses_their_own_log() {
        node.append(HOSPITAL, 10);
        node.signedUpTo(HOSPITAL, 10);
        var own = SignedNote.parse(node.table.latest(HOSPITAL).orElseThrow().note());

        assertThat(node.witnesses.answer(HOSPITAL, request(own)))
                .isEqualTo(new WitnessAnswer.UnknownLog());
        assertThat(node.witnesses.answer(CLINIC, request(own)))
                .isInstanceOf(WitnessAnswer.Cosigned.class);
    }

    @Test
    void requests_at_once_never_make_a_witness_go_back() throws Exception {
        var requests = new ArrayList<Callable<WitnessAnswer>>();
        for (var size = 1; size <= 40; size++) {
            var request = history.request(0, history.growTo(size));
            requests.add(() -> node.witnesses.answer(HOSPITAL, request));
        }
        Collections.shuffle(requests, new Random(7));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(requests);

            var cosigned =
                    answers.stream()
                            .filter(it -> it.resultNow() instanceof WitnessAnswer.Cosigned)
                            .toList();
            assertThat(cosigned).hasSize(1);
        }
    }

    @Test
    void what_was_cosigned_is_kept_and_shown_to_monitors(@TempDir Path data) throws Exception {
        var note = history.growTo(5);
        post(history.request(0, note));
        node = node.restarted(TestDatabase.pool(), data);
        node.otherLogs.add(log.known());
        http = MockMvcTester.of(new WitnessController(node.witnesses));
        var sha256 = MessageDigest.getInstance("SHA-256");
        var hash =
                HexFormat.of()
                        .formatHex(
                                sha256.digest(log.signer.name().getBytes(StandardCharsets.UTF_8)));

        var shown = http.get().uri("/log/city-first-hospital/" + hash + "/checkpoint").exchange();

        assertThat(shown).hasStatusOk();
        var kept = SignedNote.parse(text(shown));
        assertThat(kept.verify(log.signer.verifier())).isEqualTo(Verification.valid());
        assertThat(node.witness(HOSPITAL).verifier().verify(kept)).isEqualTo(Verification.valid());
        assertThat(http.get().uri("/log/apricot-clinic/" + hash + "/checkpoint")).hasStatus(404);
        assertThat(post(history.request(0, note))).hasStatus(409).bodyText().isEqualTo("5\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "NOT A MEMBER", "far-hospital"})
    void there_is_no_witness_of_another_name(String name) {
        var body = history.request(0, history.growTo(1)).toString();

        assertThat(http.post().uri("/log/{org}/add-checkpoint", name).content(body)).hasStatus(404);
    }

    private MvcTestResult post(AddCheckpoint request) {
        return post(request.toString());
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/log/city-first-hospital/add-checkpoint")
                .content(body.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }

    private static Checkpoint head(SignedNote note) {
        return Checkpoint.parse(note.text());
    }

    private static String text(MvcTestResult answer) {
        return new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }
}
