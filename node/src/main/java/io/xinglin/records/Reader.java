package io.xinglin.records;

import io.xinglin.consent.AccessDecision;
import io.xinglin.consent.AccessDecision.DenialReason;
import io.xinglin.consent.AccessDecision.Deny;
import io.xinglin.consent.AccessDecision.Ground;
import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.RecordTable.Candidates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers reads: consent first, then the entry in the log, then, once both are committed, the record.
///
/// A search must unseal to compare; it does so before the entry is made, so that the entry says what is really disclosed. What
/// it unsealed leaves this class only after the commit, as with every read.
///
/// The custodian's own people and systems are told that something does not exist. All others are refused the same way
/// whether it exists or not.
@Component
class Reader {
    /// A search looks at so many resources at most before it answers with what it has and a link to go on.
    private static final int LOOKED_AT_MAX = 20_000;

    private static final int CHUNK_MIN = 64;
    private static final int CHUNK_MAX = 1000;

    private final RecordTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final Disclosures disclosures;
    private final TransactionTemplate transaction;

    Reader(
            RecordTable table,
            Compartments compartments,
            Unsealing unsealing,
            Disclosures disclosures,
            TransactionTemplate transaction) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.disclosures = disclosures;
        this.transaction = transaction;
    }

    /// What a read comes to.
    sealed interface Answer<T> {
        /// It is permitted and recorded.
        record Found<T>(T what) implements Answer<T> {}

        /// It is refused, and that is recorded; or there is nothing, and the reader is not to know.
        record Refused<T>() implements Answer<T> {}

        /// There is nothing, and the reader may know.
        record Missing<T>() implements Answer<T> {}

        default <R> Answer<R> map(Function<T, R> function) {
            return switch (this) {
                case Found<T>(var what) -> new Found<>(function.apply(what));
                case Refused<T>() -> new Refused<>();
                case Missing<T>() -> new Missing<>();
            };
        }
    }

    /// A version, and where it is in the log.
    record Entry(StoredVersion row, Version version) {}

    /// Some of the matches of a search.
    ///
    /// @param more whether there may be others after the last
    /// @param last the id after which to go on
    /// @param patient the one patient it is about, if it is
    record Page(List<Version> matches, boolean more, String last, Optional<PatientId> patient) {
        static final Page EMPTY = new Page(List.of(), false, "", Optional.empty());

        private Page about(PatientId who) {
            return new Page(matches, more, last, Optional.of(who));
        }
    }

    /// The newest version.
    Answer<Entry> read(Caller caller, ResourceId id) {
        return answer(() -> one(caller, id, Interaction.READ, () -> table.current(id)))
                .map(this::open);
    }

    /// One version.
    Answer<Entry> read(Caller caller, VersionId id) {
        return answer(() -> one(caller, id.resource(), Interaction.VREAD, () -> table.version(id)))
                .map(this::open);
    }

    private Entry open(StoredVersion row) {
        return new Entry(row, unsealing.open(row));
    }

    private <T> Answer<T> answer(java.util.function.Supplier<Answer<T>> work) {
        var answer = transaction.execute(_ -> work.get());
        if (answer == null) {
            throw new IllegalStateException("a read has an answer");
        }
        return answer;
    }

    private Answer<StoredVersion> one(
            Caller caller,
            ResourceId id,
            Interaction interaction,
            java.util.function.Supplier<Optional<StoredVersion>> wanted) {
        guard(caller, id.custodian());
        var current = table.current(id);
        if (current.isEmpty()) {
            return nothing(caller, interaction, id.type());
        }
        var there = current.get();
        var row = interaction == Interaction.READ ? current : wanted.get();
        var asked = labels(Stream.concat(current.stream(), row.stream()));
        var permission = permission(caller, there.owner(), interaction, id.type(), asked);
        if (permission.isEmpty()) {
            return new Answer.Refused<>();
        }
        var permit = permission.get();
        if (!row.orElse(there).isCoveredBy(permit)) {
            return notCovered(caller, there, interaction);
        }
        disclosed(caller, there.owner(), interaction, id.type(), permit, row.stream().toList());
        return row.<Answer<StoredVersion>>map(Answer.Found::new).orElseGet(Answer.Missing::new);
    }

    /// What the consent leaves out is refused whatever is asked of it: how many versions it has is not told either.
    private <T> Answer<T> notCovered(Caller caller, StoredVersion row, Interaction interaction) {
        disclosures.refused(
                caller,
                row.owner().patient(),
                interaction,
                row.id().resource().type(),
                DenialReason.NO_CONSENT);
        return new Answer.Refused<>();
    }

    /// All versions before a number, newest first.
    ///
    /// @param before 0 for all
    Answer<History> history(Caller caller, ResourceId id, int before, int count) {
        return answer(() -> versions(caller, id, before, count))
                .map(
                        rows ->
                                new History(
                                        rows.permitted.stream().map(unsealing::open).toList(),
                                        rows.next));
    }

    /// Some of the versions of a resource.
    ///
    /// @param next the number before which to go on; 0 if these are the last
    record History(List<Version> versions, int next) {}

    private record Rows(List<StoredVersion> permitted, int next) {}

    private Answer<Rows> versions(Caller caller, ResourceId id, int before, int count) {
        guard(caller, id.custodian());
        var current = table.current(id);
        if (current.isEmpty()) {
            return nothing(caller, Interaction.HISTORY, id.type());
        }
        var there = current.get();
        var asked = labels(current.stream());
        var permission = permission(caller, there.owner(), Interaction.HISTORY, id.type(), asked);
        if (permission.isEmpty()) {
            return new Answer.Refused<>();
        }
        var permit = permission.get();
        if (!there.isCoveredBy(permit)) {
            return notCovered(caller, there, Interaction.HISTORY);
        }
        var start = before == 0 ? Integer.MAX_VALUE : before;
        var rows = table.history(there.resource(), start, count + 1, permit);
        var shown = rows.subList(0, Math.min(count, rows.size()));
        disclosed(caller, there.owner(), Interaction.HISTORY, id.type(), permit, shown);
        var next = rows.size() > count ? shown.getLast().id().number() : 0;
        return new Answer.Found<>(new Rows(shown, next));
    }

    // Searches.

    /// The resources that match, some at a time.
    Answer<Page> search(Caller caller, Query query) {
        return answer(() -> matching(caller, query));
    }

    private Answer<Page> matching(Caller caller, Query query) {
        guard(caller, query.custodian());
        var type = query.type().name();
        if (R4.isDirectory(type)) {
            return new Answer.Found<>(directory(query));
        }
        var patient = patient(caller, query);
        if (patient.isPresent()) {
            return ofPatient(caller, query, patient.get());
        }
        if (!isInsider(caller)) {
            disclosures.refused(
                    caller, Optional.empty(), Interaction.SEARCH, type, DenialReason.NO_CONSENT);
            return new Answer.Refused<>();
        }
        return new Answer.Found<>(acrossPatients(caller, query));
    }

    /// The one patient that a search is about. A patient's own searches are about themselves.
    private Optional<PatientId> patient(Caller caller, Query query) {
        if (query.patient().isPresent()) {
            return query.patient().map(id -> new PatientId(query.custodian(), id));
        }
        if (query.patientIdentifier().isPresent()) {
            return byIdentifier(query.custodian(), query.patientIdentifier().get());
        }
        return caller instanceof Caller.Patient self
                ? Optional.of(self.patient())
                : Optional.empty();
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

    private Answer<Page> ofPatient(Caller caller, Query query, PatientId patient) {
        var type = query.type().name();
        var owner = Owner.of(patient);
        var permission =
                permission(caller, owner, Interaction.SEARCH, type, Categories.possible(type));
        if (permission.isEmpty()) {
            return new Answer.Refused<>();
        }
        var permit = permission.get();
        var index = compartments.index(owner);
        var found =
                index.isEmpty()
                        ? new Matches(List.of(), false, "")
                        : look(
                                query,
                                after ->
                                        new Candidates(
                                                query.custodian(),
                                                type,
                                                Optional.of(owner.id()),
                                                query.ids(),
                                                Optional.of(permit),
                                                tokens(query, index.get()),
                                                Optional.empty(),
                                                after,
                                                chunk(query)));
        disclosed(caller, owner, Interaction.SEARCH, type, permit, found.rows());
        return new Answer.Found<>(found.page().about(patient));
    }

    private Page directory(Query query) {
        var owner = Owner.organisation(query.custodian());
        var index = compartments.index(owner);
        if (index.isEmpty()) {
            return Page.EMPTY;
        }
        return look(
                        query,
                        after ->
                                new Candidates(
                                        query.custodian(),
                                        query.type().name(),
                                        Optional.of(owner.id()),
                                        query.ids(),
                                        Optional.empty(),
                                        tokens(query, index.get()),
                                        Optional.empty(),
                                        after,
                                        chunk(query)))
                .page();
    }

    /// For the custodian's own people: by identifier, by id, or a plain list. Other parameters are indexed for one patient at a
    /// time only.
    private Page acrossPatients(Caller caller, Query query) {
        var type = query.type().name();
        if (query.patientIdentifier().isPresent() && !type.equals("Patient")) {
            return Page.EMPTY;
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
        var found =
                look(
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
        recordEach(caller, type, found);
        return found.page();
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
                        permission(
                                        caller,
                                        owner,
                                        Interaction.SEARCH,
                                        type,
                                        Categories.possible(type))
                                .ifPresent(
                                        permit ->
                                                disclosed(
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
        List<StoredVersion> rows() {
            return found.stream().map(Match::row).toList();
        }

        Page page() {
            return new Page(
                    found.stream().map(Match::version).toList(), more, last, Optional.empty());
        }
    }

    // Permission.

    private static void guard(Caller caller, MemberId custodian) {
        if (!caller.custodian().equals(custodian)) {
            throw Outcomes.forbidden("This token is for another organisation.");
        }
    }

    private <T> Answer<T> nothing(Caller caller, Interaction interaction, String type) {
        if (isInsider(caller) || R4.isDirectory(type)) {
            return new Answer.Missing<>();
        }
        disclosures.refused(caller, Optional.empty(), interaction, type, DenialReason.NO_CONSENT);
        return new Answer.Refused<>();
    }

    private static boolean isInsider(Caller caller) {
        return switch (caller) {
            case Caller.Staff _, Caller.Service _ -> true;
            case Caller.Patient _, Caller.Peer _ -> false;
        };
    }

    /// What may be read of an owner; empty if nothing, which is then recorded.
    private Optional<Permit> permission(
            Caller caller,
            Owner owner,
            Interaction interaction,
            String type,
            Set<RecordCategory> asked) {
        var patient = owner.patient();
        if (patient.isEmpty()) {
            if (isInsider(caller) || R4.isDirectory(type)) {
                return Optional.of(everything());
            }
            disclosures.refused(
                    caller, Optional.empty(), interaction, type, DenialReason.NO_CONSENT);
            return Optional.empty();
        }
        AccessDecision decision = disclosures.decide(caller, patient.get(), asked);
        return switch (decision) {
            case Permit permit -> Optional.of(permit);
            case Deny(var reason) -> {
                disclosures.refused(caller, patient, interaction, type, reason);
                yield Optional.empty();
            }
        };
    }

    private static Permit everything() {
        return new Permit(
                List.of(
                        new Ground(
                                Set.of(RecordCategory.values()),
                                Set.of(SensitivityClass.values()),
                                Optional.empty())));
    }

    /// What the organisation says about itself is nobody's disclosure.
    private void disclosed(
            Caller caller,
            Owner owner,
            Interaction interaction,
            String type,
            Permit permit,
            List<StoredVersion> versions) {
        if (!R4.isDirectory(type)) {
            disclosures.disclosed(
                    caller,
                    owner.patient(),
                    interaction,
                    type,
                    permit.categories(),
                    versions,
                    permit.consents());
        }
    }

    /// What the rows are, by their own labels and by those their resource has now.
    private static Set<RecordCategory> labels(Stream<StoredVersion> rows) {
        return rows.flatMap(row -> Stream.of(row.category(), row.currentCategory()))
                .map(Categories::category)
                .collect(Collectors.toSet());
    }
}
