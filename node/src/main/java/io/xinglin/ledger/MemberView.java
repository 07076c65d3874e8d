package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MemberWitness;
import java.util.List;
import java.util.Optional;

/// A member as `/ledger/members` shows it.
///
/// @param status `active` or `suspended`
record MemberView(
        String id,
        MemberName name,
        List<String> roles,
        String fhir,
        MemberLog log,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<MemberWitness> witness,
        String status) {
    static MemberView of(Member member, boolean suspended) {
        return new MemberView(
                member.id().value(),
                member.name(),
                member.roles().stream().map(MemberRole::word).toList(),
                member.fhir(),
                member.log(),
                member.witness(),
                suspended ? "suspended" : "active");
    }
}
