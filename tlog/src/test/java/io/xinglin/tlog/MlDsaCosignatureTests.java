package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MlDsaCosignatureTests {
    private static final long TIME = 1_679_315_147;

    private final NoteSigner log = TestKeys.signer("example.com/behind-the-sofa");
    private final Cosigner witness = TestKeys.mlDsaCosigner("witness.example.com/w1");
    private final Checkpoint head =
            new Checkpoint(log.name(), new TreeSize(20852163), Hash.leaf(new byte[1]));
    private final SignedNote checkpoint = head.sign(log);
    private final SignedNote cosigned =
            checkpoint.with(List.of(witness.cosign(checkpoint.text(), TIME)));

    @Test
    void a_cosignature_read_back_from_its_note_is_valid_and_tells_its_time() {
        var note = SignedNote.parse(cosigned.toString());
        var key = CosignatureVerifier.of(witness.verifier().toString());

        assertThat(key).isEqualTo(witness.verifier());
        assertThat(key.verify(note)).isEqualTo(Verification.valid());
        assertThat(key.time(note)).hasValue(TIME);
        assertThat(Checkpoint.verify(note, log.verifier())).isEqualTo(Verification.valid());
    }

    @Test
    void what_is_signed_is_what_the_specification_says() throws IOException {
        var said = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(said)) {
            out.writeBytes("subtree/v1\n\0");
            out.writeByte(22);
            out.writeBytes("witness.example.com/w1");
            out.writeLong(TIME);
            out.writeByte(27);
            out.writeBytes("example.com/behind-the-sofa");
            out.writeLong(0);
            out.writeLong(20852163);
            out.write(head.root().bytes());
        }

        assertThat(witness.verifier().cosigned(checkpoint.text(), TIME))
                .isEqualTo(said.toByteArray());
        var payload = cosigned.signatures().getLast().payload();
        assertThat(payload).hasSize(8 + 2420);
        assertThat(ByteBuffer.wrap(payload).getLong()).isEqualTo(TIME);
    }

    @Test
    void the_key_id_is_the_hash_of_name_type_and_key() {
        var key = witness.verifier();
        var sha256 = Hash.sha256();
        sha256.update("witness.example.com/w1\n\6".getBytes(StandardCharsets.US_ASCII));
        var digest = sha256.digest(key.publicKey());

        assertThat(key.publicKey()).hasSize(1312);
        assertThat(key.keyId()).isEqualTo(ByteBuffer.wrap(digest).getInt());
    }

    @Test
    void a_flipped_bit_anywhere_shows() {
        var bytes = cosigned.signatures().getLast().payload();
        var key = witness.verifier();
        Property.forAll(
                300,
                random -> {
                    var forged = bytes.clone();
                    forged[random.nextInt(forged.length)] ^= (byte) (1 << random.nextInt(8));
                    assertInvalid(
                            checkpoint.with(
                                    List.of(NoteSignature.of(key.name(), key.keyId(), forged))));
                });
    }

    @Test
    void
            a_cosignature_of_another_checkpoint_or_by_another_name_or_of_another_length_is_not_valid() {
        var key = witness.verifier();
        var line = cosigned.signatures().getLast();
        var renamed = CosignatureVerifier.mlDsa44("witness.example.com/w2", key.publicKey());
        var right = line.payload();

        assertInvalid(
                new Checkpoint(log.name(), new TreeSize(1), head.root())
                        .sign(log)
                        .with(List.of(line)));
        assertInvalid(
                new Checkpoint(log.name(), head.size(), Hash.OF_EMPTY_TREE)
                        .sign(log)
                        .with(List.of(line)));
        assertInvalid(
                new Checkpoint("other", head.size(), head.root()).sign(log).with(List.of(line)));
        assertInvalid(SignedNote.sign("no checkpoint\n", log).with(List.of(line)));
        assertInvalid(
                new Checkpoint("o".repeat(256), head.size(), head.root())
                        .sign(log)
                        .with(List.of(line)));
        for (var payload :
                List.of(Arrays.copyOf(right, 72), Arrays.copyOf(right, 2429), new byte[1])) {
            assertInvalid(
                    checkpoint.with(List.of(NoteSignature.of(key.name(), key.keyId(), payload))));
        }
        var claimed = NoteSignature.of(renamed.name(), renamed.keyId(), right);
        assertThat(renamed.verify(checkpoint.with(List.of(claimed))))
                .isInstanceOf(Verification.Invalid.class);
    }

    /// The specification says so: no statement is made about them.
    @Test
    void further_lines_of_a_checkpoint_are_not_cosigned() {
        var extended = new Checkpoint(log.name(), head.size(), head.root(), List.of("more"));

        assertThat(witness.verifier().verify(extended.sign(log).with(cosigned.signatures())))
                .isEqualTo(Verification.valid());
    }

    @Test
    void both_kinds_count_in_one_policy() {
        var other = TestKeys.cosigner("w2.example");
        var policy =
                TrustPolicy.parse(
                        "log %s\nwitness a %s\nwitness b %s\ngroup g all a b\nquorum g\n"
                                .formatted(log.verifier(), witness.verifier(), other.verifier())
                                .getBytes(StandardCharsets.UTF_8));
        var both = cosigned.with(List.of(other.cosign(checkpoint.text(), TIME)));

        assertThat(policy.witnesses().verify(both)).isEqualTo(Verification.valid());
        assertThat(policy.witnesses().verify(cosigned)).isInstanceOf(Verification.Invalid.class);
        assertThat(TrustPolicy.parse(policy.toString().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(policy);
    }

    @Test
    void a_key_of_another_kind_or_length_is_refused() {
        var vkey = witness.verifier().toString();
        var wrongId = vkey.replaceFirst("[+][0-9a-f]{8}[+]", "+00000000+");
        var ed25519 = TestKeys.pair();

        assertThatThrownBy(() -> CosignatureVerifier.of(wrongId))
                .hasMessage("the id in the vkey is not that of its key");
        assertThatThrownBy(() -> CosignatureVerifier.mlDsa44("a", new byte[32]))
                .isInstanceOf(MalformedLogData.class);
        assertThatThrownBy(() -> CosignatureVerifier.mlDsa44("\u674f".repeat(86), new byte[1312]))
                .isInstanceOf(MalformedLogData.class);
        assertThatThrownBy(() -> Cosigner.mlDsa44("a", ed25519))
                .isInstanceOf(MalformedLogData.class);
        assertThatThrownBy(() -> NoteVerifier.of(vkey)).isInstanceOf(MalformedLogData.class);
    }

    private void assertInvalid(SignedNote note) {
        assertThat(witness.verifier().verify(note)).isInstanceOf(Verification.Invalid.class);
        assertThat(witness.verifier().time(note)).isEmpty();
    }
}
