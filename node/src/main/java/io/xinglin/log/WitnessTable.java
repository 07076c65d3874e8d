package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.SignedNote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// In the database: what our witnesses cosigned of other logs, and what other witnesses cosigned of ours.
interface WitnessTable {
    /// Holds a witness to one request for a log at a time, until the end of the caller's transaction.
    void lock(MemberId witness, String origin);

    /// What a witness last cosigned of a log.
    Optional<SignedNote> witnessed(MemberId witness, String origin);

    /// What any of our witnesses last cosigned of a log.
    List<SignedNote> witnessed(String origin);

    /// The size that is stored beside it.
    long witnessedSize(MemberId witness, String origin);

    void keepWitnessed(MemberId witness, String origin, long size, SignedNote note, Instant at);

    /// Keeps a witness's cosignature of one of our checkpoints.
    void keepCosignature(MemberId organisation, long size, MemberId witness, NoteSignature line);

    /// The cosignatures of one of our checkpoints.
    List<NoteSignature> cosignatures(MemberId organisation, long size);

    /// A cosignature as it is stored, whatever it says.
    record Kept(long size, String witness, String line) {}

    /// All cosignatures that are kept for one of our logs.
    List<Kept> cosignatures(MemberId organisation);

    /// The size of the largest of our checkpoints that so many witnesses cosigned.
    OptionalLong cosignedSize(MemberId organisation, int quorum);

    /// The size of the largest of our checkpoints that a witness cosigned; 0 if there is none.
    long cosignedSize(MemberId organisation, MemberId witness);

    /// Drops the cosignatures of smaller checkpoints, but for those of one: they would never be completed.
    void forgetCosignatures(MemberId organisation, long below, long except);
}
