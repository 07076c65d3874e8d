package io.xinglin.contracts;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// An organisation of the consortium, as the ledger knows it.
///
/// @param id its id
/// @param name its name for people
/// @param roles what it is
/// @param fhir the base address of its FHIR service
/// @param log its transparency log
/// @param witness how it witnesses the logs of the others, if it does
public record Member(
        MemberId id,
        MemberName name,
        SortedSet<MemberRole> roles,
        String fhir,
        MemberLog log,
        Optional<MemberWitness> witness) {
    public Member {
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
    }

    /// A member with its roles in any collection, who witnesses nothing.
    public static Member of(
            MemberId id,
            MemberName name,
            Collection<MemberRole> roles,
            String fhir,
            MemberLog log) {
        return new Member(id, name, new TreeSet<>(roles), fhir, log, Optional.empty());
    }

    /// The same member as a witness.
    public Member witnessing(MemberWitness as) {
        return new Member(id, name, roles, fhir, log, Optional.of(as));
    }

    /// Reads the value stored on the ledger.
    public static Member parse(String json) {
        return read(JsonReader.object(json));
    }

    /// The value stored on the ledger.
    public String toJson() {
        return json().text();
    }

    static Member read(JsonObject member) {
        member.only("id", "name", "roles", "fhir", "log", "witness");
        var roles = new TreeSet<MemberRole>();
        for (var role : member.items("roles")) {
            roles.add(MemberRole.of(role));
        }
        if (roles.isEmpty()) {
            throw JsonObject.bad("roles", "must not be empty");
        }
        return new Member(
                Forms.member(member, "id"),
                MemberName.read(member.object("name")),
                roles,
                member.string("fhir", Patterns.URL),
                MemberLog.read(member.object("log")),
                readWitness(member));
    }

    static Optional<MemberWitness> readWitness(JsonObject object) {
        return object.has("witness")
                ? Optional.of(MemberWitness.read(object.object("witness")))
                : Optional.empty();
    }

    JsonObject json() {
        return builder().build();
    }

    JsonObject.Builder builder() {
        var member =
                JsonObject.with("id", id.value())
                        .with("name", name.json())
                        .with(
                                "roles",
                                new Json.Items(
                                        roles.stream().map(r -> Json.text(r.word())).toList()))
                        .with("fhir", fhir)
                        .with("log", log.json());
        witness.ifPresent(it -> member.with("witness", it.json()));
        return member;
    }
}
