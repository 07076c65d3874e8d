package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.RekorParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTests {
    private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    private final NoteSigner log = TestKeys.signer("example.com/behind-the-sofa");
    private final Checkpoint checkpoint =
            new Checkpoint(log.name(), new TreeSize(20852163), Hash.parse(ROOT));

    @Test
    void the_text_is_as_the_specification_shows_it() {
        var text = "example.com/behind-the-sofa\n20852163\n" + ROOT + "\n";

        assertThat(checkpoint.text()).isEqualTo(text);
        assertThat(Checkpoint.parse(text)).isEqualTo(checkpoint);
        assertThat(Checkpoint.parse(text + "more\n").extensions()).containsExactly("more");
    }

    @Test
    void a_signed_checkpoint_is_read_by_sigstore_too() throws RekorParseException {
        var theirs = Checkpoints.from(checkpoint.sign(log).toString());

        assertThat(theirs.getOrigin()).isEqualTo(log.name());
        assertThat(theirs.getSize()).isEqualTo(20852163);
        assertThat(theirs.getBase64Hash()).isEqualTo(ROOT);
    }

    @Test
    void a_checkpoint_of_another_log_is_invalid_even_if_this_log_signed_it() {
        var foreign = new Checkpoint("example.com/other", TreeSize.ZERO, Hash.OF_EMPTY_TREE);

        assertThat(Checkpoint.verify(checkpoint.sign(log), log.verifier()))
                .isEqualTo(Verification.valid());
        assertThat(Checkpoint.verify(foreign.sign(log), log.verifier()))
                .isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void a_flipped_bit_anywhere_in_a_signed_checkpoint_shows() {
        BitFlips.of(checkpoint.sign(log).toString())
                .forEach(
                        forged ->
                                BitFlips.assertNotValid(
                                        () ->
                                                Checkpoint.verify(
                                                        SignedNote.parse(forged), log.verifier())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "a\n1\n",
                "a\n1\nROOT",
                "\n1\nROOT\n",
                "a\n01\nROOT\n",
                "a\n-1\nROOT\n",
                "a\n+1\nROOT\n",
                "a\n1 \nROOT\n",
                "a\n\u0661\nROOT\n",
                "a\n9223372036854775808\nROOT\n",
                "a\n99999999999999999999\nROOT\n",
                "a\n1\nROOT=\n",
                "a\n1\nAAAA\n",
                "a\n1\n\n",
                "a\n1\nROOT\n\n",
                "a\n1\nROOT\n\nmore\n"
            })
    void what_is_not_a_checkpoint_is_refused(String pattern) {
        var text = pattern.replace("ROOT", ROOT);

        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(MalformedLogData.class);
    }
}
