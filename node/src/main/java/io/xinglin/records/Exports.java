package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.consent.RecordCategory;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.EverythingQuery.After;
import io.xinglin.records.Job.Text;
import io.xinglin.records.SealedFrames.Frame;
import io.xinglin.records.SealedFrames.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Exports, record by record: consent first, then what it covers, sealed, into the job's file, then the entry in the log, in one
/// transaction with how far the job is. A node that is killed goes on after the last record that was committed.
@Component
class Exports {
    private static final int RECORDS_AT_ONCE = 20;

    /// After so many resources what was done is noted.
    private static final int RESOURCES_AT_ONCE = 1_000;

    private static final int CHUNK = 100;

    /// So much is opened at once.
    private static final long SEALED_BYTES = 1 << 20;

    private static final int FRAME_BYTES = 256 << 10;
    private static final int LINES_MAX = 50_000;
    private static final String PATIENT = "Patient";
    private static final String ANY = "Resource";

    private final RecordTable records;
    private final SearchTable table;
    private final JobTable progress;
    private final Jobs jobs;
    private final Unsealing unsealing;
    private final Permissions permissions;
    private final TransactionTemplate transaction;

    Exports(
            RecordTable records,
            SearchTable table,
            JobTable progress,
            Jobs jobs,
            Unsealing unsealing,
            Permissions permissions,
            TransactionTemplate transaction) {
        this.records = records;
        this.table = table;
        this.progress = progress;
        this.jobs = jobs;
        this.unsealing = unsealing;
        this.permissions = permissions;
        this.transaction = transaction;
    }

    /// Begins to export.
    ///
    /// @param ofAll whether what is in nobody's record is exported, too
    /// @param request as it was made, for the manifest
    UUID begin(Caller caller, ExportQuery query, boolean ofAll, String request) {
        var patients =
                caller instanceof Caller.Patient(var self)
                        ? Optional.of(
                                query.patients()
                                        .filter(some -> !some.contains(self.id()))
                                        .map(_ -> Set.<String>of())
                                        .orElse(Set.of(self.id())))
                        : query.patients();
        var total =
                patients.map(some -> (long) some.size())
                        .orElseGet(() -> table.countOwners(caller.custodian()));
        return jobs.begin(caller, Job.Kind.EXPORT, what(query, patients, ofAll, request), total);
    }

    private static ObjectNode what(
            ExportQuery query, Optional<Set<String>> patients, boolean ofAll, String request) {
        var json = JsonMapper.shared().createObjectNode();
        json.put("request", request).put("all", ofAll);
        query.types().ifPresent(types -> types.forEach(json.putArray("types")::add));
        query.since().ifPresent(since -> json.put("since", since.toString()));
        patients.ifPresent(some -> some.forEach(json.putArray("patients")::add));
        return json;
    }

