package io.xinglin.log;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Http;
import io.xinglin.TestNode;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.Verification;
import io.xinglin.tlog.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/// Witnesses and monitors on a whole node, as somebody outside sees them.
@TestNode
// A node of its own: its log gets entries that nothing was stored for.
@TestPropertySource(properties = "xinglin.ledger=witnesses")
class WitnessTests {
    @Autowired Http http;
    @Autowired Identities identities;
    @Autowired Logs logs;
    @Autowired TransactionTemplate transaction;

    @Test
    void the_ledger_says_how_each_member_witnesses() {
        for (var member : http.get("/ledger/members").json()) {
            var witness = member.get("witness");

            assertThat(witness.get("url")).isEqualTo(member.get("log").get("url"));
            assertThat(CosignatureVerifier.of(witness.get("vkey").asString()).name())
                    .isEqualTo(member.get("log").get("origin").asString() + "/witness");
        }
    }

    @Test
    void a_published_checkpoint_is_cosigned_by_a_majority_of_the_others() {
        write(CITY);
        var policy = new WitnessPolicy(2, List.of(vkey(RIVER), vkey(CLINIC)));

        LogNode.await(() -> published(CITY).size().value() > 0 && isShown(policy));

        var note = SignedNote.parse(http.get("/log/" + CITY + "/checkpoint").text());
        assertThat(Checkpoint.verify(note, logKey(CITY))).isEqualTo(Verification.valid());
        assertThat(note.signatures()).hasSize(3);
    }

    private boolean isShown(WitnessPolicy policy) {
        var note = SignedNote.parse(http.get("/log/" + CITY + "/checkpoint").text());
        return policy.verify(note) instanceof Verification.Valid;
    }

    @Test
    void a_log_that_signs_a_second_history_is_refused_and_convicted() throws Exception {
        write(CITY);
        var old = held();
        var forged = new Checkpoint(old.origin(), old.size(), Hash.leaf(new byte[7]));
        var note = forged.sign(identities.logSigner(CITY));

        var answer =
                http.post(
                        "/log/" + RIVER + "/add-checkpoint",
                        "",
                        new AddCheckpoint(old.size(), List.of(), note).toString());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("type").asString())
                .isEqualTo("/problems/inconsistent-checkpoint");
        var evidence = evidence(old.size());
        assertThat(evidence.get("member").asString()).isEqualTo(CITY.value());
        assertThat(evidence.get("verdict").asString()).isEqualTo("proved");
        assertThat(evidence.get("foundBy").asString()).isEqualTo("witness " + RIVER);
        var pair = new Contradiction(note(evidence, "first"), note(evidence, "second"));
        assertThat(pair.judge(logKey(CITY))).isEqualTo(Judgement.PROVED);
        assertThat(logs.evidence(10)).isNotEmpty();
    }

    private static SignedNote note(JsonNode evidence, String which) {
        return SignedNote.parse(evidence.get(which).get("note").asString());
    }

    private JsonNode evidence(TreeSize size) {
        return StreamSupport.stream(http.get("/log/evidence").json().spliterator(), false)
                .filter(it -> it.get("first").get("size").asLong() == size.value())
                .findFirst()
                .orElseThrow();
    }

    /// What the witness holds of the city's log once that log is at rest.
    private Checkpoint held() throws Exception {
        var origin = logKey(CITY).name();
        var sha256 = MessageDigest.getInstance("SHA-256");
        var hash = sha256.digest(origin.getBytes(StandardCharsets.UTF_8));
        var path = "/log/" + RIVER + "/" + HexFormat.of().formatHex(hash) + "/checkpoint";
        LogNode.await(
                () -> {
                    var answer = http.get(path);
                    return answer.status() == 200
                            && head(answer.text()).size().value()
                                    == logs.status(CITY).orElseThrow().size().value();
                });
        return head(http.get(path).text());
    }

    private Checkpoint published(MemberId member) {
        var path = "/log/" + member + "/checkpoint";
        LogNode.await(() -> http.get(path).status() == 200);
        return head(http.get(path).text());
    }

    private static Checkpoint head(String note) {
        return Checkpoint.parse(SignedNote.parse(note).text());
    }

    private NoteVerifier logKey(MemberId member) {
        return NoteVerifier.of(member(member).get("log").get("vkey").asString());
    }

    private CosignatureVerifier vkey(MemberId member) {
        return CosignatureVerifier.of(member(member).get("witness").get("vkey").asString());
    }

    private JsonNode member(MemberId id) {
        return StreamSupport.stream(http.get("/ledger/members").json().spliterator(), false)
                .filter(it -> it.get("id").asString().equals(id.value()))
                .findFirst()
                .orElseThrow();
    }

    private void write(MemberId member) {
        var opening = LogNode.opening("{\"kind\":\"write\",\"n\":1}");
        transaction.executeWithoutResult(_ -> logs.append(member, EntryKind.WRITE, opening));
    }
}
