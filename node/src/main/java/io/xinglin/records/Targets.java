package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.records.Change.Act;
import io.xinglin.records.Written.How;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Finds out where changes go that are made together: which resource each is about, and which version it becomes.
///
/// Deletions come first, so that a condition does not find what goes in the same transaction.
///
/// @spec https://hl7.org/fhir/R4/http.html#trules FHIR R4, transaction processing rules
@Component
class Targets {
    private final RecordTable table;
    private final Namings namings;
    private final InstantSource time;
    private final SecureRandom random;

    Targets(RecordTable table, Namings namings, InstantSource time, SecureRandom random) {
        this.table = table;
        this.namings = namings;
        this.time = time;
        this.random = random;
    }

    /// @param targets one for each change, in their order
    /// @param absent what must still find nothing when the changes are stored
    /// @param gone what is deleted
    record Plan(List<Target> targets, Set<Naming> absent, Set<ResourceId> gone) {
        /// Those of which there is something to store.
        List<Target> documents() {
            return targets.stream()
                    .filter(target -> target.isStored() && !target.isDeletion())
                    .toList();
        }

        List<Target> deletions() {
            return targets.stream().filter(Target::isDeletion).toList();
        }
    }

    Plan plan(MemberId custodian, List<Change> changes) {
        return new Planning(custodian, changes).plan();
    }

