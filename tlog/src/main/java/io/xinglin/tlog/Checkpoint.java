package io.xinglin.tlog;

import java.util.List;

/// What a log says of its tree: how large it is and what its root is.
///
/// Whoever has a signed one can tell if anything before it is changed later. It does not say when it was signed, nor that
/// everyone is shown the same one; for that, logs have witnesses and the ledger.
///
/// @spec https://c2sp.org/tlog-checkpoint tlog-checkpoint
/// @param origin the name of the log
/// @param size of the tree
/// @param root of the tree
/// @param extensions further lines, opaque; ours have none
public record Checkpoint(String origin, TreeSize size, Hash root, List<String> extensions) {
    private static final int LINES_MAX = 64;

    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (origin.isEmpty() || extensions.stream().anyMatch(String::isEmpty)) {
            throw new MalformedLogData("a checkpoint has no empty lines");
        }
        if (origin.contains("\n") || extensions.stream().anyMatch(it -> it.contains("\n"))) {
            throw new MalformedLogData("a line of a checkpoint has no line ends");
        }
    }

    /// A checkpoint without extension lines.
    public Checkpoint(String origin, TreeSize size, Hash root) {
        this(origin, size, root, List.of());
    }

    /// Reads the text of a note.
    public static Checkpoint parse(String text) {
        if (!text.endsWith("\n")) {
            throw new MalformedLogData("the text of a checkpoint ends with a line end");
        }
        var lines = List.of(text.substring(0, text.length() - 1).split("\n", LINES_MAX));
        if (lines.size() < 3 || lines.size() == LINES_MAX) {
            throw new MalformedLogData("a checkpoint has 3 to 63 lines");
        }
        return new Checkpoint(
                lines.get(0),
                TreeSize.parse(lines.get(1)),
                Hash.parse(lines.get(2)),
                lines.subList(3, lines.size()));
    }

    /// Whether this note is a checkpoint of the log with this key.
    public static Verification verify(SignedNote note, NoteVerifier log) {
        return parse(note.text()).origin().equals(log.name())
                ? note.verify(log)
                : Verification.invalid("the checkpoint is not of " + log.name());
    }

    /// Signs it. A log never signs two that contradict each other: that is for the caller to see to.
    public SignedNote sign(NoteSigner log) {
        return SignedNote.sign(text(), log);
    }

    /// The text that is signed.
    public String text() {
        var text = new StringBuilder();
        text.append(origin).append('\n').append(size).append('\n').append(root).append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
