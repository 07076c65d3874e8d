package io.xinglin.tlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A receipt: proves offline that an entry is in a log, to anyone who knows the log's public key.
///
/// It proves nothing about what the entry means, and `extra` is not signed by anyone: what is read there counts only if the
/// entry can be computed from it.
///
/// @spec https://c2sp.org/tlog-proof tlog-proof
/// @param extra base64 of whatever the application needs to compute the entry; not authenticated
/// @param index where the entry is
/// @param path the inclusion proof in the tree of the checkpoint
/// @param checkpoint signed by the log
public record TlogProof(
        Optional<String> extra, LeafIndex index, List<Hash> path, SignedNote checkpoint) {
    /// Longer proofs are refused.
    public static final int LENGTH_MAX = 1024 * 1024;

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public TlogProof {
        path = List.copyOf(path);
        if (path.size() > InclusionProof.PATH_LENGTH_MAX) {
            throw new MalformedLogData("an inclusion proof has at most 63 hashes");
        }
        if (extra.map(it -> StrictBase64.decode(it).length).equals(Optional.of(0))) {
            throw new MalformedLogData("an extra line is not empty");
        }
        Checkpoint.parse(checkpoint.text());
    }

    /// A proof that carries these extra bytes.
    public static TlogProof of(byte[] extra, InclusionProof inclusion, SignedNote checkpoint) {
        var base64 = StrictBase64.encode(extra);
        return new TlogProof(Optional.of(base64), inclusion.leaf(), inclusion.path(), checkpoint);
    }

    /// Reads a proof.
    public static TlogProof parse(String proof) {
        var split = proof.indexOf("\n\n");
        if (split < 0 || proof.length() > LENGTH_MAX) {
            throw new MalformedLogData("a proof is some lines, an empty line and a checkpoint");
        }
        var lines = new ArrayList<>(List.of(proof.substring(0, split).split("\n", -1)));
        if (!lines.removeFirst().equals(HEADER)) {
            throw new MalformedLogData("a proof begins with " + HEADER);
        }
        var extra = takePrefixed(lines, EXTRA);
        var index = takePrefixed(lines, INDEX);
        if (index.isEmpty()) {
            throw new MalformedLogData("a proof has an index line");
        }
        return new TlogProof(
                extra,
                LeafIndex.parse(index.get()),
                lines.stream().map(Hash::parse).toList(),
                SignedNote.parse(proof.substring(split + 2)));
    }

    private static Optional<String> takePrefixed(List<String> lines, String prefix) {
        return lines.isEmpty() || !lines.getFirst().startsWith(prefix)
                ? Optional.empty()
                : Optional.of(lines.removeFirst().substring(prefix.length()));
    }

    /// What the log says of the tree that the proof is about; not to be believed before [#verify].
    public Checkpoint head() {
        return Checkpoint.parse(checkpoint.text());
    }

    /// The extra bytes, if there are any; not authenticated.
    public Optional<byte[]> extraBytes() {
        return extra.map(StrictBase64::decode);
    }

    /// Whether the log with this key has the entry with this hash at this index.
    public Verification verify(Hash leafHash, NoteVerifier log) {
        var signed = Checkpoint.verify(checkpoint, log);
        if (signed instanceof Verification.Invalid) {
            return signed;
        }
        var head = head();
        return index.isIn(head.size())
                ? new InclusionProof(index, head.size(), path).verify(leafHash, head.root())
                : Verification.invalid("the index is not in the tree");
    }

    /// Whether the log has the entry, as [#verify(Hash, NoteVerifier)] says, and enough witnesses cosigned the tree it is in.
    public Verification verify(Hash leafHash, NoteVerifier log, WitnessPolicy witnesses) {
        var logged = verify(leafHash, log);
        return logged instanceof Verification.Invalid ? logged : witnesses.verify(checkpoint);
    }

    /// The proof as it is kept in a `.tlog-proof` file.
    @Override
    public String toString() {
        var proof = new StringBuilder(HEADER).append('\n');
        extra.ifPresent(it -> proof.append(EXTRA).append(it).append('\n'));
        proof.append(INDEX).append(index).append('\n');
        path.forEach(hash -> proof.append(hash).append('\n'));
        return proof.append('\n').append(checkpoint).toString();
    }
}
