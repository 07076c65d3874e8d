package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosignatureTests {
    private static final long TIME = 1_679_315_147;

    private final NoteSigner log = TestKeys.signer("example.com/behind-the-sofa");
    private final Cosigner witness = TestKeys.cosigner("witness.example.com/w1");
    private final SignedNote checkpoint =
            new Checkpoint(log.name(), new TreeSize(20852163), Hash.leaf(new byte[1])).sign(log);
    private final SignedNote cosigned =
            checkpoint.with(List.of(witness.cosign(checkpoint.text(), TIME)));

    @Test
    void a_cosignature_read_back_from_its_note_is_valid_and_tells_its_time() {
        var note = SignedNote.parse(cosigned.toString());

        assertThat(witness.verifier().verify(note)).isEqualTo(Verification.valid());
        assertThat(witness.verifier().time(note)).hasValue(TIME);
        assertThat(Checkpoint.verify(note, log.verifier())).isEqualTo(Verification.valid());
    }

    @Test
    void what_is_signed_is_what_the_specification_says() {
        var said = "cosignature/v1\ntime 1679315147\n" + checkpoint.text();

        assertThat(witness.verifier().cosigned(checkpoint.text(), TIME)).asString().isEqualTo(said);
    }

    @Test
    void the_key_id_is_the_hash_of_name_type_and_key() {
        var key = witness.verifier();
        var sha256 = Hash.sha256();
        sha256.update("witness.example.com/w1\n\4".getBytes(StandardCharsets.US_ASCII));
        var digest = sha256.digest(key.publicKey());

        assertThat(key.keyId()).isEqualTo(ByteBuffer.wrap(digest).getInt());
        assertThat(CosignatureVerifier.of(key.toString())).isEqualTo(key);
    }

    @Test
    void one_key_is_two_in_two_roles() {
        var keys = TestKeys.pair();
        var asLog = NoteSigner.ed25519("both", keys).verifier();
        var asWitness = Cosigner.ed25519("both", keys);

        var note = checkpoint.with(List.of(asWitness.cosign(checkpoint.text(), TIME)));

        assertThat(note.verify(asLog)).isInstanceOf(Verification.Invalid.class);
        assertThatThrownBy(() -> NoteVerifier.of(asWitness.verifier().toString()))
                .isInstanceOf(MalformedLogData.class);
        assertThatThrownBy(() -> CosignatureVerifier.of(asLog.toString()))
                .isInstanceOf(MalformedLogData.class);
    }

    @Test
    void a_flipped_bit_anywhere_in_a_cosigned_checkpoint_shows() {
        BitFlips.of(new SignedNote(cosigned.text(), cosigned.signatures().subList(1, 2)).toString())
                .forEach(
                        forged ->
                                BitFlips.assertNotValid(
                                        () -> witness.verifier().verify(SignedNote.parse(forged))));
    }

    @Test
    void a_cosignature_of_another_checkpoint_or_time_or_length_is_not_valid() {
        var other = new Checkpoint(log.name(), new TreeSize(1), Hash.leaf(new byte[1])).sign(log);
        var right = cosigned.signatures().getLast().payload();
        var later = right.clone();
        later[7]++;

        assertInvalid(other.with(List.of(cosigned.signatures().getLast())));
        for (var payload :
                List.of(later, Arrays.copyOf(right, 71), Arrays.copyOf(right, 73), new byte[1])) {
            var key = witness.verifier();
            var line = NoteSignature.of(key.name(), key.keyId(), payload);
            assertInvalid(checkpoint.with(List.of(line)));
        }
    }

    private void assertInvalid(SignedNote note) {
        assertThat(witness.verifier().verify(note)).isInstanceOf(Verification.Invalid.class);
        assertThat(witness.verifier().time(note)).isEmpty();
    }

    @Test
    void a_time_before_1970_or_none_is_not_signed_and_not_believed() {
        var before = ByteBuffer.allocate(72).putLong(-1);
        before.put(witness.sign(witness.verifier().cosigned(checkpoint.text(), -1)));
        var key = witness.verifier();
        var line = NoteSignature.of(key.name(), key.keyId(), before.array());

        assertInvalid(checkpoint.with(List.of(line)));
        assertThatThrownBy(() -> witness.cosign(checkpoint.text(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
