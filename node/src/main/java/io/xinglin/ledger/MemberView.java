package io.xinglin.ledger;

import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import java.util.List;

/// A member as `/ledger/members` shows it.
record MemberView(String id, MemberName name, List<String> roles, String fhir, MemberLog log) {
    static MemberView of(Member member) {
        return new MemberView(
                member.id().value(),
                member.name(),
                member.roles().stream().map(MemberRole::word).toList(),
                member.fhir(),
                member.log());
    }
}
