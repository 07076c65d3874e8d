package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Stores changes: all of them in one database transaction with their log entries, or none.
///
/// Everything that takes time or can be wrong comes before that transaction: parsing, looking up what is referred to, keys on
/// the ledger, sealing. The transaction inserts, and fails if someone else was faster.
@Component
class Writer {
    private static final int ATTEMPTS_MAX = 5;

    /// From this many resources on, all processors are used.
    private static final int PARALLEL_FROM = 32;

    private static final String PATIENT = "Patient";

    private final RecordTable table;
    private final PatientTable patients;
    private final Targets targets;
    private final Namings namings;
    private final Documents documents;
    private final Sealing sealing;
    private final Shut shut;
    private final WholeRecords whole;
    private final Logs logs;
    private final TransactionTemplate transaction;
    private final InstantSource time;

    Writer(
            RecordTable table,
            PatientTable patients,
            Targets targets,
            Namings namings,
            Documents documents,
            Sealing sealing,
            Shut shut,
            WholeRecords whole,
            Logs logs,
            TransactionTemplate transaction,
            InstantSource time) {
        this.table = table;
        this.patients = patients;
        this.targets = targets;
        this.namings = namings;
        this.documents = documents;
        this.sealing = sealing;
        this.shut = shut;
        this.whole = whole;
        this.logs = logs;
        this.transaction = transaction;
        this.time = time;
    }

    /// Stores the changes; the answer has one element for each, in their order.
    List<Written> write(MemberId custodian, Caller author, List<Change> changes) {
        return write(custodian, author, changes, () -> List.<Written>of()).written();
    }

    /// What was stored, and what was read afterwards in the same transaction.
    record Stored<R>(List<Written> written, R read) {}

    /// The same; then reads. If that fails, nothing is stored.
    <R> Stored<R> write(
            MemberId custodian, Caller author, List<Change> changes, Supplier<R> reads) {
        permittedAuthor(custodian, author);
        for (var attempt = 1; ; attempt++) {
            try {
                return attempt(custodian, author, changes, reads);
            } catch (ConcurrencyFailureException e) {
                if (attempt == ATTEMPTS_MAX || changes.stream().noneMatch(Writer::mayBeRepeated)) {
                    throw Outcomes.conflict(
                            "Someone else changed the resource at the same time; read it again.");
                }
            }
        }
    }

    /// What goes by a condition, and met another, is simply looked at again. So is a patch, which says what to do with whatever
    /// is there.
    private static boolean mayBeRepeated(Change change) {
        return change.condition().isPresent() || change.act() == Change.Act.PATCH;
    }

    /// The author as the record will name them.
    ///
    /// @throws ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException if they may not write here
    static String permittedAuthor(MemberId custodian, Caller author) {
        if (!author.custodian().equals(custodian)) {
            throw Outcomes.forbidden("This token is for another organisation.");
        }
        return switch (author) {
            case Caller.Staff staff -> "Practitioner/" + staff.practitioner();
            case Caller.Service service -> "system " + service.client();
            case Caller.Patient _, Caller.Peer _ ->
                    throw Outcomes.forbidden("Only the custodian's own people and systems write.");
        };
    }

    private <R> Stored<R> attempt(
            MemberId custodian, Caller author, List<Change> changes, Supplier<R> reads) {
        var plan = targets.plan(custodian, changes);
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        requireOpen(plan, List.of());
        var contents = documents.of(custodian, author, plan, now);
        requireOpen(plan, contents);
        requireNew(custodian, contents);
        var versions =
                sealing.seal(
                        custodian,
                        permittedAuthor(custodian, author),
                        contents,
                        plan.deletions(),
                        now);
        var read =
                transaction.execute(
                        _ -> {
                            namings.requireAbsent(custodian, plan.absent(), plan.gone());
                            lockPatients(custodian, plan, contents);
                            requireOpen(plan, contents);
                            requireNew(custodian, contents);
                            store(custodian, versions);
                            requireEmpty(custodian, plan);
                            return Optional.of(reads.get());
                        });
        return new Stored<>(written(plan, contents, now), read.orElseThrow());
    }

    /// To what is only stored, nothing is added, and of it nothing is changed or deleted.
    private void requireOpen(Targets.Plan plan, List<Document> contents) {
        shut.requireOpen(contents.stream().map(Document::owner).toList());
        shut.requireOpen(
                plan.targets().stream()
                        .filter(Target::isStored)
                        .flatMap(target -> target.current().stream())
                        .map(StoredVersion::owner)
                        .toList());
    }

    private void requireNew(MemberId custodian, List<Document> contents) {
        var created =
                contents.stream()
                        .filter(Document::isPatient)
                        .filter(document -> document.target().version().number() == 1)
                        .map(document -> document.owner().id())
                        .toList();
        if (!created.isEmpty()) {
            whole.requireNew(custodian, created);
        }
    }

    private void lockPatients(MemberId custodian, Targets.Plan plan, List<Document> contents) {
        patients.lock(custodian, deleted(plan));
        var others = Sealing.owners(Sealing.ofOthers(contents));
        if (!patients.keep(custodian, others).equals(others)) {
            throw new OptimisticLockingFailureException("the patient was deleted just now");
        }
    }

    private void store(MemberId custodian, List<NewVersion> versions) {
        if (!versions.isEmpty()) {
            var openings = versions.stream().map(NewVersion::opening).toList();
            table.insert(versions, logs.append(custodian, EntryKind.WRITE, openings));
        }
    }

    /// A record does not outlive its patient: nobody could consent to anything.
    private void requireEmpty(MemberId custodian, Targets.Plan plan) {
        for (var patient : deleted(plan)) {
            var record = patients.record(custodian, patient);
            if (!record.isEmpty()) {
                throw Outcomes.conflict(
                        "Patient/"
                                + patient
                                + " still has a record here: "
                                + record
                                + ". Delete that first.");
            }
        }
    }

    private static List<String> deleted(Targets.Plan plan) {
        return plan.gone().stream()
                .filter(resource -> resource.type().equals(PATIENT))
                .map(ResourceId::id)
                .toList();
    }

    private static List<Written> written(Targets.Plan plan, List<Document> documents, Instant now) {
        var stored = documents.iterator();
        return plan.targets().stream()
                .map(
                        target ->
                                switch (target.how()) {
                                    case CREATED, UPDATED ->
                                            new Written(
                                                    target.id(),
                                                    target.how(),
                                                    now,
                                                    stored.next().json());
                                    case DELETED -> written(target, now);
                                    case FOUND, ABSENT ->
                                            written(
                                                    target,
                                                    target.current()
                                                            .map(StoredVersion::written)
                                                            .orElse(now));
                                })
                .toList();
    }

    private static Written written(Target target, Instant when) {
        return new Written(target.id(), target.how(), when, new byte[0]);
    }

    static <T> Stream<T> stream(List<T> list) {
        return list.size() < PARALLEL_FROM ? list.stream() : list.parallelStream();
    }
}
