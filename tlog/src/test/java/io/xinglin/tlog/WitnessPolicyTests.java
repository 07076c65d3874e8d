package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WitnessPolicyTests {
    private final NoteSigner log = TestKeys.signer("hospital.example/log/a");
    private final Cosigner one = TestKeys.cosigner("one.example");
    private final Cosigner two = TestKeys.cosigner("two.example");
    private final Cosigner three = TestKeys.cosigner("three.example");
    private final SignedNote checkpoint =
            new Checkpoint(log.name(), TreeSize.ZERO, Hash.OF_EMPTY_TREE).sign(log);
    private final WitnessPolicy policy =
            new WitnessPolicy(2, List.of(one.verifier(), two.verifier(), three.verifier()));

    @Test
    void enough_of_the_witnesses_are_enough() {
        assertThat(policy.verify(cosigned(one, three))).isEqualTo(Verification.valid());
        assertThat(policy.cosigned(cosigned(one, three)))
                .containsExactly(one.verifier(), three.verifier());
        assertThat(policy.verify(cosigned(two)))
                .isEqualTo(Verification.invalid("cosigned by 1 of the witnesses, 2 are needed"));
        assertThat(WitnessPolicy.NONE.verify(checkpoint)).isEqualTo(Verification.valid());
    }

    @Test
    void strangers_and_repetitions_count_for_nothing() {
        var stranger = TestKeys.cosigner("two.example");
        var again = one.cosign(checkpoint.text(), 2);

        assertThat(policy.verify(cosigned(one, stranger).with(List.of(again))))
                .isEqualTo(Verification.invalid("cosigned by 1 of the witnesses, 2 are needed"));
    }

    @Test
    void a_false_cosignature_beside_enough_right_ones_is_not_ignored() {
        var other = new Checkpoint(log.name(), new TreeSize(1), Hash.leaf(new byte[1]));
        var note = cosigned(one, two).with(List.of(three.cosign(other.text(), 1)));

        assertThat(policy.verify(note)).isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void a_receipt_is_held_to_the_policy() {
        var leaf = Hash.leaf(new byte[1]);
        var head = new Checkpoint(log.name(), new TreeSize(1), leaf).sign(log);
        var inclusion = new InclusionProof(new LeafIndex(0), new TreeSize(1), List.of());
        var both = List.of(one.cosign(head.text(), 1), two.cosign(head.text(), 1));

        var bare = TlogProof.of(new byte[1], inclusion, head);
        var witnessed = TlogProof.of(new byte[1], inclusion, head.with(both));

        assertThat(bare.verify(leaf, log.verifier(), policy))
                .isInstanceOf(Verification.Invalid.class);
        assertThat(witnessed.verify(leaf, log.verifier(), policy)).isEqualTo(Verification.valid());
        assertThat(witnessed.verify(Hash.OF_EMPTY_TREE, log.verifier(), policy))
                .isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void a_policy_that_can_never_be_met_or_counts_one_key_twice_is_refused() {
        var keys = TestKeys.pair();
        var named = Cosigner.ed25519("a", keys).verifier();
        var renamed = Cosigner.ed25519("b", keys).verifier();

        assertThatThrownBy(() -> new WitnessPolicy(2, List.of(one.verifier())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WitnessPolicy(-1, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WitnessPolicy(1, List.of(named, renamed)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private SignedNote cosigned(Cosigner... witnesses) {
        return checkpoint.with(
                List.of(witnesses).stream().map(it -> it.cosign(checkpoint.text(), 1)).toList());
    }
}
