package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.Condition.OfReferences;
import io.xinglin.records.Criterion.Chain;
import io.xinglin.records.Criterion.PointedAt;
import io.xinglin.records.Reader.Answer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers searches: consent first, for every type that the search touches; then what matches; then the entry in the log.
///
/// A search must unseal to compare; it does so before the entry is made, so that the entry says what is really disclosed. What
/// it unsealed leaves this class only after the commit, as with every read.
@Component
class Search {
    /// So many patients may be meant by what is said about them.
    private static final int PATIENTS_MAX = 1_000;

    private final RecordTable records;
    private final SearchTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final Permissions permissions;
    private final Walk walk;
    private final TransactionTemplate transaction;

    Search(
            RecordTable records,
            SearchTable table,
            Compartments compartments,
            Unsealing unsealing,
            Permissions permissions,
            Walk walk,
            TransactionTemplate transaction) {
        this.records = records;
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.permissions = permissions;
        this.walk = walk;
        this.transaction = transaction;
    }

    /// Some of the matches of a search.
    ///
    /// @param included what is answered beside them
    /// @param total how many there are, if that is known and asked for
    /// @param next where the next are, if there may be others
    /// @param patient the one patient it is about, if it is
    record Page(
            List<Version> matches,
            List<Version> included,
            OptionalInt total,
            Optional<Place> next,
            Optional<PatientId> patient) {}

    /// The resources that match, some at a time.
    Answer<Page> search(Caller caller, Query query) {
        var answer = transaction.execute(_ -> answer(caller, query));
        if (answer == null) {
            throw new IllegalStateException("a search has an answer");
        }
        return answer;
    }

    private Answer<Page> answer(Caller caller, Query query) {
        Permissions.guard(caller, query.custodian());
        var type = query.type().name();
        var record = patient(query).or(() -> self(caller)).map(Owner::of);
        var one = new One(query, new Sight(permissions, caller, record, true));
        if (!one.sight.mayTouch(type)) {
            return new Answer.Refused<>();
        }
        var permitted = one.resolving.permitted(query.criteria());
        if (permitted.isEmpty()) {
            return new Answer.Refused<>();
        }
        if (!R4.isDirectory(type)) {
            record.ifPresent(owner -> one.sight.enter(owner, type));
        }
        return new Answer.Found<>(one.page(permitted.get()));
    }

    /// What a search by the custodian itself matches, some of it. Nothing of it may be shown to anyone: no consent is asked for,
    /// and no entry made.
    List<StoredVersion> undisclosed(Query query) {
        var custodian = new Caller.Service(query.custodian(), "");
        var record = patient(query).map(Owner::of);
        var one = new One(query, new Sight(permissions, custodian, record, false));
        return one.matches(query.criteria()).found().stream().map(Match::row).toList();
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
                records
                        .byIdentifier(custodian, "Patient", List.of(token))
                        .getOrDefault(token, List.of())
                        .stream()
                        .filter(row -> identifier.matches(unsealing.json(row)))
                        .toList();
        return patients.size() == 1 ? patients.getFirst().owner().patient() : Optional.empty();
    }

    /// One search, while it is answered.
    private final class One {
        private final Query query;
        private final Sight sight;
        private final Lookup lookup;
        private final Resolving resolving;

        One(Query query, Sight sight) {
            this.query = query;
            this.sight = sight;
            this.lookup = new Lookup(table, unsealing, sight, query.custodian());
            this.resolving = new Resolving(query.custodian(), walk, sight, lookup);
        }

        Page page(List<Criterion> criteria) {
            var matches = matches(criteria);
            var included =
                    new Including(resolving, sight, lookup, matches.found())
                            .all(query.includes(), matches.found());
            included.forEach(match -> sight.show(match.row()));
            sight.record(query.type().name());
            return new Page(
                    matches.found().stream().map(Match::version).toList(),
                    included.stream().map(Match::version).toList(),
                    matches.total(),
                    matches.next(),
                    sight.record().flatMap(Owner::patient));
        }

        Matches matches(List<Criterion> criteria) {
            var type = query.type().name();
            // A patient named by an identifier that nobody has, or several have, is nobody.
            if (query.patientIdentifier().isPresent()
                    && sight.record().isEmpty()
                    && !type.equals("Patient")) {
                return Matches.NONE;
            }
            var matcher = new Matcher(resolving.resolved(type, criteria), lookup);
            var way = resolving.main(query.type(), matcher, query.count());
            var gathering = new Gathering(query, matcher, sight);
            return gathering.along(
                    walk,
                    new Walk.Way(
                            way.custodian(),
                            way.type(),
                            way.records().or(() -> patients(matcher)),
                            ids(matcher),
                            way.permit(),
                            way.open(),
                            matcher,
                            query.count()));
        }

        /// The ids asked for, and of those what something points at, if that is asked for.
        private Optional<Set<String>> ids(Matcher matcher) {
            Optional<Set<String>> ids = query.ids();
            for (var criterion : matcher.criteria()) {
                if (criterion instanceof PointedAt(var by)) {
                    var pointedAt =
                            by.keySet().stream()
                                    .map(one -> one.substring(one.indexOf('/') + 1))
                                    .collect(Collectors.toSet());
                    ids.ifPresent(pointedAt::retainAll);
                    ids = Optional.of(pointedAt);
                }
            }
            return ids;
        }

        /// The records that a search across records can be narrowed to by what it says of the patient.
        private Optional<Set<String>> patients(Matcher matcher) {
            return matcher.criteria().stream()
                    .flatMap(criterion -> patients(criterion).stream())
                    .findFirst();
        }

        private Optional<Set<String>> patients(Criterion criterion) {
            return switch (criterion) {
                case OfReferences(var parameter, var alternatives)
                        when query.type().isSubject(parameter) -> {
                    var ids =
                            alternatives.stream()
                                    .flatMap(one -> Patients.patient(one).stream())
                                    .collect(Collectors.toSet());
                    yield ids.size() == alternatives.size() ? Optional.of(ids) : Optional.empty();
                }
                case Chain(var parameter, var byType)
                        when query.type().isSubject(parameter)
                                && byType.keySet().equals(Set.of("Patient")) ->
                        Optional.of(patients(byType.values().stream()));
                default -> Optional.empty();
            };
        }

        private Set<String> patients(Stream<Criterion> criteria) {
            var type = R4.type("Patient").orElseThrow();
            var found = new HashSet<String>();
            var end =
                    walk.go(
                            resolving.way(
                                    type, new Matcher(criteria.toList(), lookup), PATIENTS_MAX),
                            Place.BEGIN,
                            match -> {
                                found.add(match.row().owner().id());
                                return found.size() <= PATIENTS_MAX;
                            });
            if (!end.isAll()) {
                throw Outcomes.tooCostly(
                        "What the search says of the patient fits too many; say more.");
            }
            return found;
        }
    }

    /// @param total how many there are, if that is known and asked for
    record Matches(List<Match> found, OptionalInt total, Optional<Place> next) {
        static final Matches NONE = new Matches(List.of(), OptionalInt.of(0), Optional.empty());
    }
}
