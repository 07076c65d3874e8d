package io.xinglin.tlog;

import java.util.List;

/// Which witnesses count, and how many of them must have cosigned a checkpoint for it to be believed.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy, one group
/// @param quorum how many
/// @param witnesses whose; each key once
public record WitnessPolicy(int quorum, List<CosignatureVerifier> witnesses) {
    /// Asks for no cosignatures.
    public static final WitnessPolicy NONE = new WitnessPolicy(0, List.of());

    public WitnessPolicy {
        witnesses = List.copyOf(witnesses);
        if (quorum < 0 || quorum > witnesses.size()) {
            throw new IllegalArgumentException(
                    "a quorum of " + quorum + " cannot be had of " + witnesses.size());
        }
        // Under two names, one witness would count twice.
        var keys = witnesses.stream().map(it -> Hash.of(it.publicKey())).distinct().count();
        if (keys < witnesses.size()) {
            throw new IllegalArgumentException("a witness is named twice");
        }
    }

    /// Whether enough of these witnesses cosigned the checkpoint.
    public Verification verify(SignedNote checkpoint) {
        for (var witness : witnesses) {
            var claimed = checkpoint.claimedBy(witness.name(), witness.keyId());
            var verification = witness.verify(checkpoint);
            if (!claimed.isEmpty() && verification instanceof Verification.Invalid) {
                return verification;
            }
        }
        var count = cosigned(checkpoint).size();
        return count >= quorum
                ? Verification.valid()
                : Verification.invalid(
                        "cosigned by " + count + " of the witnesses, " + quorum + " are needed");
    }

    /// Those of these witnesses that cosigned the checkpoint.
    public List<CosignatureVerifier> cosigned(SignedNote checkpoint) {
        return witnesses.stream()
                .filter(it -> it.verify(checkpoint) instanceof Verification.Valid)
                .toList();
    }

    /// The policy as a file that other people's verifiers read.
    public String text(NoteVerifier log) {
        var text = new StringBuilder("log " + log + "\n");
        var names = new StringBuilder();
        for (var i = 0; i < witnesses.size(); i++) {
            text.append("witness w")
                    .append(i + 1)
                    .append(' ')
                    .append(witnesses.get(i))
                    .append('\n');
            names.append(" w").append(i + 1);
        }
        if (quorum == 0) {
            return text.append("quorum none\n").toString();
        }
        text.append("group quorum-of-witnesses ").append(quorum).append(names).append('\n');
        return text.append("quorum quorum-of-witnesses\n").toString();
    }
}
