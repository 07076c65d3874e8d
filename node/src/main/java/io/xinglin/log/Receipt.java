package io.xinglin.log;

import io.xinglin.tlog.Hash;
import io.xinglin.tlog.TlogProof;
import io.xinglin.tlog.TrustPolicy;
import io.xinglin.tlog.Verification;
import java.util.Map;

/// A `.tlog-proof` of ours, with the opening it carries. It means nothing until [#verify] says `Valid`.
///
/// @spec https://c2sp.org/tlog-proof tlog-proof
/// @param proof what the log proves
/// @param opening what the entry commits to, as the receipt claims
record Receipt(TlogProof proof, Opening opening) {
    /// Reads a receipt.
    ///
    /// @throws IllegalArgumentException if it is none of ours
    static Receipt parse(String text) {
        var proof = TlogProof.parse(text);
        var extra =
                proof.extraBytes()
                        .orElseThrow(() -> new IllegalArgumentException("it has no extra line"));
        return new Receipt(proof, OpeningJson.parse(extra));
    }

    /// Whether a log that is believed has an entry that commits to this opening, in a tree that enough witnesses cosigned.
    Verification verify(TrustPolicy policy) {
        return policy.verify(proof, leafHash());
    }

    private Hash leafHash() {
        return Entry.of(Entry.kindOf(opening), opening).leafHash();
    }

    /// What is proved, field by field.
    Map<String, String> statement() {
        return OpeningJson.statement(opening);
    }
}
