package io.xinglin.records;

import io.xinglin.consent.AccessDecision.DenialReason;
import io.xinglin.consent.ConsentId;
import io.xinglin.consent.RecordCategory;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.log.EntryId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Someone asked for a part of a patient's record. Published inside the database transaction in which it was decided; the
/// answer leaves only if whoever listens has made it durable there and left the [Evidence].
///
/// An event is about one patient: who reads from several patients at once causes one each, so that what is shown or proved to
/// one of them says nothing about another. It carries ids, never content.
public sealed interface AccessEvent {
    /// What was asked, by whom.
    Access access();

    /// It is about to be answered with these versions.
    ///
    /// @param versions as references, `Observation/17/_history/2`
    /// @param basis the consents it rests on; none for the patient and the custodian's own people
    record Disclosed(Access access, List<String> versions, Set<ConsentId> basis)
            implements AccessEvent {}

    /// It was refused.
    record Refused(Access access, DenialReason reason) implements AccessEvent {}

    /// A request for a part of one patient's record.
    ///
    /// @param id names this access, for ever
    /// @param patient whose record; empty if what was asked for is nobody's
    /// @param type the resource type asked for
    /// @param categories the parts asked for, or of those the permitted ones
    record Access(
            UUID id,
            Caller reader,
            Optional<PatientId> patient,
            Interaction interaction,
            String type,
            Set<RecordCategory> categories,
            Instant at,
            Evidence evidence) {}

    /// How it was asked for.
    enum Interaction {
        /// One resource.
        READ,
        /// One version of a resource.
        VREAD,
        /// All versions of a resource.
        HISTORY,
        /// A search.
        SEARCH,
        /// A whole record, or all about one encounter.
        EVERYTHING,
        /// A summary of a record.
        SUMMARY,
        /// An export; it can be fetched for a day by whoever asked for it.
        EXPORT
    }

    /// Where a listener leaves the log entry it made of the event.
    final class Evidence {
        private Optional<EntryId> entry = Optional.empty();

        /// No evidence yet.
        public Evidence() {}

        /// The event is recorded under this entry.
        public void is(EntryId recorded) {
            entry = Optional.of(recorded);
        }

        /// The entry, if anyone has recorded the event.
        public Optional<EntryId> entry() {
            return entry;
        }
    }
}
