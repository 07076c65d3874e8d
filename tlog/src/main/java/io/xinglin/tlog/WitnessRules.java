package io.xinglin.tlog;

import java.util.Optional;

/// When a witness may cosign.
///
/// The caller keeps what is known of each log, and keeps the new checkpoint in its place before the cosignature leaves; reading
/// one and writing the other must not be interrupted by another request for the same log.
///
/// @spec https://c2sp.org/tlog-witness tlog-witness
public final class WitnessRules {
    private WitnessRules() {}

    /// What is known of a log of which nothing is known.
    public static Checkpoint nothing(String origin) {
        return new Checkpoint(origin, TreeSize.ZERO, Hash.OF_EMPTY_TREE);
    }

    /// Why the checkpoint must not be cosigned; empty if it may be.
    ///
    /// @param log the key of the log that the checkpoint says to be of
    /// @param known the last checkpoint cosigned for that log, or [#nothing]
    public static Optional<WitnessAnswer> refusal(
            AddCheckpoint request, NoteVerifier log, Checkpoint known) {
        if (Checkpoint.verify(request.checkpoint(), log)
                instanceof Verification.Invalid(var where)) {
            return Optional.of(new WitnessAnswer.Unsigned(where));
        }
        var head = request.head();
        if (request.old().compareTo(head.size()) > 0) {
            return Optional.of(new WitnessAnswer.Malformed("the old size is above the new one"));
        }
        if (!request.old().equals(known.size())) {
            return Optional.of(new WitnessAnswer.OtherSize(known.size()));
        }
        return switch (consistency(request, head, known)) {
            case Verification.Valid() -> Optional.empty();
            case Verification.Invalid(var where) ->
                    Optional.of(new WitnessAnswer.Inconsistent(where));
        };
    }

    private static Verification consistency(
            AddCheckpoint request, Checkpoint head, Checkpoint known) {
        if (head.size().value() == 0 && !head.root().equals(Hash.OF_EMPTY_TREE)) {
            return Verification.invalid("the root is not that of the empty tree");
        }
        return new ConsistencyProof(known.size(), head.size(), request.proof())
                .verify(known.root(), head.root());
    }
}
