package io.xinglin.contracts;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who belongs to the consortium.
public sealed interface MembershipCommand extends Command {
    @Override
    default String contract() {
        return "membership";
    }

    /// Founds the ledger: the first transaction, signed by the key it carries.
    ///
    /// @param key the operator's key
    /// @param admitted the organisations that may join, each with the key it will sign with; all later ones need a vote
    /// @param versions contracts that begin in a later version than the first
    record Found(
            PublicJwk key, SortedMap<MemberId, KeyId> admitted, SortedMap<String, Long> versions)
            implements MembershipCommand {
        public Found {
            admitted = Collections.unmodifiableSortedMap(new TreeMap<>(admitted));
            versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
        }

        /// A founding with every contract in its first version.
        public Found(PublicJwk key, SortedMap<MemberId, KeyId> admitted) {
            this(key, admitted, new TreeMap<>());
        }

        @Override
        public String function() {
            return "found";
        }

        @Override
        public String argumentsJson() {
            var list =
                    admitted.entrySet().stream()
                            .map(
                                    entry ->
                                            (Json)
                                                    JsonObject.with("id", entry.getKey().value())
                                                            .with("kid", entry.getValue().value())
                                                            .build())
                            .toList();
            var arguments =
                    JsonObject.with("key", PublicJwks.write(key))
                            .with("admitted", new Json.Items(list));
            if (!versions.isEmpty()) {
                var later = new JsonObject.Builder();
                versions.forEach(later::with);
                arguments.with("versions", later.build());
            }
            return arguments.text();
        }
    }

    /// Joins: signed by the key it carries, which must be the admitted one.
    ///
    /// @param key the organisation's signing key
    /// @param member what the organisation says about itself
    record Join(PublicJwk key, Member member) implements MembershipCommand {
        @Override
        public String function() {
            return "join";
        }

        @Override
        public String argumentsJson() {
            return member.builder().with("key", PublicJwks.write(key)).text();
        }
    }

    /// Changes what an organisation says about itself: signed by that organisation. The log's origin stays.
    ///
    /// @param name the new name, if any
    /// @param fhir the new FHIR base, if any
    /// @param log the new address or key of the log, if any
    /// @param witness the new address or key as a witness, if any
    record Update(
            Optional<MemberName> name,
            Optional<String> fhir,
            Optional<MemberLog> log,
            Optional<MemberWitness> witness)
            implements MembershipCommand {
        /// A change that leaves the witness as it is.
        public Update(Optional<MemberName> name, Optional<String> fhir, Optional<MemberLog> log) {
            this(name, fhir, log, Optional.empty());
        }

        @Override
        public String function() {
            return "update";
        }

        @Override
        public String argumentsJson() {
            var arguments = new JsonObject.Builder();
            name.ifPresent(value -> arguments.with("name", value.json()));
            fhir.ifPresent(value -> arguments.with("fhir", value));
            log.ifPresent(value -> arguments.with("log", value.json()));
            witness.ifPresent(value -> arguments.with("witness", value.json()));
            return arguments.text();
        }
    }
}
