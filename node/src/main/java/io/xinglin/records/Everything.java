package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.identity.Caller;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.EverythingQuery.After;
import io.xinglin.records.Reader.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers `$everything`: a patient's whole record, or all about one encounter in it, as far as the reader may see it, and what
/// that refers to outside of any record.
///
/// Consent is asked once, for all parts of the record that the answer may hold, before anything is looked at. The record of one
/// patient is one range of one index, and is opened under one key, mostly.
@Component
class Everything {
    /// So much is answered at once where no number is asked for; then a link goes on.
    private static final int RESOURCES_MAX = 5_000;

    private static final long BYTES_MAX = 16 << 20;
    private static final int CHUNK_MIN = 64;
    private static final int CHUNK_MAX = 1_000;
    private static final int OPENED_AT_ONCE = 100;

    /// An Encounter is at a Location, which is a part of another, of an Organization, which is a part of another.
    private static final int ROUNDS_MAX = 5;

    private static final int NAMED_MAX = 500;
    private static final String PATIENT = "Patient";

    private final RecordTable records;
    private final SearchTable table;
    private final Unsealing unsealing;
    private final Permissions permissions;
    private final TransactionTemplate transaction;

    Everything(
            RecordTable records,
            SearchTable table,
            Unsealing unsealing,
            Permissions permissions,
            TransactionTemplate transaction) {
        this.records = records;
        this.table = table;
        this.unsealing = unsealing;
        this.permissions = permissions;
        this.transaction = transaction;
    }

    /// Some of a record.
    ///
    /// @param included what it refers to
    /// @param next where it goes on, if it does
    record Page(List<Version> matches, List<Version> included, Optional<After> next) {}

    /// @param focus the Patient, or the Encounter
    Answer<Page> of(Caller caller, ResourceId focus, EverythingQuery query) {
        var answer = transaction.execute(_ -> answer(caller, focus, query));
        if (answer == null) {
            throw new IllegalStateException("it has an answer");
        }
        return answer;
    }

    private Answer<Page> answer(Caller caller, ResourceId focus, EverythingQuery query) {
        Permissions.guard(caller, focus.custodian());
        var isPatient = focus.type().equals(PATIENT);
        var there = records.current(focus);
        var owner =
                isPatient
                        ? Optional.of(new Owner(focus.custodian(), focus.id()))
                        : there.map(StoredVersion::owner);
        if (owner.isEmpty()) {
            return nothing(caller, focus);
        }
        var permit =
                permissions.of(
                        caller,
                        owner.get(),
                        Interaction.EVERYTHING,
                        focus.type(),
                        query.categories());
        if (permit.isEmpty()) {
            return new Answer.Refused<>();
        }
        var covered = there.filter(row -> row.isCoveredBy(permit.get()));
        if (!isPatient && covered.isEmpty()) {
            permissions.refused(
                    caller, owner.get().patient(), Interaction.EVERYTHING, focus.type());
            return new Answer.Refused<>();
        }
        if (Permissions.isInsider(caller) && there.isEmpty()) {
            return new Answer.Missing<>();
        }
        if (Permissions.isInsider(caller) && there.get().deleted()) {
            throw Outcomes.gone(focus.reference() + " is deleted.");
        }
        var one = new One(caller, focus, owner.get(), permit.get(), query);
        return new Answer.Found<>(one.page(covered));
    }

    private Answer<Page> nothing(Caller caller, ResourceId focus) {
        if (Permissions.isInsider(caller)) {
            return new Answer.Missing<>();
        }
        permissions.refused(caller, Optional.empty(), Interaction.EVERYTHING, focus.type());
        return new Answer.Refused<>();
    }

    /// One answer, while it is made.
    private final class One {
        private final Caller caller;
        private final ResourceId focus;
        private final Owner owner;
        private final Permit permit;
        private final EverythingQuery query;
        private final int most;
        private final List<Match> matches = new ArrayList<>();
        private final Set<String> references = new LinkedHashSet<>();
        private long bytes;

        One(Caller caller, ResourceId focus, Owner owner, Permit permit, EverythingQuery query) {
            this.caller = caller;
            this.focus = focus;
            this.owner = owner;
            this.permit = permit;
            this.query = query;
            this.most = Math.min(RESOURCES_MAX, query.count().orElse(RESOURCES_MAX));
        }

