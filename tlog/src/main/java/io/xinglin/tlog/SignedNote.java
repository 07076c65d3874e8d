package io.xinglin.tlog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// A text with signatures under it. The text means nothing until [#verify] says `Valid`.
///
/// @spec https://c2sp.org/signed-note signed-note
/// @param text what is signed, its final line end included
/// @param signatures at least one
public record SignedNote(String text, List<NoteSignature> signatures) {
    /// Longer notes are refused; sixteen post-quantum signatures still fit.
    public static final int LENGTH_MAX = 256 * 1024;

    private static final int SIGNATURES_MAX = 64;

    public SignedNote {
        checkText(text);
        if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
            throw new MalformedLogData("a note has 1 to 64 signatures");
        }
        signatures = List.copyOf(signatures);
    }

    private static void checkText(String text) {
        if (!text.endsWith("\n")) {
            throw new MalformedLogData("the text of a note ends with a line end");
        }
        if (text.chars().anyMatch(character -> character < ' ' && character != '\n')) {
            throw new MalformedLogData("a note has no control characters");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new MalformedLogData("a note is valid UTF-8");
        }
    }

    /// Signs a text.
    public static SignedNote sign(String text, NoteSigner signer) {
        var signature = signer.sign(bytes(text));
        return new SignedNote(
                text, List.of(NoteSignature.of(signer.name(), signer.keyId(), signature)));
    }

    /// Reads a note.
    public static SignedNote parse(String note) {
        if (note.length() > LENGTH_MAX) {
            throw new MalformedLogData("a note is too long");
        }
        var split = note.lastIndexOf("\n\n");
        if (split < 0 || !note.endsWith("\n")) {
            throw new MalformedLogData("a note is a text, an empty line and signature lines");
        }
        var lines = note.substring(split + 2, Math.max(split + 2, note.length() - 1));
        var signatures = List.of(lines.split("\n", SIGNATURES_MAX + 1));
        return new SignedNote(
                note.substring(0, split + 1),
                signatures.stream().map(NoteSignature::parse).toList());
    }

    /// Whether this key signed the text. Signatures by other keys say nothing either way.
    public Verification verify(NoteVerifier key) {
        var claimed = claimedBy(key.name(), key.keyId());
        if (claimed.isEmpty()) {
            return Verification.invalid("no signature by " + key.name());
        }
        return claimed.stream().allMatch(it -> key.accepts(bytes(text), it.payload()))
                ? Verification.valid()
                : Verification.invalid("the signature by " + key.name() + " is not of this text");
    }

    /// The signatures that say to be by the key of this name and id.
    List<NoteSignature> claimedBy(String name, int keyId) {
        return signatures.stream().filter(it -> it.claims(name, keyId)).toList();
    }

    /// The note with more signatures under it, each once.
    public SignedNote with(List<NoteSignature> more) {
        return new SignedNote(
                text, Stream.concat(signatures.stream(), more.stream()).distinct().toList());
    }

    /// The note with nothing under it but what this key signed; it must have.
    public SignedNote signedOnlyBy(NoteVerifier key) {
        return new SignedNote(text, claimedBy(key.name(), key.keyId()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The note as it is passed round.
    @Override
    public String toString() {
        var note = new StringBuilder(text).append('\n');
        signatures.forEach(it -> note.append(it).append('\n'));
        return note.toString();
    }
}
