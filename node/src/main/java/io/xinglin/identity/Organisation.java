package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import java.util.Set;

/// An organisation that this node hosts, or is about to.
///
/// @param name its name for people
/// @param roles what it does in the consortium; never empty
public record Organisation(MemberId id, MemberName name, Set<MemberRole> roles) {
    public Organisation {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("an organisation has a role in the consortium");
        }
    }
}
