package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;

/// Which witnesses count, and which of them must have cosigned a checkpoint for it to be believed.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy
/// @param witnesses whose; each key once
/// @param quorum which of them; each at one place of it at most
public record WitnessPolicy(List<CosignatureVerifier> witnesses, QuorumRule quorum) {
    /// Asks for no cosignatures.
    public static final WitnessPolicy NONE = new WitnessPolicy(0, List.of());

    public WitnessPolicy {
        witnesses = List.copyOf(witnesses);
        // Under two names, one witness would count twice.
        var keys = witnesses.stream().map(it -> ByteBuffer.wrap(it.publicKey())).distinct().count();
        if (keys < witnesses.size()) {
            throw new IllegalArgumentException("a witness is named twice");
        }
        var needed = quorum.witnesses().toList();
        if (new HashSet<>(needed).size() < needed.size() || !witnesses.containsAll(needed)) {
            throw new IllegalArgumentException("each of the witnesses counts once, and no other");
        }
    }

    /// So many of these.
    ///
    /// @param quorum how many
    /// @param witnesses whose; each key once
    public WitnessPolicy(int quorum, List<CosignatureVerifier> witnesses) {
        this(witnesses, quorum == 0 ? new QuorumRule.None() : group(quorum, witnesses));
    }

    private static QuorumRule group(int quorum, List<CosignatureVerifier> witnesses) {
        return new QuorumRule.Group(
                quorum, witnesses.stream().<QuorumRule>map(QuorumRule.Witness::new).toList());
    }

    /// Whether enough of these witnesses cosigned the checkpoint, and none of them is claimed to have who did not.
    public Verification verify(SignedNote checkpoint) {
        for (var witness : witnesses) {
            var claimed = checkpoint.claimedBy(witness.name(), witness.keyId());
            var verification = witness.verify(checkpoint);
            if (!claimed.isEmpty() && verification instanceof Verification.Invalid) {
                return verification;
            }
        }
        var cosigned = cosigned(checkpoint);
        return quorum.isMetBy(new HashSet<>(cosigned))
                ? Verification.valid()
                : Verification.invalid(
                        "cosigned by " + cosigned.size() + " of the witnesses, " + missing());
    }

    private String missing() {
        return quorum instanceof QuorumRule.Group(var needed, var members)
                        && members.stream().allMatch(QuorumRule.Witness.class::isInstance)
                ? needed + " are needed"
                : "and not by those that the policy asks for";
    }

    /// Those of these witnesses that cosigned the checkpoint.
    public List<CosignatureVerifier> cosigned(SignedNote checkpoint) {
        return witnesses.stream()
                .filter(it -> it.verify(checkpoint) instanceof Verification.Valid)
                .toList();
    }
}
