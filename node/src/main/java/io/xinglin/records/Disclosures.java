package io.xinglin.records;

import io.xinglin.consent.AccessDecision;
import io.xinglin.consent.AccessDecision.DenialReason;
import io.xinglin.consent.AccessRequest;
import io.xinglin.consent.ConsentId;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.log.Logs;
import io.xinglin.records.AccessEvent.Access;
import io.xinglin.records.AccessEvent.Evidence;
import io.xinglin.records.AccessEvent.Interaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/// Asks for consent, and sees to it that what was decided is in the log before anything is answered. To be called inside the
/// transaction that reads.
@Component
class Disclosures {
    private final Consents consents;
    private final Logs logs;
    private final ApplicationEventPublisher events;
    private final InstantSource time;

    Disclosures(
            Consents consents, Logs logs, ApplicationEventPublisher events, InstantSource time) {
        this.consents = consents;
        this.logs = logs;
        this.events = events;
        this.time = time;
    }

    AccessDecision decide(Caller reader, PatientId patient, Set<RecordCategory> asked) {
        return consents.decide(new AccessRequest(patient, reader, asked));
    }

    void disclosed(
            Caller reader,
            Optional<PatientId> patient,
            Interaction interaction,
            String type,
            Set<RecordCategory> categories,
            List<String> versions,
            Set<ConsentId> basis) {
        var access = access(reader, patient, interaction, type, categories);
        record(new AccessEvent.Disclosed(access, versions, basis));
    }

    void refused(
            Caller reader,
            Optional<PatientId> patient,
            Interaction interaction,
            String type,
            DenialReason reason) {
        var access = access(reader, patient, interaction, type, Categories.possible(type));
        record(new AccessEvent.Refused(access, reason));
    }

    private Access access(
            Caller reader,
            Optional<PatientId> patient,
            Interaction interaction,
            String type,
            Set<RecordCategory> categories) {
        return new Access(
                UUID.randomUUID(),
                reader,
                patient,
                interaction,
                type,
                categories,
                time.instant(),
                new Evidence());
    }

    /// No entry, no answer.
    private void record(AccessEvent event) {
        events.publishEvent(event);
        var access = event.access();
        MemberId custodian = access.reader().custodian();
        if (access.evidence().entry().filter(entry -> logs.holds(custodian, entry)).isEmpty()) {
            throw new NotRecorded(access.id());
        }
    }

    /// An access that nobody recorded; it is not answered.
    static final class NotRecorded extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotRecorded(UUID access) {
            super("access " + access + " was not recorded, so it is not answered");
        }
    }
}
