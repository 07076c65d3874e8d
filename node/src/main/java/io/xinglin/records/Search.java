package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.RecordTable.Candidates;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Answers searches: consent first, then what matches, then the entry in the log.
///
/// A search must unseal to compare; it does so before the entry is made, so that the entry says what is really disclosed. What
/// it unsealed leaves this class only after the commit, as with every read.
@Component
class Search {
    /// A search looks at so many resources at most before it answers with what it has and a link to go on.
    private static final int LOOKED_AT_MAX = 20_000;

    private static final int CHUNK_MIN = 64;
    private static final int CHUNK_MAX = 1000;

    private final RecordTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final Permissions permissions;
    private final TransactionTemplate transaction;

    Search(
            RecordTable table,
            Compartments compartments,
            Unsealing unsealing,
            Permissions permissions,
            TransactionTemplate transaction) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.permissions = permissions;
        this.transaction = transaction;
    }

    /// Some of the matches of a search.
    ///
    /// @param more whether there may be others after the last
    /// @param last the id after which to go on
    /// @param patient the one patient it is about, if it is
    record Page(List<Version> matches, boolean more, String last, Optional<PatientId> patient) {
        private Page about(PatientId who) {
            return new Page(matches, more, last, Optional.of(who));
        }
    }

    /// The resources that match, some at a time.
    Reader.Answer<Page> search(Caller caller, Query query) {
        var answer = transaction.execute(_ -> matching(caller, query));
        if (answer == null) {
            throw new IllegalStateException("a search has an answer");
        }
        return answer;
    }

    private Reader.Answer<Page> matching(Caller caller, Query query) {
        Permissions.guard(caller, query.custodian());
        var type = query.type().name();
        if (R4.isDirectory(type)) {
            var owner = Owner.organisation(query.custodian());
            return new Reader.Answer.Found<>(ofOwner(query, owner, Optional.empty()).page());
        }
        var patient = patient(query).or(() -> self(caller));
        if (patient.isPresent()) {
            return ofPatient(caller, query, patient.get());
        }
        if (!Permissions.isInsider(caller)) {
            permissions.refused(caller, Optional.empty(), Interaction.SEARCH, type);
            return new Reader.Answer.Refused<>();
        }
        var found = acrossPatients(query);
        recordEach(caller, type, found);
        return new Reader.Answer.Found<>(found.page());
    }

    /// A patient's own searches are about themselves.
    private static Optional<PatientId> self(Caller caller) {
        return caller instanceof Caller.Patient self
                ? Optional.of(self.patient())
                : Optional.empty();
    }

    /// The one patient that a search names.
    private Optional<PatientId> patient(Query query) {
        if (query.patient().isPresent()) {
            return query.patient().map(id -> new PatientId(query.custodian(), id));
        }
        return query.patientIdentifier()
                .flatMap(identifier -> byIdentifier(query.custodian(), identifier));
    }

    private Optional<PatientId> byIdentifier(MemberId custodian, IdentifierQuery identifier) {
        var index = compartments.index(Owner.organisation(custodian));
        if (index.isEmpty()) {
            return Optional.empty();
        }
        var token = identifier.token(index.get());
        var patients =
                table
                        .byIdentifier(custodian, "Patient", List.of(token))
                        .getOrDefault(token, List.of())
                        .stream()
                        .filter(row -> identifier.matches(unsealing.json(row)))
                        .toList();
        return patients.size() == 1 ? patients.getFirst().owner().patient() : Optional.empty();
    }

    private Reader.Answer<Page> ofPatient(Caller caller, Query query, PatientId patient) {
        var type = query.type().name();
        var owner = Owner.of(patient);
        var permission =
                permissions.of(caller, owner, Interaction.SEARCH, type, Categories.possible(type));
        if (permission.isEmpty()) {
            return new Reader.Answer.Refused<>();
        }
        var permit = permission.get();
        var found = ofOwner(query, owner, Optional.of(permit));
        permissions.disclosed(caller, owner, Interaction.SEARCH, type, permit, found.rows());
        return new Reader.Answer.Found<>(found.page().about(patient));
    }

    private Matches ofOwner(Query query, Owner owner, Optional<Permit> permit) {
        var index = compartments.index(owner);
        if (index.isEmpty()) {
            return Matches.NONE;
        }
        var tokens = tokens(query, index.get());
        return look(
                query,
                after ->
                        new Candidates(
                                query.custodian(),
                                query.type().name(),
                                Optional.of(owner.id()),
                                query.ids(),
                                permit,
                                tokens,
                                Optional.empty(),
                                after,
                                chunk(query)));
    }

    /// For the custodian's own people: by identifier, by id, or a plain list. Other parameters are indexed for one patient at a
    /// time only.
    private Matches acrossPatients(Query query) {
        var type = query.type().name();
        if (query.patientIdentifier().isPresent() && !type.equals("Patient")) {
            return Matches.NONE;
        }
        if (query.identifiers().isEmpty()
                && query.ids().isEmpty()
                && !query.conditions().isEmpty()) {
            throw Outcomes.tooCostly(
                    "Name the patient, or search by identifier or _id: the records of different"
                            + " patients are sealed and indexed apart.");
        }
        var index = compartments.index(Owner.organisation(query.custodian()));
        var identifiers =
                index.flatMap(
                        blind ->
                                query.identifiers().stream()
                                        .map(condition -> condition.tokens(type, blind))
                                        .flatMap(Optional::stream)
                                        .findFirst());
        return look(
                query,
                after ->
                        new Candidates(
                                query.custodian(),
                                type,
                                Optional.empty(),
                                query.ids(),
                                Optional.empty(),
                                List.of(),
                                identifiers,
                                after,
                                chunk(query)));
    }

    /// What a search by the custodian itself matches, some of it. Nothing of it may be shown to anyone: no consent is asked for,
    /// and no entry made.
    List<StoredVersion> undisclosed(Query query) {
        if (R4.isDirectory(query.type().name())) {
            return ofOwner(query, Owner.organisation(query.custodian()), Optional.empty()).rows();
        }
        var patient = patient(query);
        return (patient.isPresent()
                        ? ofOwner(query, Owner.of(patient.get()), Optional.empty())
                        : acrossPatients(query))
                .rows();
    }

    /// One entry a patient: what is shown or proved to one says nothing about another.
    private void recordEach(Caller caller, String type, Matches found) {
        var byOwner =
                found.rows().stream()
                        .collect(
                                Collectors.groupingBy(
                                        StoredVersion::owner,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        byOwner.forEach(
                (owner, rows) ->
                        permissions
                                .of(
                                        caller,
                                        owner,
                                        Interaction.SEARCH,
                                        type,
                                        Categories.possible(type))
                                .ifPresent(
                                        permit ->
                                                permissions.disclosed(
                                                        caller,
                                                        owner,
                                                        Interaction.SEARCH,
                                                        type,
                                                        permit,
                                                        rows)));
    }

    private static int chunk(Query query) {
        return Math.clamp(query.count() + 1L, CHUNK_MIN, CHUNK_MAX);
    }

    private static List<Set<Long>> tokens(Query query, BlindIndex index) {
        return query.conditions().stream()
                .map(condition -> condition.tokens(query.type().name(), index))
                .flatMap(Optional::stream)
                .toList();
    }

    /// Goes through the candidates until the page is full, all are seen, or enough have been looked at.
    private Matches look(Query query, Function<String, Candidates> candidates) {
        var matches = new ArrayList<Match>();
        var after = query.after();
        for (var seen = 0; seen < LOOKED_AT_MAX; ) {
            var wanted = candidates.apply(after);
            var rows = table.candidates(wanted);
            for (var row : rows) {
                var version = unsealing.open(row);
                // The database narrows; what may be shown is decided by what was unsealed.
                if (wanted.permit().map(row::isCoveredBy).orElse(true)
                        && !version.isDeletion()
                        && query.matches(Unsealing.json(version))) {
                    if (matches.size() == query.count()) {
                        return new Matches(matches, true, after);
                    }
                    matches.add(new Match(row, version));
                }
                after = row.id().resource().id();
            }
            if (rows.size() < wanted.most()) {
                return new Matches(matches, false, after);
            }
            seen += rows.size();
        }
        return new Matches(matches, true, after);
    }

    private record Match(StoredVersion row, Version version) {}

    private record Matches(List<Match> found, boolean more, String last) {
        static final Matches NONE = new Matches(List.of(), false, "");

        List<StoredVersion> rows() {
            return found.stream().map(Match::row).toList();
        }

        Page page() {
            return new Page(
                    found.stream().map(Match::version).toList(), more, last, Optional.empty());
        }
    }
}
