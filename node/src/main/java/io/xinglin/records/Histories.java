package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.HistoryQuery.Place;
import io.xinglin.records.Reader.Answer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers histories: consent first, then the entry in the log, then, once both are committed, the versions.
///
/// The history of one resource is for whoever may read it. That of a type or of everything is for the custodian's own people: it
/// tells what is kept about whom, and a consent covers one patient.
@Component
class Histories {
    /// What the log calls everything.
    private static final String ANY = "Resource";

    private final RecordTable table;
    private final HistoryTable versions;
    private final Permissions permissions;
    private final Unsealing unsealing;
    private final TransactionTemplate transaction;

    Histories(
            RecordTable table,
            HistoryTable versions,
            Permissions permissions,
            Unsealing unsealing,
            TransactionTemplate transaction) {
        this.table = table;
        this.versions = versions;
        this.permissions = permissions;
        this.unsealing = unsealing;
        this.transaction = transaction;
    }

    /// Some of the versions, the newest first.
    ///
    /// @param last the place after which to go on; none if these are the last
    record History(List<Version> versions, Optional<Place> last) {}

    private record Rows(List<StoredVersion> permitted, Optional<Place> last) {}

    /// The history of one resource.
    Answer<History> of(Caller caller, ResourceId id, HistoryQuery query) {
        return answer(() -> ofResource(caller, id, query));
    }

    /// The history of a type, or of everything.
    Answer<History> of(
            Caller caller, MemberId custodian, Optional<String> type, HistoryQuery query) {
        return answer(() -> ofOrganisation(caller, custodian, type, query));
    }

    private Answer<History> answer(Supplier<Answer<Rows>> work) {
        var answer = transaction.execute(_ -> work.get());
        if (answer == null) {
            throw new IllegalStateException("a history has an answer");
        }
        return answer.map(
                rows ->
                        new History(
                                rows.permitted.stream().map(unsealing::open).toList(), rows.last));
    }

    private Answer<Rows> ofResource(Caller caller, ResourceId id, HistoryQuery query) {
        Permissions.guard(caller, id.custodian());
        var current = table.current(id);
        if (current.isEmpty()) {
            return nothing(caller, id.type());
        }
        var there = current.get();
        var asked =
                EnumSet.of(
                        Categories.category(there.category()),
                        Categories.category(there.currentCategory()));
        var permission =
                permissions.of(caller, there.owner(), Interaction.HISTORY, id.type(), asked);
        if (permission.isEmpty()) {
            return new Answer.Refused<>();
        }
        var permit = permission.get();
        if (!there.isCoveredBy(permit)) {
            permissions.refused(caller, there.owner().patient(), Interaction.HISTORY, id.type());
            return new Answer.Refused<>();
        }
        var rows = versions.ofResource(there.resource(), query, permit, query.count() + 1);
        var shown = shown(rows, query);
        permissions.disclosed(
                caller, there.owner(), Interaction.HISTORY, id.type(), permit, references(shown));
        return new Answer.Found<>(new Rows(shown, last(rows, shown)));
    }

    private Answer<Rows> nothing(Caller caller, String type) {
        if (Permissions.isInsider(caller) || R4.isDirectory(type)) {
            return new Answer.Missing<>();
        }
        permissions.refused(caller, Optional.empty(), Interaction.HISTORY, type);
        return new Answer.Refused<>();
    }

    private Answer<Rows> ofOrganisation(
            Caller caller, MemberId custodian, Optional<String> type, HistoryQuery query) {
        Permissions.guard(caller, custodian);
        if (!Permissions.isInsider(caller) && !type.map(R4::isDirectory).orElse(false)) {
            permissions.refused(caller, Optional.empty(), Interaction.HISTORY, type.orElse(ANY));
            return new Answer.Refused<>();
        }
        var rows = versions.ofOrganisation(custodian, type, query, query.count() + 1);
        var looked = shown(rows, query);
        return new Answer.Found<>(new Rows(permitted(caller, looked), last(rows, looked)));
    }

    /// One entry a patient and type: what is shown or proved to one says nothing about another.
    private List<StoredVersion> permitted(Caller caller, List<StoredVersion> rows) {
        record Part(Owner owner, String type) {}
        Map<Part, List<StoredVersion>> parts =
                rows.stream()
                        .collect(
                                Collectors.groupingBy(
                                        row -> new Part(row.owner(), row.id().resource().type()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        var permitted = new HashSet<VersionId>();
        parts.forEach(
                (part, some) ->
                        permissions
                                .of(
                                        caller,
                                        part.owner,
                                        Interaction.HISTORY,
                                        part.type,
                                        Categories.possible(part.type))
                                .ifPresent(
                                        permit ->
                                                disclose(
                                                                caller,
                                                                part.owner,
                                                                part.type,
                                                                permit,
                                                                some)
                                                        .forEach(row -> permitted.add(row.id()))));
        return rows.stream().filter(row -> permitted.contains(row.id())).toList();
    }

    private List<StoredVersion> disclose(
            Caller caller, Owner owner, String type, Permit permit, List<StoredVersion> rows) {
        var covered = rows.stream().filter(row -> row.isCoveredBy(permit)).toList();
        permissions.disclosed(
                caller, owner, Interaction.HISTORY, type, permit, references(covered));
        return covered;
    }

    private static List<String> references(List<StoredVersion> rows) {
        return rows.stream().map(row -> row.id().reference()).toList();
    }

    private static List<StoredVersion> shown(List<StoredVersion> rows, HistoryQuery query) {
        return rows.subList(0, Math.min(query.count(), rows.size()));
    }

    private static Optional<Place> last(List<StoredVersion> rows, List<StoredVersion> shown) {
        return rows.size() > shown.size()
                ? Optional.of(Place.of(shown.getLast()))
                : Optional.empty();
    }
}
