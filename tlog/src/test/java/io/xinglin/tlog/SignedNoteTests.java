package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTests {
    /// The example of the signed-note specification.
    private static final String VKEY =
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private static final String NOTE =
            """
            This is an example message.

            \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;

    private static final String LINE = NOTE.substring(NOTE.indexOf('\u2014')).strip();

    @Test
    void the_example_of_the_specification_is_valid() {
        var key = NoteVerifier.of(VKEY);

        assertThat(SignedNote.parse(NOTE).verify(key)).isEqualTo(Verification.valid());
        assertThat(SignedNote.parse(NOTE)).hasToString(NOTE);
        assertThat(key).hasToString(VKEY);
        assertThat(key.name()).isEqualTo("example.com/foo");
        assertThat(key.keyId()).isEqualTo(0x530d903a);
    }

    @Test
    void a_note_signed_here_is_valid_and_may_have_empty_lines() {
        var signer = TestKeys.signer("hospital.example/log");
        var text = "one\n\nthree\n";

        var note = SignedNote.parse(SignedNote.sign(text, signer).toString());

        assertThat(note.text()).isEqualTo(text);
        assertThat(note.verify(signer.verifier())).isEqualTo(Verification.valid());
        assertThat(NoteVerifier.of(signer.verifier().toString())).isEqualTo(signer.verifier());
    }

    @Test
    void signatures_by_strangers_are_ignored_and_never_enough() {
        var ours = TestKeys.signer("hospital.example/log");
        var text = "text\n";
        var signatures = new ArrayList<NoteSignature>();
        for (var i = 0; i < 16; i++) {
            var witness = TestKeys.signer("witness.example/" + i);
            signatures.addAll(SignedNote.sign(text, witness).signatures());
        }
        var strangers = new SignedNote(text, signatures);
        signatures.addAll(SignedNote.sign(text, ours).signatures());

        var note = SignedNote.parse(new SignedNote(text, signatures).toString());

        assertThat(note.verify(ours.verifier())).isEqualTo(Verification.valid());
        assertThat(strangers.verify(ours.verifier()))
                .isEqualTo(Verification.invalid("no signature by hospital.example/log"));
    }

    @Test
    void a_wrong_signature_beside_a_right_one_makes_the_note_invalid() {
        var signer = TestKeys.signer("hospital.example/log");
        var right = SignedNote.sign("text\n", signer).signatures().getFirst();
        var wrong = SignedNote.sign("other\n", signer).signatures().getFirst();

        var note = new SignedNote("text\n", List.of(right, wrong));

        assertThat(note.verify(signer.verifier())).isInstanceOf(Verification.Invalid.class);
    }

    @Test
    void a_name_taken_by_another_key_is_not_enough() {
        var real = TestKeys.signer("hospital.example/log");
        var thief = TestKeys.signer("hospital.example/log");

        var note = SignedNote.sign("text\n", thief);

        assertThat(note.verify(real.verifier())).isInstanceOf(Verification.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\n\n",
                "text\n",
                "text\n\n",
                "text\n\n\n",
                "text\n\nLINE",
                "text\nLINE\n",
                "text\n\n\u2014 name\n",
                "text\n\n\u2014  AAAAAAA=\n",
                "text\n\n\u2014 na+me AAAAAAA=\n",
                "text\n\n\u2014 na\u3000me AAAAAAA=\n",
                "text\n\n\u2014 name AAAA\n",
                "text\n\n\u2014 name AAAAAA\n",
                "text\n\n\u2014 name AAAAAAB=\n",
                "text\n\n\u2014 name AAAAAAA= \n",
                "text\n\n- name AAAAAAA=\n",
                "text\n\nLINE\r\n",
                "te\u0000xt\n\nLINE\n",
                "te\rxt\n\nLINE\n",
                "te\ud800xt\n\nLINE\n"
            })
    void what_is_not_a_note_is_refused(String pattern) {
        var note = pattern.replace("LINE", LINE);

        assertThatThrownBy(() -> SignedNote.parse(note)).isInstanceOf(MalformedLogData.class);
    }

    @Test
    void a_note_without_bounds_is_refused() {
        var lines = (LINE + "\n").repeat(65);
        var length = "a".repeat(SignedNote.LENGTH_MAX);

        assertThatThrownBy(() -> SignedNote.parse("text\n\n" + lines))
                .isInstanceOf(MalformedLogData.class);
        assertThatThrownBy(() -> SignedNote.parse(length + "\n\n" + LINE + "\n"))
                .isInstanceOf(MalformedLogData.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "++",
                "example.com/foo",
                "example.com/foo+530d903a",
                "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/f o+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"
            })
    void what_is_not_a_vkey_is_refused(String vkey) {
        assertThatThrownBy(() -> NoteVerifier.of(vkey)).isInstanceOf(MalformedLogData.class);
    }
}
