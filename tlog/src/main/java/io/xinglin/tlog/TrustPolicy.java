package io.xinglin.tlog;

import java.util.List;

/// Which logs are believed, and which witnesses must have cosigned them. Its `toString` is the file that other people's verifiers
/// read; names of witnesses and groups mean nothing outside such a file and are not kept.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy
/// @param logs any of these; each key once
/// @param witnesses who must have cosigned
public record TrustPolicy(List<NoteVerifier> logs, WitnessPolicy witnesses) {
    /// Longer files are refused.
    public static final int LENGTH_MAX = 1024 * 1024;

    public TrustPolicy {
        logs = List.copyOf(logs);
        var keys = logs.stream().map(it -> Hash.of(it.publicKey())).distinct().count();
        if (keys < logs.size()) {
            throw new IllegalArgumentException("a log is named twice");
        }
    }

    /// This log, cosigned by whomever or nobody.
    public static TrustPolicy of(NoteVerifier log) {
        return new TrustPolicy(List.of(log), WitnessPolicy.NONE);
    }

    /// Reads a file.
    ///
    /// @throws MalformedLogData if a line of it is not as the specification says; the message begins with its number
    public static TrustPolicy parse(byte[] file) {
        return new PolicyReader().read(file);
    }

    /// Whether one of the logs has the entry with this hash, as the proof says, and enough witnesses cosigned the tree it is in.
    public Verification verify(TlogProof proof, Hash leafHash) {
        var origin = proof.head().origin();
        var verification = Verification.invalid("the log " + origin + " is not asked for");
        for (var log : logs) {
            if (log.name().equals(origin)) {
                verification = proof.verify(leafHash, log, witnesses);
            }
            if (verification instanceof Verification.Valid) {
                return verification;
            }
        }
        return verification;
    }

    /// The file.
    @Override
    public String toString() {
        return new PolicyWriter().write(this);
    }
}
