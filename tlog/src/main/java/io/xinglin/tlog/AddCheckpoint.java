package io.xinglin.tlog;

import java.util.ArrayList;
import java.util.List;

/// What a log sends to a witness: a new checkpoint, and the proof that the last one which the witness knows is its beginning.
///
/// @spec https://c2sp.org/tlog-witness tlog-witness
/// @param old the size that the witness knows
/// @param proof the consistency proof from there
/// @param checkpoint the new checkpoint, signed
public record AddCheckpoint(TreeSize old, List<Hash> proof, SignedNote checkpoint) {
    /// Longer requests are refused.
    public static final int LENGTH_MAX = 64 * 1024;

    private static final int PROOF_LENGTH_MAX = 63;
    private static final String OLD = "old ";

    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (proof.size() > PROOF_LENGTH_MAX) {
            throw new MalformedLogData("a consistency proof has at most 63 lines here");
        }
        Checkpoint.parse(checkpoint.text());
    }

    /// Asks to go from this size to this checkpoint.
    public static AddCheckpoint of(TreeSize old, SignedNote checkpoint, TileReader tiles) {
        var size = Checkpoint.parse(checkpoint.text()).size();
        return new AddCheckpoint(old, ConsistencyProof.of(old, size, tiles).path(), checkpoint);
    }

    /// Reads a request body.
    public static AddCheckpoint parse(String body) {
        var split = body.indexOf("\n\n");
        if (split < 0 || body.length() > LENGTH_MAX) {
            throw new MalformedLogData("a request is some lines, an empty line and a checkpoint");
        }
        var lines = new ArrayList<>(List.of(body.substring(0, split).split("\n", -1)));
        var first = lines.removeFirst();
        if (!first.startsWith(OLD)) {
            throw new MalformedLogData("a request begins with the old size");
        }
        return new AddCheckpoint(
                TreeSize.parse(first.substring(OLD.length())),
                lines.stream().map(Hash::parse).toList(),
                SignedNote.parse(body.substring(split + 2)));
    }

    /// What the new checkpoint says; not to be believed before its signature is verified.
    public Checkpoint head() {
        return Checkpoint.parse(checkpoint.text());
    }

    /// The request body.
    @Override
    public String toString() {
        var body = new StringBuilder(OLD).append(old).append('\n');
        proof.forEach(hash -> body.append(hash).append('\n'));
        return body.append('\n').append(checkpoint).toString();
    }
}
