package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessRulesTests {
    private final NoteSigner log = TestKeys.signer("hospital.example/log/a");
    private final MemoryTiles tiles = new MemoryTiles();
    private Checkpoint at200;
    private Checkpoint at300;

    @BeforeEach
    void growALog() {
        var tree = GrowingTree.empty(tiles);
        SimpleTree.entries(200).forEach(tree::append);
        tree.writeEdge();
        at200 = new Checkpoint(log.name(), tree.size(), tree.root());
        SimpleTree.entries(300).subList(200, 300).forEach(tree::append);
        tree.writeEdge();
        at300 = new Checkpoint(log.name(), tree.size(), tree.root());
    }

    private AddCheckpoint from(Checkpoint old, Checkpoint to) {
        return AddCheckpoint.of(old.size(), to.sign(log), tiles);
    }

    private static Checkpoint withRoot(Checkpoint checkpoint) {
        return new Checkpoint(checkpoint.origin(), checkpoint.size(), Hash.leaf(new byte[9]));
    }

    @Nested
    class Decisions {
        @Test
        void the_first_the_next_and_the_same_checkpoint_are_cosigned() {
            var nothing = WitnessRules.nothing(log.name());

            assertThat(refusal(from(nothing, at200), nothing)).isEmpty();
            assertThat(refusal(from(at200, at300), at200)).isEmpty();
            assertThat(refusal(from(at300, at300), at300)).isEmpty();
            assertThat(refusal(from(nothing, nothing), nothing)).isEmpty();
        }

        @Test
        void nothing_is_cosigned_that_the_log_did_not_sign() {
            var thief = TestKeys.signer(log.name());
            var nothing = WitnessRules.nothing(log.name());
            var stolen = AddCheckpoint.of(TreeSize.ZERO, at200.sign(thief), tiles);
            var mixed =
                    new AddCheckpoint(
                            TreeSize.ZERO,
                            List.of(),
                            new SignedNote(at200.text(), at300.sign(log).signatures()));
            var other = TestKeys.signer("hospital.example/log/b");
            var foreign =
                    new AddCheckpoint(TreeSize.ZERO, List.of(), withOrigin("c", at200).sign(other));

            for (var request : List.of(stolen, mixed, foreign)) {
                assertStatus(403, request, nothing);
            }
        }

        @Test
        void an_old_size_above_the_new_one_is_malformed() {
            assertStatus(400, new AddCheckpoint(at300.size(), List.of(), at200.sign(log)), at300);
        }

        @Test
        void another_old_size_than_the_known_one_is_told_the_known_one() {
            var conflict = new WitnessAnswer.OtherSize(at200.size());

            assertThat(refusal(from(at300, at300), at200)).contains(conflict);
            assertThat(refusal(from(WitnessRules.nothing(log.name()), at200), at200))
                    .contains(conflict);
            assertThat(conflict.body()).isEqualTo("200\n");
            assertThat(conflict.status()).isEqualTo(409);
        }

        @Test
        void a_witness_never_goes_back() {
            assertStatus(409, from(at200, at200), at300);
            assertStatus(400, new AddCheckpoint(at300.size(), List.of(), at200.sign(log)), at300);
        }

        @Test
        void a_history_that_is_not_continued_is_refused() {
            var forked = withRoot(at300);
            var nothing = WitnessRules.nothing(log.name());
            var proof = from(at200, at300).proof();

            assertStatus(422, new AddCheckpoint(at200.size(), proof, forked.sign(log)), at200);
            assertStatus(422, new AddCheckpoint(at200.size(), List.of(), at300.sign(log)), at200);
            assertStatus(422, from(at200, at300), withRoot(at200));
            assertStatus(422, from(at300, forked), at300);
            assertStatus(422, new AddCheckpoint(TreeSize.ZERO, proof, at300.sign(log)), nothing);
            assertStatus(422, from(nothing, withRoot(nothing)), nothing);
        }

        private Optional<WitnessAnswer> refusal(AddCheckpoint request, Checkpoint known) {
            return WitnessRules.refusal(
                    AddCheckpoint.parse(request.toString()), log.verifier(), known);
        }

        private void assertStatus(int status, AddCheckpoint request, Checkpoint known) {
            assertThat(refusal(request, known).orElseThrow().status()).isEqualTo(status);
        }

        private static Checkpoint withOrigin(String origin, Checkpoint checkpoint) {
            return new Checkpoint(origin, checkpoint.size(), checkpoint.root());
        }
    }

    @Nested
    class Requests {
        @Test
        void a_request_is_read_back_from_its_body() {
            var request = from(at200, at300);

            assertThat(AddCheckpoint.parse(request.toString())).isEqualTo(request);
            assertThat(request.toString()).startsWith("old 200\n").contains("\n\n" + log.name());
            assertThat(request.proof()).isNotEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "\n\n",
                    "NOTE",
                    "old 200\nNOTE",
                    "old\n\nNOTE",
                    "old \n\nNOTE",
                    "old  200\n\nNOTE",
                    "old 0200\n\nNOTE",
                    "old -1\n\nNOTE",
                    "old 9223372036854775808\n\nNOTE",
                    "Old 200\n\nNOTE",
                    "old 200\r\n\nNOTE",
                    "old 200\n\n\nNOTE",
                    "old 200\nAAAA\n\nNOTE",
                    "old 200\nold 200\n\nNOTE",
                    "old 200\n\ntext\n",
                    "old 200\n\ntext\n\n\u2014 name AAAAAAA=\n"
                })
        void what_is_not_a_request_is_refused(String pattern) {
            var body = pattern.replace("NOTE", at200.sign(log).toString());

            assertThatThrownBy(() -> AddCheckpoint.parse(body))
                    .isInstanceOf(MalformedLogData.class);
        }

        @Test
        void a_request_without_bounds_is_refused() {
            var note = at200.sign(log);
            var hash = Hash.OF_EMPTY_TREE + "\n";
            var long63 = "old 1\n" + hash.repeat(63) + "\n" + note;
            var long64 = "old 1\n" + hash.repeat(64) + "\n" + note;
            var huge = "old 1\n\n" + "a".repeat(AddCheckpoint.LENGTH_MAX) + "\n" + note;

            assertThat(AddCheckpoint.parse(long63).proof()).hasSize(63);
            assertThatThrownBy(() -> AddCheckpoint.parse(long64))
                    .isInstanceOf(MalformedLogData.class);
            assertThatThrownBy(() -> AddCheckpoint.parse(huge))
                    .isInstanceOf(MalformedLogData.class);
        }
    }

    @Nested
    class Contradictions {
        @Test
        void two_roots_for_one_size_are_proof() {
            assertThat(judge(at300.sign(log), withRoot(at300).sign(log)))
                    .isEqualTo(Contradiction.Judgement.PROVED);
        }

        @Test
        void two_sizes_prove_nothing_by_themselves() {
            assertThat(judge(at200.sign(log), withRoot(at300).sign(log)))
                    .isEqualTo(Contradiction.Judgement.UNPROVED);
        }

        @Test
        void nobody_is_accused_by_what_they_did_not_sign() {
            var thief = TestKeys.signer(log.name());

            assertThat(judge(at300.sign(log), withRoot(at300).sign(thief)))
                    .isEqualTo(Contradiction.Judgement.NOTHING);
            assertThat(judge(at300.sign(log), at300.sign(log)))
                    .isEqualTo(Contradiction.Judgement.NOTHING);
            assertThat(judge(at300.sign(log), SignedNote.sign("text\n", log)))
                    .isEqualTo(Contradiction.Judgement.NOTHING);
        }

        private Contradiction.Judgement judge(SignedNote first, SignedNote second) {
            return new Contradiction(first, second).judge(log.verifier());
        }
    }
}