    /// Version 7: random, but new ones sort after old ones, which keeps indexes small.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc9562#section-5.7 RFC 9562, UUID version 7
    private String newId() {
        var high = (time.millis() << 16) | 0x7000L | (random.nextInt() & 0xfffL);
        var low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    private final class Planning {
        private final MemberId custodian;
        private final List<Change> changes;
        private final Map<Change, Naming> named = new LinkedHashMap<>();
        private final Map<Naming, List<StoredVersion>> found;
        private final Map<Naming, Target> created = new HashMap<>();
        private final Set<Naming> absent = new HashSet<>();
        private final Set<ResourceId> taken = new HashSet<>();
        private final Set<ResourceId> gone = new HashSet<>();

        Planning(MemberId custodian, List<Change> changes) {
            this.custodian = custodian;
            this.changes = changes;
            for (var change : changes) {
                change.condition()
                        .map(condition -> Naming.of(change.type(), condition))
                        .ifPresent(naming -> named.put(change, naming));
            }
            found = namings.find(custodian, named.values());
        }

        Plan plan() {
            var targets = new HashMap<Change, Target>();
            for (var deletions : List.of(true, false)) {
                for (var change : changes) {
                    if (deletions == (change.act() == Act.DELETE)) {
                        targets.put(change, checked(target(change)));
                    }
                }
            }
            return new Plan(changes.stream().map(targets::get).toList(), absent, gone);
        }

        /// Each resource is changed once: otherwise it would depend on the order what is there in the end.
        private Target checked(Target target) {
            if (target.isStored() && !taken.add(target.version().resource())) {
                throw Outcomes.invalid(
                        target.change()
                                .says(
                                        "changes "
                                                + target.version().resource().reference()
                                                + " again."));
            }
            if (target.isDeletion()) {
                gone.add(target.version().resource());
            }
            return target;
        }

        private Target target(Change change) {
            return switch (change.act()) {
                case CREATE -> create(change);
                case UPDATE -> update(change);
                case PATCH -> patch(change);
                case DELETE -> delete(change);
            };
        }

        private Target create(Change change) {
            var naming = named.get(change);
            if (naming != null && created.containsKey(naming)) {
                return created.get(naming).sameFor(change);
            }
            var there = one(change);
            return there.isPresent() ? Target.found(change, there.get()) : added(change, newId());
        }

        private Target update(Change change) {
            if (change.condition().isEmpty()) {
                var id = id(change.type(), change.id().orElseThrow());
                return next(change, id, table.current(id));
            }
            var given = Optional.ofNullable(content(change).getIdElement().getIdPart());
            var there = one(change);
            if (there.isEmpty()) {
                return given.isPresent() ? addedAs(change, given.get()) : added(change, newId());
            }
            var id = there.get().id().resource();
            if (given.isPresent() && !given.get().equals(id.id())) {
                throw Outcomes.invalid(
                        change.says("has another id than the one its condition finds."));
            }
            return next(change, id, there);
        }

        private static org.hl7.fhir.r4.model.Resource content(Change change) {
            return change.content()
                    .given(
                            () -> {
                                throw new IllegalStateException("an update says all there is");
                            });
        }

        /// An id that a conditional update gives to what it creates.
        private Target addedAs(Change change, String name) {
            var id = id(change.type(), name);
            var there = table.current(id);
            if (there.isPresent() && !there.get().deleted()) {
                throw Outcomes.conflict(
                        change.says("has the id of a resource that its condition does not find."));
            }
            return condition(change, next(change, id, there));
        }

        private Target added(Change change, String id) {
            return condition(change, next(change, id(change.type(), id), Optional.empty()));
        }

        private Target condition(Change change, Target target) {
            var naming = named.get(change);
            if (naming != null) {
                if (created.putIfAbsent(naming, target) != null) {
                    throw Outcomes.invalid(
                            change.says("has the condition of another entry: which is meant?"));
                }
                absent.add(naming);
            }
            return target;
        }

        private Target patch(Change change) {
            var there = change.condition().isEmpty() ? byId(change) : one(change);
            require(change, there);
            if (there.isEmpty()) {
                throw Outcomes.notFound(
                        change.says("would change something that is not known here."));
            }
            if (there.get().deleted()) {
                throw Outcomes.gone(there.get().id().resource().reference() + " is deleted.");
            }
            return next(change, there.get().id().resource(), there);
        }

        private Target delete(Change change) {
            var there = change.condition().isEmpty() ? byId(change) : one(change);
            require(change, there);
            if (there.isEmpty() || there.get().deleted()) {
                return Target.absent(change, there);
            }
            var id = there.get().id();
            return new Target(
                    change,
                    Optional.of(id.resource().version(id.number() + 1)),
                    there,
                    How.DELETED);
        }

        private Optional<StoredVersion> byId(Change change) {
            return table.current(id(change.type(), change.id().orElseThrow()));
        }

        private ResourceId id(String type, String id) {
            return new ResourceId(custodian, type, id);
        }

        /// What the condition finds and nothing else in this transaction deletes.
        private Optional<StoredVersion> one(Change change) {
            var naming = named.get(change);
            if (naming == null) {
                return Optional.empty();
            }
            var matches =
                    found.getOrDefault(naming, List.of()).stream()
                            .filter(row -> !gone.contains(row.id().resource()))
                            .toList();
            if (matches.size() > 1) {
                throw Outcomes.precondition(
                        change.says("is conditional, and several resources match " + naming + "."));
            }
            return matches.stream().findFirst();
        }

        private Target next(Change change, ResourceId id, Optional<StoredVersion> current) {
            require(change, current);
            var number = current.map(row -> row.id().number()).orElse(0);
            var how = current.filter(row -> !row.deleted()).isPresent() ? How.UPDATED : How.CREATED;
            return new Target(change, Optional.of(id.version(number + 1)), current, how);
        }

        private void require(Change change, Optional<StoredVersion> current) {
            if (change.ifMatch().isEmpty()) {
                return;
            }
            var expected = change.ifMatch().get();
            var there = current.filter(row -> !row.deleted());
            if (there.filter(row -> expected.matches(row.id().number())).isEmpty()) {
                throw Outcomes.precondition(
                        change.says(
                                "expects version "
                                        + expected
                                        + there.map(
                                                        row ->
                                                                "; the current one is "
                                                                        + row.id().number()
                                                                        + ".")
                                                .orElse(", and there is none.")));
            }
        }
    }
}
