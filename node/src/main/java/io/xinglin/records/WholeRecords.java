package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.log.EntryId;
import io.xinglin.records.Compartment.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/// What is done to a patient's record as a whole: it is shut, so that it is only stored, or destroyed. Who may demand that, and
/// when, others know.
@Component
public class WholeRecords {
    private static final Set<String> INPATIENT = Set.of("IMP", "ACUTE", "NONAC", "SS");
    private static final Set<String> NEVER_HAPPENED =
            Set.of("planned", "cancelled", "entered-in-error");

    /// What says nothing about care.
    private static final Set<Integer> NOT_CARE =
            Set.of(
                    Categories.code(io.xinglin.consent.RecordCategory.DEMOGRAPHICS),
                    Categories.code(io.xinglin.consent.RecordCategory.CLAIMS));

    private final WholeRecordTable table;
    private final PatientTable patients;
    private final Compartments compartments;
    private final Shut shut;
    private final Unsealing unsealing;
    private final Jobs jobs;
    private final Identities identities;
    private final InstantSource time;

    WholeRecords(
            WholeRecordTable table,
            PatientTable patients,
            Compartments compartments,
            Shut shut,
            Unsealing unsealing,
            Jobs jobs,
            Identities identities,
            InstantSource time) {
        this.table = table;
        this.patients = patients;
        this.compartments = compartments;
        this.shut = shut;
        this.unsealing = unsealing;
        this.jobs = jobs;
        this.identities = identities;
        this.time = time;
    }

    /// When a patient was last cared for, as far as the record tells.
    ///
    /// @param outpatient the end of the last visit; where no visit is recorded, when the last thing was stored
    /// @param inpatient the end of the last stay
    public record LastCare(Optional<Instant> outpatient, Optional<Instant> inpatient) {}

    /// What an erasure took away.
    ///
    /// @param versions how many versions of resources
    /// @param digest SHA-256 of the ids of their log entries, in order
    public record Extent(long versions, String digest) {}

    /// What was destroyed.
    ///
    /// @param keys how many keys of compartments, of all epochs
    public record Destroyed(long keys, long resources, Extent extent) {}

    /// What a patient is called where their id must not be: the same for the same patient, and nothing to who has no key of ours.
    public byte[] token(PatientId patient) {
        return ErasedPatient.token(identities, patient);
    }

    /// Whether anything of this patient is stored.
    public boolean isKnown(PatientId patient) {
        return table.isKnown(Owner.of(patient));
    }

    /// Shows the patients of whom anything is stored, some at a time.
    public void patients(MemberId custodian, Consumer<List<PatientId>> some) {
        for (var ids = table.owners(custodian, ""); !ids.isEmpty(); ) {
            some.accept(ids.stream().map(id -> new PatientId(custodian, id)).toList());
            ids = table.owners(custodian, ids.getLast());
        }
    }

    /// When this patient was last cared for. Nothing of it is disclosed but these times.
    public LastCare lastCare(PatientId patient) {
        var stays = new Latest();
        var visits = new Latest();
        var stored = new Latest();
        table.newest(
                Owner.of(patient),
                row -> {
                    if (!NOT_CARE.contains(row.currentCategory())) {
                        stored.see(row.written());
                    }
                    if (row.id().resource().type().equals("Encounter") && !row.deleted()) {
                        encounter(unsealing.json(row), row.written(), visits, stays);
                    }
                });
        var isVisited = visits.at.isPresent() || stays.at.isPresent();
        return new LastCare(isVisited ? visits.at : stored.at, stays.at);
    }

    private void encounter(JsonNode encounter, Instant written, Latest visits, Latest stays) {
        if (NEVER_HAPPENED.contains(encounter.path("status").asString(""))) {
            return;
        }
        var period = encounter.path("period");
        var isOver = encounter.path("status").asString("").equals("finished");
        var end =
                date(period.path("end"))
                        .or(() -> isOver ? date(period.path("start")) : Optional.of(time.instant()))
                        .orElse(written);
        var isStay = INPATIENT.contains(encounter.path("class").path("code").asString(""));
        (isStay ? stays : visits).see(end);
    }

    private static Optional<Instant> date(JsonNode element) {
        return TimeSpan.in(element).map(TimeSpan::until).findFirst();
    }

    private static final class Latest {
        private Optional<Instant> at = Optional.empty();

        void see(Instant instant) {
            if (at.filter(before -> !before.isBefore(instant)).isEmpty()) {
                at = Optional.of(instant);
            }
        }
    }

    /// Shuts a record: from now on it is only stored. Whoever is writing to it finishes first.
    @Transactional(propagation = Propagation.MANDATORY)
    public void shut(PatientId patient) {
        patients.lock(patient.custodian(), List.of(patient.id()));
        shut.shut(Owner.of(patient));
    }

    /// Takes that back.
    @Transactional(propagation = Propagation.MANDATORY)
    public void open(PatientId patient) {
        shut.forget(Owner.of(patient));
    }

    /// Those whose record is shut.
    public Set<PatientId> allShut() {
        return shut.stored().stream()
                .flatMap(owner -> owner.patient().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Destroys a record that is shut: the keys of all its compartments and epochs, its index and its key, all versions with the
    /// salts in them. Left are the ids of the log's entries, which say nothing any more; and a token, so that the patient's id is given
    /// to nobody again. Exports and imports of the organisation end, for their files may hold some of it.
    @Transactional(propagation = Propagation.MANDATORY)
    public Destroyed destroy(PatientId patient, UUID erasure) {
        var owner = Owner.of(patient);
        patients.lock(patient.custodian(), List.of(patient.id()));
        if (!shut.contains(owner)) {
            throw new IllegalStateException("a record is shut before it is destroyed");
        }
        table.keepEntries(owner, erasure);
        var resources = table.destroyVersions(owner);
        var keys = compartments.destroy(owner);
        jobs.deleteAll(patient.custodian());
        table.keepToken(patient.custodian(), token(patient));
        shut.forget(owner);
        return new Destroyed(keys, resources, extent(erasure));
    }

    /// What an erasure took away, as far as the database says.
    public Extent extent(UUID erasure) {
        var entries = table.erased(erasure);
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            entries.stream()
                    .map(EntryId::toString)
                    .sorted()
                    .forEach(id -> digest.update(id.getBytes(StandardCharsets.US_ASCII)));
            return new Extent(
                    entries.size(),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work here", e);
        }
    }

    /// The erasures that took something away, as far as the database says.
    public Set<UUID> erasures() {
        return table.erasures();
    }

    /// The entries of versions that were erased and are here all the same.
    public List<EntryId> undead() {
        return table.undead();
    }

    /// Refuses the ids of patients that were erased.
    void requireNew(MemberId custodian, Collection<String> ids) {
        var erased =
                table.erasedPatients(
                        custodian,
                        ids.stream().map(id -> token(new PatientId(custodian, id))).toList());
        if (erased) {
            throw Outcomes.gone(
                    "The record of this Patient was erased; its id is given to nobody again. Store"
                            + " the new record under a new id.");
        }
    }
}
