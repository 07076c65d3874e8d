package io.xinglin.tlog;

/// Two signed checkpoints of one log that should not both be: evidence against the log, for anyone to judge.
///
/// @param first the one of the smaller tree, or either
/// @param second the other
public record Contradiction(SignedNote first, SignedNote second) {
    /// What two checkpoints show.
    public enum Judgement {
        /// The log signed two roots for one size: nothing but its own key can have done it, and nothing explains it.
        PROVED,
        /// The log signed both, and nobody has shown that one continues the other. It may still be shown.
        UNPROVED,
        /// They are not two signed checkpoints of this log, or they agree.
        NOTHING
    }

    /// Judges by the notes alone.
    public Judgement judge(NoteVerifier log) {
        try {
            if (!isBy(log, first) || !isBy(log, second)) {
                return Judgement.NOTHING;
            }
            var one = Checkpoint.parse(first.text());
            var other = Checkpoint.parse(second.text());
            if (!one.size().equals(other.size())) {
                return Judgement.UNPROVED;
            }
            return one.root().equals(other.root()) ? Judgement.NOTHING : Judgement.PROVED;
        } catch (MalformedLogData _) {
            return Judgement.NOTHING;
        }
    }

    private static boolean isBy(NoteVerifier log, SignedNote note) {
        return Checkpoint.verify(note, log) instanceof Verification.Valid;
    }
}
