package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.WitnessAnswer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/// What happens to a log that shows two histories.
class EvidencesTests {
    private LogNode node;
    private ForeignLog log;
    private ForeignLog.History honest;
    private ForeignLog.History forged;

    @BeforeEach
    void meet(@TempDir Path data) {
        node = new LogNode(TestDatabase.empty(), data);
        log = new ForeignLog();
        honest = log.history("");
        forged = log.history("forged ");
        node.otherLogs.add(log.known());
    }

    @AfterEach
    void close() {
        log.close();
        node.close();
    }

    @Test
    void a_witness_that_is_shown_two_trees_of_one_size_keeps_both_as_proof() {
        ask(HOSPITAL, honest.request(0, honest.growTo(300)));

        var answer = ask(HOSPITAL, forged.request(300, forged.growTo(300)));

        assertThat(answer).isInstanceOf(WitnessAnswer.Inconsistent.class);
        var evidence = found();
        assertThat(evidence.judgement()).isEqualTo(Judgement.PROVED);
        assertThat(evidence.foundBy()).isEqualTo("witness city-first-hospital");
        assertThat(evidence.pair().judge(NoteVerifier.of(evidence.vkey())))
                .isEqualTo(Judgement.PROVED);
        assertThat(node.events)
                .containsExactly(new EvidenceFound(evidence.id(), ForeignLog.MEMBER, true));
    }

    @Test
    void a_larger_tree_that_does_not_continue_the_known_one_is_unproved() {
        ask(HOSPITAL, honest.request(0, honest.growTo(200)));
        var note = forged.growTo(300);

        ask(HOSPITAL, forged.request(200, note));

        assertThat(found().judgement()).isEqualTo(Judgement.UNPROVED);
        log.show(forged, note);
        node.monitor.watchAll();
        assertThat(node.logs.evidence(10)).hasSize(1);
    }

    @Test
    void who_sends_a_false_proof_for_an_honest_log_accuses_nobody_for_long() {
        ask(HOSPITAL, honest.request(0, honest.growTo(200)));
        var note = honest.growTo(300);
        var garbage = new AddCheckpoint(new TreeSize(200), List.of(Hash.OF_EMPTY_TREE), note);
        ask(HOSPITAL, garbage);
        assertThat(found().judgement()).isEqualTo(Judgement.UNPROVED);

        log.show(honest, note);
        node.monitor.watchAll();

        assertThat(node.logs.evidence(10)).isEmpty();
    }

    @Test
    void the_same_evidence_is_kept_once_and_of_much_only_a_hundred() {
        ask(HOSPITAL, honest.request(0, honest.growTo(5)));
        var lie = forged.request(5, forged.growTo(5));
        ask(HOSPITAL, lie);
        ask(HOSPITAL, lie);
        assertThat(node.logs.evidence(1000)).hasSize(1);

        for (var i = 0; i < 110; i++) {
            var other = log.history("lie " + i);
            ask(HOSPITAL, other.request(5, other.growTo(5)));
        }

        assertThat(node.logs.evidence(1000)).hasSize(100);
    }

    @Test
    void the_monitor_finds_two_witnesses_that_were_shown_different_trees() {
        var one = honest.growTo(300);
        ask(HOSPITAL, honest.request(0, one));
        ask(CLINIC, forged.request(0, forged.growTo(300)));
        assertThat(node.logs.evidence(10)).isEmpty();

        log.show(honest, one);
        node.monitor.watchAll();

        assertThat(found().judgement()).isEqualTo(Judgement.PROVED);
        assertThat(found().foundBy()).isEqualTo("monitor");
    }

    @Test
    void the_monitor_finds_a_published_tree_that_is_not_the_anchored_one() {
        anchor(300, honest.growTo(300));

        log.show(forged, forged.growTo(300));
        node.monitor.watchAll();

        assertThat(found().judgement()).isEqualTo(Judgement.PROVED);
    }

    @Test
    void the_monitor_finds_a_history_that_does_not_contain_what_was_anchored() {
        anchor(200, honest.growTo(200));

        log.show(forged, forged.growTo(300, 100));
        node.monitor.watchAll();

        assertThat(found().judgement()).isEqualTo(Judgement.UNPROVED);
    }

    @Test
    void an_honest_log_that_grows_is_not_accused() {
        for (var size : List.of(10L, 255L, 256L, 300L, 70_000L)) {
            var note = honest.growTo(size);
            node.monitor.watchAll();
            log.show(honest, note);
            node.monitor.watchAll();
            anchor(size, note);
            ask(size % 2 == 0 ? HOSPITAL : CLINIC, honest.request(heldBy(size), note));
            node.monitor.watchAll();
        }

        assertThat(node.logs.evidence(10)).isEmpty();
    }

    private long heldBy(long size) {
        return node.witnessTable
                .witnessed(size % 2 == 0 ? HOSPITAL : CLINIC, log.signer.name())
                .map(note -> Checkpoint.parse(note.text()).size().value())
                .orElse(0L);
    }

    @Test
    void a_log_that_cannot_be_reached_is_not_accused_of_that() {
        ask(HOSPITAL, honest.request(0, honest.growTo(300)));
        anchor(200, honest.growTo(300));
        log.close();

        node.monitor.watchAll();
        assertThat(node.logs.evidence(10)).isEmpty();

        ask(CLINIC, forged.request(0, forged.growTo(300)));
        node.monitor.watchAll();
        assertThat(found().judgement()).isEqualTo(Judgement.PROVED);
    }

    @Test
    void our_own_logs_are_watched_too() {
        node.append(HOSPITAL, 20);
        node.signedUpTo(HOSPITAL, 20);
        node.monitor.watchAll();
        assertThat(node.logs.evidence(10)).isEmpty();

        var forger = new ForeignLog(node.signer(HOSPITAL));
        var note = forger.history("").growTo(20);
        node.anchors.put(HOSPITAL, new TreeMap<>(Map.of(20L, note)));
        node.monitor.watchAll();
        forger.close();

        assertThat(found().member()).isEqualTo(HOSPITAL);
    }

    @Test
    void the_evidence_is_public_json_that_anyone_can_check() {
        ask(HOSPITAL, honest.request(0, honest.growTo(300)));
        ask(HOSPITAL, forged.request(300, forged.growTo(300)));
        var http = MockMvcTester.of(new EvidenceController(node.evidences));

        var answer = http.get().uri("/log/evidence").exchange();

        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$[0].member", it -> it.assertThat().isEqualTo("far-hospital"))
                .hasPathSatisfying("$[0].verdict", it -> it.assertThat().isEqualTo("proved"))
                .hasPathSatisfying("$[0].first.size", it -> it.assertThat().isEqualTo(300))
                .hasPathSatisfying(
                        "$[0].second.note",
                        it -> it.assertThat().asString().startsWith(log.signer.name() + "\n300\n"));
    }

    private WitnessAnswer ask(MemberId witness, AddCheckpoint request) {
        return node.witnesses.answer(witness, request.toString());
    }

    private void anchor(long size, SignedNote note) {
        node.anchors.computeIfAbsent(ForeignLog.MEMBER, _ -> new TreeMap<>()).put(size, note);
    }

    private Evidence found() {
        assertThat(node.logs.evidence(10)).hasSize(1);
        return node.logs.evidence(10).getFirst();
    }
}