    /// Does a part of the work. Whether there was any left.
    boolean step(Jobs.Opened job) {
        var next = next(job);
        if (next.isEmpty()) {
            return false;
        }
        transaction.executeWithoutResult(
                _ -> {
                    try {
                        step(job, next);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return true;
    }

    private void step(Jobs.Opened opened, List<Owner> next) throws IOException {
        var job = opened.job();
        try (var frames = SealedFrames.append(jobs.file(job.id()), opened.aead(), job.bytes())) {
            var part = new Part(opened, frames);
            var done = job.done();
            var place = "";
            for (var owner : next) {
                part.record(owner);
                place = owner.id();
                done += owner.id().isEmpty() ? 0 : 1;
                if (part.resources > RESOURCES_AT_ONCE) {
                    break;
                }
            }
            if (!progress.progress(job.id(), place, done, frames.durable())) {
                throw new Deleted();
            }
            progress.put(job.id(), part.changed.values());
        }
    }

    /// The job was deleted while it went on; what it did does not count.
    static final class Deleted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Deleted() {
            super("the job was deleted");
        }
    }

    /// The owners whose turn it is; the organisation itself is the first.
    private List<Owner> next(Jobs.Opened opened) {
        var job = opened.job();
        var custodian = job.custodian();
        if (job.place().isEmpty() && opened.what().get("all").asBoolean()) {
            return List.of(Owner.organisation(custodian));
        }
        var from = job.place().orElse("");
        var patients = strings(opened.what(), "patients").map(TreeSet::new);
        return patients.map(some -> some.tailSet(from, false).stream())
                .orElseGet(
                        () ->
                                table.owners(custodian, from, RECORDS_AT_ONCE + 1).stream()
                                        .filter(id -> !id.equals(from) && !id.isEmpty()))
                .limit(RECORDS_AT_ONCE)
                .map(id -> new Owner(custodian, id))
                .toList();
    }

    private static Optional<Set<String>> strings(JsonNode json, String name) {
        return Optional.ofNullable(json.get(name))
                .map(
                        array ->
                                array.valueStream()
                                        .map(JsonNode::stringValue)
                                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Optional<Instant> since(JsonNode what) {
        return Optional.ofNullable(what.get("since"))
                .map(JsonNode::stringValue)
                .map(Instant::parse);
    }

    /// What is done in one transaction.
    private final class Part {
        private final Caller caller;
        private final boolean isNamed;
        private final EverythingQuery query;
        private final SealedFrames frames;
        private final List<Text> texts;
        private final Map<Integer, Text> changed = new TreeMap<>();
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        private final Set<Label> labels = new HashSet<>();
        private int resources;
        private int count;

        Part(Jobs.Opened opened, SealedFrames frames) {
            this.caller = opened.requester();
            this.isNamed = opened.what().has("patients");
            this.query = EverythingQuery.of(strings(opened.what(), "types"), since(opened.what()));
            this.frames = frames;
            this.texts = new ArrayList<>(progress.texts(opened.job().id()));
        }

        void record(Owner owner) throws IOException {
            var permit = permit(owner);
            if (permit.isEmpty()) {
                return;
            }
            var versions = new ArrayList<String>();
            patient(owner)
                    .filter(row -> !row.deleted() && query.isAsked(row))
                    .filter(row -> row.isCoveredBy(permit.get()))
                    .ifPresent(row -> taken(unsealing.open(List.of(row)), permit.get(), versions));
            flush(owner, PATIENT);
            var asked = owner.id().isEmpty() ? ofOrganisation() : query;
            var at = After.BEGIN;
            while (true) {
                var rows = table.record(owner, asked, permit.get(), at, CHUNK);
                for (var begin = 0; begin < rows.size(); ) {
                    var type = rows.get(begin).id().resource().type();
                    var end = begin;
                    var bytes = 0L;
                    while (end < rows.size()
                            && bytes < SEALED_BYTES
                            && rows.get(end).id().resource().type().equals(type)) {
                        bytes += rows.get(end).sealed().length;
                        end++;
                    }
                    if (!at.type().equals(type)) {
                        flush(owner, at.type());
                    }
                    taken(unsealing.open(rows.subList(begin, end)), permit.get(), versions);
                    at = After.of(rows.get(end - 1));
                    if (lines.size() > FRAME_BYTES) {
                        flush(owner, type);
                    }
                    begin = end;
                }
                if (rows.size() < CHUNK) {
                    break;
                }
            }
            flush(owner, at.type());
            disclosed(owner, permit.get(), versions);
        }

        private Optional<StoredVersion> patient(Owner owner) {
            return owner.id().isEmpty() || !query.isOfType(PATIENT)
                    ? Optional.empty()
                    : records.current(new ResourceId(owner.custodian(), PATIENT, owner.id()));
        }

        /// Whom nobody named is not told that somebody would have liked to read their record.
        private Optional<Permit> permit(Owner owner) {
            if (owner.patient().isEmpty()) {
                return Optional.of(Permissions.everything());
            }
            return isNamed
                    ? permissions.of(caller, owner, Interaction.EXPORT, PATIENT, query.categories())
                    : permissions.quietly(caller, owner.patient().get(), query.categories());
        }

        /// Those not the custodian's own see the directory alone of what is in nobody's record.
        private EverythingQuery ofOrganisation() {
            if (Permissions.isInsider(caller)) {
                return query;
            }
            var directory =
                    R4.types().stream()
                            .filter(R4::isDirectory)
                            .filter(query::isOfType)
                            .collect(Collectors.toSet());
            return EverythingQuery.of(Optional.of(directory), query.since());
        }

        private void taken(List<Match> some, Permit permit, List<String> versions) {
            for (var one : some) {
                if (!one.row().isCoveredBy(permit) || one.version().isDeletion()) {
                    continue;
                }
                lines.writeBytes(one.version().json());
                lines.write('\n');
                labels.add(new Label(one.row().category(), one.row().purpose()));
                labels.add(new Label(one.row().currentCategory(), one.row().currentClass()));
                count++;
                resources++;
                if (!R4.isDirectory(one.type())) {
                    versions.add(one.row().id().reference());
                }
            }
        }

        private void flush(Owner owner, String type) throws IOException {
            if (count == 0) {
                return;
            }
            var text = text(type);
            frames.write(
                    text.number(), new Frame(owner.id(), Set.copyOf(labels), lines.toByteArray()));
            var more = new Text(text.number(), type, text.lines() + count);
            if (text.number() == texts.size()) {
                texts.add(more);
            } else {
                texts.set(text.number(), more);
            }
            changed.put(text.number(), more);
            lines.reset();
            labels.clear();
            count = 0;
        }

        private Text text(String type) {
            return texts.stream()
                    .filter(text -> text.type().equals(type) && text.lines() < LINES_MAX)
                    .findFirst()
                    .orElseGet(() -> new Text(texts.size(), type, 0));
        }

        private void disclosed(Owner owner, Permit permit, List<String> versions) {
            if (!versions.isEmpty() || isNamed) {
                permissions.disclosed(
                        caller,
                        owner,
                        Interaction.EXPORT,
                        owner.id().isEmpty() ? ANY : PATIENT,
                        permit,
                        versions);
            }
        }
    }

    /// Sends what a job made, as far as the requester may still read it: who has taken back a consent meanwhile is left out.
    void send(Jobs.Opened job, Text text, OutputStream out) throws IOException {
        var permits = new HashMap<String, Optional<Permit>>();
        try (var frames = SealedFrames.read(jobs.file(job.job().id()), job.aead())) {
            frames.each(
                    text.number(),
                    job.job().bytes(),
                    frame -> {
                        if (mayStillHave(job, frame, permits)) {
                            out.write(frame.lines());
                        }
                    });
        }
    }

    private boolean mayStillHave(
            Jobs.Opened job, Frame frame, Map<String, Optional<Permit>> permits) {
        if (frame.owner().isEmpty() || Permissions.isInsider(job.requester())) {
            return true;
        }
        var permit =
                permits.computeIfAbsent(
                        frame.owner(),
                        id -> permit(job.requester(), new PatientId(job.job().custodian(), id)));
        return permit.isPresent()
                && frame.labels().stream().allMatch(label -> label.isCoveredBy(permit.get()));
    }

    private Optional<Permit> permit(Caller caller, PatientId patient) {
        var permit =
                transaction.execute(
                        _ ->
                                permissions.quietly(
                                        caller, patient, EnumSet.allOf(RecordCategory.class)));
        return permit == null ? Optional.empty() : permit;
    }

    /// The patients in a Group, who are exported with it.
    static Set<String> members(JsonNode group) {
        return group.path("member")
                .valueStream()
                .filter(member -> !member.path("inactive").asBoolean(false))
                .map(member -> member.path("entity").path("reference").asString(""))
                .flatMap(reference -> Patients.patient(reference).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
