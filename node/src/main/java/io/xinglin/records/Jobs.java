package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Job.Kind;
import io.xinglin.records.Job.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What goes on in the background, and for whom. A job has one file, sealed under a key of its own; the key is sealed in the job's
/// row, so that with the row the file is gone.
@Component
class Jobs {
    /// How long what a job made can be fetched.
    static final Duration KEPT = Duration.ofHours(24);

    private static final int ACTIVE_MAX = 2;
    private static final int KEPT_MAX = 20;
    private static final int KEY_BYTES = 32;
    private static final String LABEL = "job";

    private final JobTable table;
    private final Identities identities;
    private final TransactionTemplate transaction;
    private final InstantSource time;
    private final SecureRandom random;
    private final NodeProperties node;

    Jobs(
            JobTable table,
            Identities identities,
            TransactionTemplate transaction,
            InstantSource time,
            SecureRandom random,
            NodeProperties node) {
        this.table = table;
        this.identities = identities;
        this.transaction = transaction;
        this.time = time;
        this.random = random;
        this.node = node;
    }

    /// A job in clear.
    ///
    /// @param what is to be done
    /// @param aead seals its file
    record Opened(Job job, Caller requester, JsonNode what, Aead aead) {
        @Override
        public String toString() {
            return "Opened[" + job.id() + ", redacted]";
        }
    }

    /// Someone's job of so many steps.
    ///
    /// @throws ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException if they have too many
    UUID begin(Caller caller, Kind kind, ObjectNode what, long total) {
        return begin(caller, kind, State.ACTIVE, what, total).id();
    }

    /// Someone's job that begins when what it is to work on is there.
    Job receive(Caller caller, ObjectNode what) {
        return begin(caller, Kind.IMPORT, State.RECEIVING, what, 0);
    }

    private Job begin(Caller caller, Kind kind, State state, ObjectNode what, long total) {
        var requester = requester(caller);
        var begun =
                transaction.execute(
                        _ -> {
                            table.lock(requester);
                            if (table.count(requester, EnumSet.of(State.RECEIVING, State.ACTIVE))
                                    >= ACTIVE_MAX) {
                                throw Outcomes.tooMany(
                                        "You have "
                                                + ACTIVE_MAX
                                                + " jobs going on; wait for one to end.");
                            }
                            if (table.count(requester, EnumSet.allOf(State.class)) >= KEPT_MAX) {
                                throw Outcomes.tooMany(
                                        "You have "
                                                + KEPT_MAX
                                                + " jobs here; delete one, or wait a day.");
                            }
                            var job = job(caller, kind, state, what, total);
                            table.insert(job, requester);
                            return job;
                        });
        if (begun == null) {
            throw new IllegalStateException("a job has begun");
        }
        return begun;
    }

    private Job job(Caller caller, Kind kind, State state, ObjectNode what, long total) {
        var id = UUID.randomUUID();
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        var content = JsonMapper.shared().createObjectNode();
        content.set("requester", Requester.json(caller));
        content.set("what", what);
        content.put("key", Base64.getEncoder().encodeToString(key));
        var sealed =
                identities
                        .aead(caller.custodian(), LABEL)
                        .seal(JsonMapper.shared().writeValueAsBytes(content), place(id, kind));
        return new Job(
                id,
                caller.custodian(),
                kind,
                state,
                time.instant(),
                Optional.empty(),
                Optional.empty(),
                0,
                total,
                0,
                sealed);
    }

    Opened open(Job job) {
        var content =
                JsonMapper.shared()
                        .readTree(
                                identities
                                        .aead(job.custodian(), LABEL)
                                        .open(job.sealed(), place(job.id(), job.kind())));
        return new Opened(
                job,
                Requester.caller(content.get("requester")),
                content.get("what"),
                Aead.of(Base64.getDecoder().decode(content.get("key").stringValue()), random));
    }

    private static byte[][] place(UUID id, Kind kind) {
        return new byte[][] {bytes(id), kind.name().getBytes(StandardCharsets.UTF_8)};
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /// One of the caller's own; others' are as if they were not there.
    Optional<Opened> find(Caller caller, MemberId custodian, UUID id) {
        return table.find(custodian, id)
                .filter(job -> !isOver(job))
                .map(this::open)
                .filter(opened -> opened.requester.equals(caller));
    }

    private boolean isOver(Job job) {
        return job.ended().map(end -> !end.plus(KEPT).isAfter(time.instant())).orElse(false);
    }

    Path file(UUID job) {
        return directory().resolve(job.toString());
    }

    private Path directory() {
        return node.data().resolve("jobs");
    }

    /// Ends a job and takes away what it made.
    void delete(UUID id) {
        table.delete(id);
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends all jobs of an organisation; their files go with the next sweep, and cannot be opened any more.
    void deleteAll(MemberId custodian) {
        table.deleteAll(custodian);
    }

    /// Takes away what has been kept long enough, and files that a job left which was deleted while it wrote.
    @Scheduled(initialDelay = 10_000, fixedDelay = 60_000)
    void sweep() {
        if (node.readOnly()) {
            return;
        }
        table.ended(time.instant().minus(KEPT)).forEach(this::delete);
        if (!Files.isDirectory(directory())) {
            return;
        }
        try (var files = Files.list(directory())) {
            var there = files.toList();
            var known = table.all();
            for (var file : there) {
                if (known.stream().noneMatch(id -> file(id).equals(file))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stands for who asks, and says nothing about them.
    private long requester(Caller caller) {
        var json = JsonMapper.shared().writeValueAsBytes(Requester.json(caller));
        return ByteBuffer.wrap(identities.mac(caller.custodian(), "job-requester", json)).getLong();
    }
}
