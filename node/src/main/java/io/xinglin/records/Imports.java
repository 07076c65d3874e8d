package io.xinglin.records;

import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.platform.Failure;
import io.xinglin.records.Job.Text;
import io.xinglin.records.SealedFrames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Imports, line by line: what is sent is sealed to the disk first; then each line is stored as a PUT of its own would be, and what
/// is refused is reported with its line.
///
/// A line that is stored already makes no new version, so that an import can be done again, by the sender or by a node that was
/// killed. A line without an id is given one that follows from its content.
@Component
class Imports {
    static final int RECEIVED = 0;
    static final int REFUSED = 1;
    static final int STORED = 2;
    static final int UNCHANGED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Imports.class);
    private static final int FRAME_BYTES = 256 << 10;
    private static final int LINE_BYTES_MAX = 16 << 20;
    private static final long BYTES_MAX = 8L << 30;
    private static final String LABEL = "import-id";
    private static final Place BEGIN = new Place(0, 0, 1);

    private final Jobs jobs;
    private final JobTable progress;
    private final SearchTable table;
    private final Documents documents;
    private final Writer writer;
    private final Unsealing unsealing;
    private final Identities identities;
    private final TransactionTemplate transaction;

    Imports(
            Jobs jobs,
            JobTable progress,
            SearchTable table,
            Documents documents,
            Writer writer,
            Unsealing unsealing,
            Identities identities,
            TransactionTemplate transaction) {
        this.jobs = jobs;
        this.progress = progress;
        this.table = table;
        this.documents = documents;
        this.writer = writer;
        this.unsealing = unsealing;
        this.identities = identities;
        this.transaction = transaction;
    }

    // Receiving.

    /// Takes what is sent, and begins to import it when all of it is on the disk.
    ///
    /// @param request as it was made, for the manifest
    UUID receive(Caller caller, String request, InputStream body) throws IOException {
        var what = JsonMapper.shared().createObjectNode().put("request", request);
        var job = jobs.open(jobs.receive(caller, what));
        var id = job.job().id();
        try (var frames = SealedFrames.append(jobs.file(id), job.aead(), 0)) {
            var lines = receive(body, frames);
            progress.put(id, List.of(new Text(RECEIVED, "received", lines)));
            progress.received(id, lines, frames.durable());
            return id;
        } catch (IOException | RuntimeException e) {
            jobs.delete(id);
            throw e;
        }
    }

    private static long receive(InputStream body, SealedFrames frames) throws IOException {
        var buffer = new byte[64 << 10];
        var kept = new ByteArrayOutputStream();
        var lines = 0L;
        var bytes = 0L;
        for (int count; (count = body.read(buffer)) >= 0; ) {
            bytes += count;
            if (bytes > BYTES_MAX) {
                throw Outcomes.tooLarge("The body is larger than 8 GB; send it in parts.");
            }
            var end = count - 1;
            while (end >= 0 && buffer[end] != '\n') {
                end--;
            }
            kept.write(buffer, 0, end + 1);
            if (end >= 0 && kept.size() >= FRAME_BYTES) {
                lines += write(frames, kept);
            }
            kept.write(buffer, end + 1, count - end - 1);
            if (kept.size() > FRAME_BYTES + LINE_BYTES_MAX) {
                throw Outcomes.tooLarge("A line is longer than 16 MB.");
            }
        }
        return lines + write(frames, kept);
    }

    private static long write(SealedFrames frames, ByteArrayOutputStream kept) throws IOException {
        var bytes = kept.toByteArray();
        kept.reset();
        if (bytes.length == 0) {
            return 0;
        }
        frames.write(RECEIVED, new Frame("", Set.of(), bytes));
        var lines = bytes[bytes.length - 1] == '\n' ? 0L : 1L;
        for (var one : bytes) {
            lines += one == '\n' ? 1 : 0;
        }
        return lines;
    }

    // Working.

    /// Where a job goes on.
    ///
    /// @param round first the patients, and what is in nobody's record; then the records, whatever comes first in the file
    /// @param at where the next frame begins
    /// @param line the number of its first line
    private record Place(int round, long at, long line) {
        static Place parse(String text) {
            var parts = text.split(":", 3);
            return new Place(
                    Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        }

        String text() {
            return round + ":" + at + ":" + line;
        }
    }

    /// Does a part of the work. Whether there was any left.
    boolean step(Jobs.Opened opened) {
        var job = opened.job();
        var place = job.place().map(Place::parse).orElse(BEGIN);
        try (var frames = SealedFrames.append(jobs.file(job.id()), opened.aead(), job.bytes())) {
            var next = frames.next(RECEIVED, place.at, job.bytes());
            if (next.isEmpty()) {
                return place.round == 0
                        && noted(opened, frames, new Part(opened, place.round), new Place(1, 0, 1));
            }
            var part = new Part(opened, place.round);
            var line = place.line;
            for (var text : lines(next.get().frame().lines())) {
                part.take(line++, text);
            }
            part.store();
            return noted(opened, frames, part, new Place(place.round, next.get().end(), line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean noted(Jobs.Opened opened, SealedFrames frames, Part part, Place next)
            throws IOException {
        var job = opened.job();
        if (part.report.size() > 0) {
            frames.write(REFUSED, new Frame("", Set.of(), part.report.toByteArray()));
        }
        var bytes = frames.durable();
        transaction.executeWithoutResult(
                _ -> {
                    var done = job.done() + part.done;
                    if (!progress.progress(job.id(), next.text(), done, bytes)) {
                        throw new Exports.Deleted();
                    }
                    progress.put(job.id(), part.texts());
                });
        return true;
    }

    private static List<byte[]> lines(byte[] bytes) {
        var lines = new ArrayList<byte[]>();
        for (var begin = 0; begin < bytes.length; ) {
            var end = begin;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            lines.add(Arrays.copyOfRange(bytes, begin, end));
            begin = end + 1;
        }
        return lines;
    }

    /// The lines of one frame that have their turn.
    private final class Part {
        private final MemberId custodian;
        private final Caller author;
        private final int round;
        private final Map<Integer, Text> texts = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
        private final ByteArrayOutputStream report = new ByteArrayOutputStream();
        private long done;

        Part(Jobs.Opened opened, int round) {
            this.custodian = opened.job().custodian();
            this.author = opened.requester();
            this.round = round;
            for (var text :
                    List.of(
                            new Text(REFUSED, "OperationOutcome", 0),
                            new Text(STORED, "stored", 0),
                            new Text(UNCHANGED, "unchanged", 0))) {
                texts.put(text.number(), text);
            }
            progress.texts(opened.job().id()).stream()
                    .filter(text -> text.number() != RECEIVED)
                    .forEach(text -> texts.put(text.number(), text));
        }

        List<Text> texts() {
            return List.copyOf(texts.values());
        }

        private void count(int number, long more) {
            texts.computeIfPresent(
                    number, (_, text) -> new Text(text.number(), text.type(), text.lines() + more));
        }

        void take(long number, byte[] line) {
            if (isBlank(line)) {
                done += round == 0 ? 1 : 0;
                return;
            }
            var where = "line " + number;
            try {
                var tree = tree(line);
                var type = tree.map(one -> one.path("resourceType").asString("")).orElse("");
                if (isFirst(type) == (round == 0)) {
                    done++;
                    changes.add(change(where, type, tree, line));
                }
            } catch (BaseServerResponseException e) {
                refused(where, e);
            }
        }

        private static boolean isBlank(byte[] line) {
            for (var one : line) {
                if (one != ' ' && one != '\t' && one != '\r') {
                    return false;
                }
            }
            return true;
        }

        /// What is not understood has its turn at once.
        private static boolean isFirst(String type) {
            return type.equals("Patient") || R4.isDirectory(type) || R4.type(type).isEmpty();
        }

        /// Only to see what it is: whether it is as it must be, is said where it is stored.
        private static Optional<JsonNode> tree(byte[] line) {
            try {
                return Optional.of(JsonMapper.shared().readTree(line));
            } catch (tools.jackson.core.JacksonException _) {
                return Optional.empty();
            }
        }

        private Change change(String where, String type, Optional<JsonNode> tree, byte[] line) {
            BundleReader.check(line);
            if (R4.type(type).isEmpty()) {
                throw Outcomes.malformed("There is no resource type '" + type + "'.");
            }
            var given = tree.map(one -> one.path("id").asString("")).orElse("");
            if (!given.isEmpty() && !ResourceId.isId(given)) {
                throw Outcomes.invalid("A FHIR id is 1 to 64 of letters, digits, - and .");
            }
            var text = new String(line, StandardCharsets.UTF_8);
            return new Change(
                    where,
                    Change.Act.UPDATE,
                    type,
                    Optional.of(given.isEmpty() ? invented(line) : given),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new Sent(() -> text, () -> parsed(text)));
        }

        /// The same for the same line, and telling nothing of it.
        private String invented(byte[] line) {
            return UUID.nameUUIDFromBytes(identities.mac(custodian, LABEL, line)).toString();
        }

        private static Resource parsed(String text) {
            try {
                return (Resource) R4.json().parseResource(text);
            } catch (DataFormatException e) {
                throw Outcomes.malformed("It is refused: " + BundleReader.plain(e));
            }
        }

        void store() {
            var unchanged = unchanged();
            var changed = changes.stream().filter(change -> !unchanged.contains(change)).toList();
            count(UNCHANGED, unchanged.size());
            store(changed);
        }

        /// Mostly all succeed together; otherwise it is found out which do not.
        private void store(List<Change> some) {
            if (some.isEmpty()) {
                return;
            }
            try {
                writer.write(custodian, author, some);
                count(STORED, some.size());
            } catch (BaseServerResponseException e) {
                if (some.size() == 1) {
                    refused(some.getFirst().where(), e);
                } else {
                    store(some.subList(0, some.size() / 2));
                    store(some.subList(some.size() / 2, some.size()));
                }
            }
        }

        private void refused(String where, BaseServerResponseException e) {
            var outcome =
                    e.getOperationOutcome() instanceof OperationOutcome said
                            ? said
                            : (OperationOutcome) Outcomes.failed().getOperationOutcome();
            var issue = outcome.getIssueFirstRep();
            var text = Optional.ofNullable(issue.getDiagnostics()).orElse("");
            var begin = Character.toUpperCase(where.charAt(0)) + where.substring(1);
            if (!text.startsWith(begin + " ")) {
                issue.setDiagnostics(begin + ": " + text);
            }
            report.writeBytes(
                    R4.json().encodeResourceToString(outcome).getBytes(StandardCharsets.UTF_8));
            report.write('\n');
            count(REFUSED, 1);
        }

        /// Those whose newest version would be made of the same bytes again.
        private Set<Change> unchanged() {
            var byReference = new LinkedHashMap<String, Change>();
            changes.forEach(change -> byReference.put(reference(change), change));
            if (byReference.size() < changes.size()) {
                // A resource is there twice, and which comes last matters.
                return Set.of();
            }
            var rows = table.named(custodian, byReference.keySet());
            var unchanged = new HashSet<Change>();
            rows.stream()
                    .collect(Collectors.groupingBy(StoredVersion::written))
                    .forEach(
                            (written, some) ->
                                    unchanged.addAll(unchanged(written, some, byReference)));
            return unchanged;
        }

        private static Change change(Map<String, Change> byReference, StoredVersion row) {
            return Optional.ofNullable(byReference.get(row.id().resource().reference()))
                    .orElseThrow();
        }

        private static String reference(Change change) {
            return change.type() + "/" + change.id().orElseThrow();
        }

        private List<Change> unchanged(
                Instant written, List<StoredVersion> rows, Map<String, Change> byReference) {
            var targets =
                    rows.stream().map(row -> Target.asIs(change(byReference, row), row)).toList();
            try {
                var again =
                        documents.of(
                                custodian,
                                author,
                                new Targets.Plan(targets, Set.of(), Set.of()),
                                written);
                var same = new ArrayList<Change>();
                for (var i = 0; i < rows.size(); i++) {
                    var stored = unsealing.open(rows.get(i));
                    if (Arrays.equals(again.get(i).json(), stored.json())) {
                        same.add(targets.get(i).change());
                    }
                }
                return same;
            } catch (BaseServerResponseException e) {
                // Something is wrong with one of them, which is found out when it is stored.
                LOG.debug("not compared: {}", Failure.of(e));
                return rows.size() == 1
                        ? List.of()
                        : rows.stream()
                                .flatMap(
                                        row ->
                                                unchanged(written, List.of(row), byReference)
                                                        .stream())
                                .toList();
            }
        }
    }
}
