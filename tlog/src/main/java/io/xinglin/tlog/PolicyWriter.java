package io.xinglin.tlog;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes a policy file: `w1`, `w2` … are its witnesses, `g1`, `g2` … its groups.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy
final class PolicyWriter {
    private final StringBuilder text = new StringBuilder();
    private final Map<CosignatureVerifier, String> witnesses = new HashMap<>();
    private int groups;

    String write(TrustPolicy policy) {
        policy.logs().forEach(log -> text.append("log ").append(log).append('\n'));
        for (var witness : policy.witnesses().witnesses()) {
            var name = "w" + (witnesses.size() + 1);
            witnesses.put(witness, name);
            text.append("witness ").append(name).append(' ').append(witness).append('\n');
        }
        var quorum = name(policy.witnesses().quorum());
        return text.append("quorum ").append(quorum).append('\n').toString();
    }

    /// The name of a rule; a group is written before whoever names it.
    private String name(QuorumRule rule) {
        return switch (rule) {
            case QuorumRule.None() -> PolicyReader.NONE;
            case QuorumRule.Witness(var key) -> witnesses.getOrDefault(key, "");
            case QuorumRule.Group group -> write(group);
        };
    }

    private String write(QuorumRule.Group group) {
        var members = group.members().stream().map(this::name).collect(Collectors.joining(" "));
        var name = "g" + ++groups;
        text.append("group ").append(name).append(' ').append(group.needed());
        text.append(' ').append(members).append('\n');
        return name;
    }
}