        /// @param first what it is all about, if the reader sees it; it comes first
        Page page(Optional<StoredVersion> first) {
            if (query.after().isBegin()) {
                first.filter(query::isAsked).map(this::opened).ifPresent(this::isTaken);
            }
            var next = through();
            var included = included();
            permissions.disclosed(
                    caller,
                    owner,
                    Interaction.EVERYTHING,
                    focus.type(),
                    permit,
                    Stream.concat(matches.stream(), included.stream())
                            .filter(one -> !R4.isDirectory(one.type()))
                            .map(one -> one.row().id().reference())
                            .toList());
            return new Page(
                    matches.stream().map(Match::version).toList(),
                    included.stream().map(Match::version).toList(),
                    next);
        }

        private Match opened(StoredVersion row) {
            return Match.of(row, unsealing.open(row));
        }

        /// Goes through the record; where to go on, if there is more than was asked for.
        private Optional<After> through() {
            var chunk = Math.clamp(most + 1L, CHUNK_MIN, CHUNK_MAX);
            var at = query.after().isBegin() && !matches.isEmpty() ? first() : query.after();
            while (true) {
                var rows = table.record(owner, query, permit, at, chunk);
                for (var begin = 0; begin < rows.size(); begin += OPENED_AT_ONCE) {
                    var some = rows.subList(begin, Math.min(rows.size(), begin + OPENED_AT_ONCE));
                    for (var one : unsealing.open(some)) {
                        if (belongs(one) && !isTaken(one)) {
                            return Optional.of(at);
                        }
                        at = After.of(one.row());
                    }
                }
                if (rows.size() < chunk) {
                    return Optional.empty();
                }
            }
        }

        private After first() {
            return new After(After.FIRST, focus.id());
        }

        /// The database narrows; what may be shown is decided by what was unsealed.
        private boolean belongs(Match one) {
            return !one.reference().equals(focus.reference())
                    && one.row().isCoveredBy(permit)
                    && !one.version().isDeletion()
                    && CareDates.isIn(one, query.care())
                    && (focus.type().equals(PATIENT)
                            || references(one).contains(focus.reference()));
        }

        private boolean isTaken(Match one) {
            if (matches.size() >= most || bytes > BYTES_MAX) {
                return false;
            }
            matches.add(one);
            bytes += one.version().json().length;
            references.addAll(references(one));
            return true;
        }

        /// What the matches refer to, and what that refers to.
        private List<Match> included() {
            var known = new HashSet<String>();
            matches.forEach(one -> known.add(one.reference()));
            var included = new ArrayList<Match>();
            Collection<String> wanted = references;
            for (var round = 0; round < ROUNDS_MAX && !wanted.isEmpty(); round++) {
                var unknown =
                        wanted.stream().filter(this::mayBeIncluded).filter(known::add).toList();
                var found = named(unknown);
                included.addAll(found);
                wanted = found.stream().flatMap(one -> references(one).stream()).toList();
            }
            return included;
        }

        private List<Match> named(List<String> wanted) {
            var found = new ArrayList<Match>();
            for (var begin = 0; begin < wanted.size(); begin += NAMED_MAX) {
                var some = wanted.subList(begin, Math.min(wanted.size(), begin + NAMED_MAX));
                var rows =
                        table.named(owner.custodian(), some).stream().filter(this::sees).toList();
                unsealing.open(rows).stream()
                        .filter(one -> !one.version().isDeletion())
                        .forEach(found::add);
            }
            found.sort(Comparator.comparing(Match::reference));
            return found;
        }

        private boolean mayBeIncluded(String reference) {
            var type = Lookup.type(reference);
            return !type.isEmpty() && query.isOfType(type);
        }

        /// What is in another patient's record is that patient's, whoever asks; what is in this one and not a match was not asked
        /// for, unless it is an encounter that is asked about.
        private boolean sees(StoredVersion row) {
            if (R4.isDirectory(row.id().resource().type())) {
                return true;
            }
            return row.owner().equals(owner)
                    ? !focus.type().equals(PATIENT) && row.isCoveredBy(permit)
                    : row.owner().patient().isEmpty() && Permissions.isInsider(caller);
        }

        private static Set<String> references(Match one) {
            return References.in(new String(one.version().json(), StandardCharsets.UTF_8));
        }
    }
}
