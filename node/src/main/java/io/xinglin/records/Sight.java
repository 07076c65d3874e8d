package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Ground;
import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.identity.Caller;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What one caller sees in one search, and what of it they are shown.
///
/// Consent is asked once for each record and type, before anything of it is matched. Those who are not the custodian's own see
/// one record, and what is in nobody's: what other records say is as if it were not there. All that an answer rests on is
/// recorded, one entry a record.
final class Sight {
    private final Permissions permissions;
    private final Caller caller;
    private final Optional<Owner> record;
    private final boolean isRecorded;
    private final Map<Part, Optional<Permit>> asked = new HashMap<>();
    private final Map<Owner, Shown> shown = new LinkedHashMap<>();

    /// @param record the one record that the search is about
    /// @param isRecorded whether someone is shown something; otherwise the custodian itself looks, and sees all
    Sight(Permissions permissions, Caller caller, Optional<Owner> record, boolean isRecorded) {
        this.permissions = permissions;
        this.caller = caller;
        this.record = record;
        this.isRecorded = isRecorded;
    }

    private record Part(Owner owner, String type) {}

    private static final class Shown {
        private final Set<String> types = new TreeSet<>();
        private final Set<String> versions = new LinkedHashSet<>();
    }

    Optional<Owner> record() {
        return record;
    }

    /// Whose resources may tell something about those of the record; none if everyone's. Those of nobody in particular do for the
    /// custodian's own people: a Provenance of an Observation is one.
    Optional<Set<String>> around() {
        return record.map(
                owner ->
                        Permissions.isInsider(caller)
                                ? Set.of(owner.id(), "")
                                : Set.of(owner.id()));
    }

    /// What may be read of a type; none if nothing, which is then recorded.
    ///
    /// @param owner whose
    Optional<Permit> permit(Owner owner, String type) {
        return isRecorded
                ? asked.computeIfAbsent(new Part(owner, type), this::ask)
                : Optional.of(Permissions.everything());
    }

    private Optional<Permit> ask(Part part) {
        return permissions.of(
                caller, part.owner, Interaction.SEARCH, part.type, Categories.possible(part.type));
    }

    /// Whether a search by this caller may touch a type at all.
    boolean mayTouch(String type) {
        if (R4.isDirectory(type)) {
            return true;
        }
        if (record.isPresent()) {
            return permit(record.get(), type).isPresent();
        }
        if (!Permissions.isInsider(caller)) {
            permissions.refused(caller, Optional.empty(), Interaction.SEARCH, type);
            return false;
        }
        return true;
    }

    /// Whether this one may be opened to be compared. What is only stored is as if it were not there.
    boolean isOpen(StoredVersion row) {
        return !isRecorded || !permissions.isShut(caller, row.owner());
    }

    /// Whether the caller sees this one.
    boolean sees(StoredVersion row) {
        if (!isOpen(row)) {
            return false;
        }
        var type = row.id().resource().type();
        if (R4.isDirectory(type) || Permissions.isInsider(caller)) {
            return true;
        }
        return record.filter(row.owner()::equals).isPresent()
                && permit(row.owner(), type).filter(row::isCoveredBy).isPresent();
    }

    /// The search is about this record, whether anything is found in it or not.
    void enter(Owner owner, String type) {
        shown(owner).types.add(type);
    }

    /// The caller is shown this one, or something that tells of it.
    void show(StoredVersion row) {
        var type = row.id().resource().type();
        if (!R4.isDirectory(type)) {
            var of = shown(row.owner());
            of.types.add(type);
            of.versions.add(row.id().reference());
        }
    }

    private Shown shown(Owner owner) {
        return shown.computeIfAbsent(owner, _ -> new Shown());
    }

    /// Makes the entries. Nothing is answered before.
    ///
    /// @param type what is searched
    void record(String type) {
        shown.forEach((owner, what) -> record(owner, what, type));
    }

    private void record(Owner owner, Shown what, String type) {
        var grounds = new ArrayList<Ground>();
        for (var part : what.types) {
            permit(owner, part).map(Permit::grounds).ifPresent(grounds::addAll);
        }
        if (!grounds.isEmpty()) {
            permissions.disclosed(
                    caller,
                    owner,
                    Interaction.SEARCH,
                    what.types.contains(type) ? type : what.types.iterator().next(),
                    new Permit(grounds),
                    List.copyOf(what.versions));
        }
    }
}
