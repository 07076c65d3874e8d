package io.xinglin.tlog;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Which witnesses together are enough.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy
public sealed interface QuorumRule {
    /// Nobody is needed.
    record None() implements QuorumRule {}

    /// This witness is needed.
    record Witness(CosignatureVerifier key) implements QuorumRule {}

    /// So many of these are needed.
    ///
    /// @param needed from 1 to as many as there are
    record Group(int needed, List<QuorumRule> members) implements QuorumRule {
        public Group {
            members = List.copyOf(members);
            if (needed < 1 || needed > members.size()) {
                throw new IllegalArgumentException(
                        "a quorum of " + needed + " cannot be had of " + members.size());
            }
            if (members.stream().anyMatch(None.class::isInstance)) {
                throw new IllegalArgumentException("none is no member of a group");
            }
        }
    }

    /// Whether these are enough.
    default boolean isMetBy(Set<CosignatureVerifier> cosigned) {
        return switch (this) {
            case None() -> true;
            case Witness(var key) -> cosigned.contains(key);
            case Group(var needed, var members) ->
                    members.stream().filter(it -> it.isMetBy(cosigned)).count() >= needed;
        };
    }

    /// The witnesses it speaks of, each as often as it does.
    default Stream<CosignatureVerifier> witnesses() {
        return switch (this) {
            case None() -> Stream.empty();
            case Witness(var key) -> Stream.of(key);
            case Group(_, var members) -> members.stream().flatMap(QuorumRule::witnesses);
        };
    }
}
