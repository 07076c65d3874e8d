package io.xinglin.erasure;

import io.xinglin.consent.Consents;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import io.xinglin.erasure.ErasureTable.Event;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.WholeRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Patients' wishes to have their record erased.
///
/// A record is erased by destroying keys: those of its compartments in every epoch, of its index, and the patient's own; with them go
/// the salts, which are sealed under them, the rows and the index. Ledger and logs are not touched: what they hold says nothing any
/// more, and still verifies. What a rule of retention protects is not erased but shut.
///
/// It is done in steps that may each be repeated: decided and shut; a line in the register; consents withdrawn; keys ended on the
/// ledger; everything destroyed, with the entry in the log and the certificate. From the line on, nothing takes it back: a node
/// that starts with a database of before does it again.
@Component
public class Erasures {
    private static final Logger LOG = LoggerFactory.getLogger(Erasures.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HexFormat HEX = HexFormat.of();
    private static final int LISTED_MAX = 500;
    private static final int SALT_BYTES = 32;
    private static final int CODE_BYTES = 16;
    static final String CERTIFICATE = "xinglin-erasure+jws";

    private final ErasureTable table;
    private final Register register;
    private final Retention retention;
    private final WholeRecords records;
    private final Consents consents;
    private final Identities identities;
    private final Ledger ledger;
    private final Logs logs;
    private final TransactionTemplate transaction;
    private final NodeProperties node;
    private final InstantSource clock;
    private final SecureRandom random;

    Erasures(
            ErasureTable table,
            Register register,
            Retention retention,
            WholeRecords records,
            Consents consents,
            Identities identities,
            Ledger ledger,
            Logs logs,
            TransactionTemplate transaction,
            NodeProperties node,
            InstantSource clock,
            SecureRandom random) {
        this.table = table;
        this.register = register;
        this.retention = retention;
        this.records = records;
        this.consents = consents;
        this.identities = identities;
        this.ledger = ledger;
        this.logs = logs;
        this.transaction = transaction;
        this.node = node;
        this.clock = clock;
        this.random = random;
        if (!node.readOnly()) {
            // Before anyone can ask for it.
            register.lines().forEach(this::eraseAgain);
        }
    }

    /// A wish, and the code that the patient can ask with when there is nobody left to sign in.
    record Requested(Erasure erasure, String code) {}

    /// Something that happened, in clear.
    record Happened(EntryId entry, Opening opening) {
        /// What is said of it.
        Map<String, Object> statement() {
            return JSON.readerForMapOf(Object.class).readValue(opening.statement());
        }

        JsonNode json() {
            return JSON.readTree(opening.statement());
        }

        String action() {
            return json().path("action").asString("");
        }

        Instant time() {
            return Instant.parse(json().path("time").asString(""));
        }
    }

    // What patients and officers do.

    /// The patient asks.
    Requested request(PatientId patient) {
        var code = new byte[CODE_BYTES];
        random.nextBytes(code);
        var shown = Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        if (!records.isKnown(patient)) {
            throw ErasureProblem.nothingStored();
        }
        var erasure =
                new Erasure(
                        UUID.randomUUID(),
                        patient.custodian(),
                        records.token(patient),
                        Optional.of(patient.id()),
                        digest(shown),
                        Status.REQUESTED,
                        now(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try {
            transaction.executeWithoutResult(
                    _ -> {
                        table.insert(erasure);
                        happened(erasure, "requested", erasure.requested(), Map.of());
                    });
        } catch (DuplicateKeyException e) {
            throw ErasureProblem.underWay(e);
        }
        return new Requested(erasure, shown);
    }

    /// The patient takes it back. A record that was shut is open again.
    Erasure withdraw(PatientId patient, UUID id) {
        transaction.executeWithoutResult(
                _ -> {
                    var erasure = locked(patient.custodian(), id);
                    if (!isOf(erasure, patient)) {
                        throw ErasureProblem.unknown();
                    }
                    if (!erasure.status().isOpen()) {
                        throw ErasureProblem.decided();
                    }
                    records.open(patient);
                    table.withdrawn(id);
                    happened(erasure, "withdrawn", now(), Map.of());
                });
        return find(patient.custodian(), id).orElseThrow();
    }

    /// The officer refuses.
    Erasure refuse(MemberId custodian, String officer, UUID id, Refusal why) {
        transaction.executeWithoutResult(
                _ -> {
                    var erasure = locked(custodian, id);
                    if (erasure.status() != Status.REQUESTED) {
                        throw ErasureProblem.decided();
                    }
                    table.decided(id, Status.REFUSED, officer, why.name());
                    happened(
                            erasure,
                            "refused",
                            now(),
                            Map.of("officer", officer, "reason", why.name()));
                });
        return find(custodian, id).orElseThrow();
    }

    /// The officer agrees. What the law demands to be kept is shut; anything else is erased.
    ///
    /// @return what has become of it; still being done while the ledger does not answer
    Erasure agree(MemberId custodian, String officer, UUID id) {
        transaction.executeWithoutResult(
                _ -> {
                    var erasure = locked(custodian, id);
                    if (!erasure.status().isOpen()) {
                        throw ErasureProblem.decided();
                    }
                    var now = now();
                    var bars = retention.bars(records.lastCare(erasure.patient()), now);
                    records.shut(erasure.patient());
                    var status = bars.isEmpty() ? Status.ERASING : Status.RESTRICTED;
                    table.decided(id, status, officer, null);
                    if (!bars.isEmpty()) {
                        happened(
                                erasure,
                                "restricted",
                                now,
                                Map.of("officer", officer, "because", told(bars)));
                    }
                });
        var erasure = find(custodian, id).orElseThrow();
        if (erasure.status() == Status.ERASING) {
            finish(erasure);
        }
        return find(custodian, id).orElseThrow();
    }

    private static List<Map<String, Object>> told(List<Retention.Bar> bars) {
        return bars.stream()
                .map(
                        bar -> {
                            Map<String, Object> told = new LinkedHashMap<>();
                            told.put("rule", bar.rule());
                            told.put("since", bar.since().toString());
                            told.put("until", bar.until().toString());
                            told.put("law", Map.of("zh", bar.law().zh(), "en", bar.law().en()));
                            return told;
                        })
                .toList();
    }

    // What they see.

    Optional<Erasure> find(MemberId custodian, UUID id) {
        return table.find(custodian, id);
    }

    Optional<Erasure> byCode(MemberId custodian, String code) {
        return table.byCode(custodian, digest(code));
    }

    List<Erasure> of(PatientId patient) {
        return table.of(patient.custodian(), records.token(patient));
    }

    /// The newest of an organisation.
    List<Erasure> of(MemberId custodian) {
        return table.of(custodian, LISTED_MAX);
    }

    boolean isOf(Erasure erasure, PatientId patient) {
        return erasure.custodian().equals(patient.custodian())
                && MessageDigest.isEqual(erasure.token(), records.token(patient));
    }

    /// What happened, the first first.
    ///
    /// @throws Aead.Tampered if it was changed
    List<Happened> history(Erasure erasure) {
        return table.events(erasure.id()).stream()
                .map(event -> new Happened(event.entry(), open(erasure, event)))
                .toList();
    }

    /// What a stored event says.
    Opening open(Erasure erasure, Event event) {
        var content =
                aead(erasure.custodian())
                        .open(
                                event.opening(),
                                utf8("event"),
                                utf8(erasure.id().toString()),
                                utf8(event.entry().toString()));
        var salt = new byte[SALT_BYTES];
        var buffer = ByteBuffer.wrap(content).get(salt);
        var statement = new byte[buffer.remaining()];
        buffer.get(statement);
        return Opening.of(salt, statement);
    }

    /// The certificate: a compact JWS by the organisation. None unless it is erased.
    Optional<String> certificate(Erasure erasure) {
        return erasure.certificate()
                .map(
                        content ->
                                new String(
                                        aead(erasure.custodian())
                                                .open(
                                                        content,
                                                        utf8("certificate"),
                                                        utf8(erasure.id().toString())),
                                        StandardCharsets.US_ASCII));
    }

    // How it is done.

    /// Finishes what a crash or a silent ledger left half done.
    @Scheduled(fixedDelayString = "PT15S", initialDelayString = "PT3S")
    void settle() {
        if (!node.readOnly()) {
            table.with(Status.ERASING).forEach(this::finish);
        }
    }

    private synchronized void finish(Erasure erasure) {
        try {
            register.add(new Register.Line(erasure.custodian(), erasure.id(), erasure.token()));
            var patient = erasure.patient();
            if (!consents.withdrawAll(patient)) {
                return;
            }
            identities.end(patient);
            transaction.executeWithoutResult(_ -> destroy(erasure, patient));
        } catch (RuntimeException e) {
            LOG.error("erasure {} is not finished yet: {}", erasure.id(), Failure.of(e));
        }
    }

    private void destroy(Erasure before, PatientId patient) {
        var erasure = locked(before.custodian(), before.id());
        if (erasure.status() != Status.ERASING) {
            return;
        }
        var now = now();
        var ended = identities.destroy(patient);
        var destroyed = records.destroy(patient, erasure.id());
        var done = new LinkedHashMap<String, Object>();
        erasure.officer().ifPresent(officer -> done.put("officer", officer));
        done.put("keys", destroyed.keys());
        done.put("resources", destroyed.resources());
        done.put("versions", destroyed.extent().versions());
        done.put("entries", destroyed.extent().digest());
        done.put("ended", ended.stream().map(KeyId::value).toList());
        var entry = happened(erasure, "erased", now, done);
        table.erased(
                erasure.id(),
                aead(erasure.custodian())
                        .seal(
                                certify(erasure, now, entry, done)
                                        .getBytes(StandardCharsets.US_ASCII),
                                utf8("certificate"),
                                utf8(erasure.id().toString())));
    }

    private String certify(
            Erasure erasure, Instant now, EntryId entry, Map<String, Object> destroyed) {
        var name = ledger.member(erasure.custodian()).orElseThrow().name();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", erasure.custodian().value());
        claims.put("jti", erasure.id().toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("organisation", Map.of("zh", name.zh(), "en", name.en()));
        claims.put("patient", HEX.formatHex(erasure.token()));
        claims.put("requested", erasure.requested().toString());
        claims.put("erased", now.toString());
        claims.put("destroyed", destroyed);
        claims.put("logEntry", entry.toString());
        return identities.sign(erasure.custodian(), CERTIFICATE, claims);
    }

    /// What was erased stays erased, whatever a database says that is older than that.
    private void eraseAgain(Register.Line line) {
        var known = table.find(line.custodian(), line.erasure());
        if (known.filter(it -> it.status() == Status.ERASED || it.status() == Status.ERASING)
                .isPresent()) {
            return;
        }
        records.patients(
                line.custodian(),
                some ->
                        some.stream()
                                .filter(
                                        it ->
                                                MessageDigest.isEqual(
                                                        records.token(it), line.patient()))
                                .forEach(patient -> eraseAgain(line, patient, known)));
    }

    private void eraseAgain(Register.Line line, PatientId patient, Optional<Erasure> known) {
        LOG.warn("erasure {} is done again: the database is older than it", line.erasure());
        transaction.executeWithoutResult(
                _ -> {
                    if (known.isEmpty()) {
                        table.of(line.custodian(), line.patient()).stream()
                                .filter(it -> it.status().isOpen())
                                .forEach(it -> table.withdrawn(it.id()));
                        var nobodyKnows = new byte[CODE_BYTES];
                        random.nextBytes(nobodyKnows);
                        table.insert(
                                new Erasure(
                                        line.erasure(),
                                        line.custodian(),
                                        line.patient(),
                                        Optional.of(patient.id()),
                                        nobodyKnows,
                                        Status.ERASING,
                                        now(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()));
                    } else {
                        table.decided(
                                line.erasure(),
                                Status.ERASING,
                                known.get().officer().orElse("register"),
                                null);
                    }
                    records.shut(patient);
                });
    }

    private Erasure locked(MemberId custodian, UUID id) {
        return table.findForUpdate(custodian, id).orElseThrow(ErasureProblem::unknown);
    }

    private EntryId happened(Erasure erasure, String action, Instant at, Map<String, ?> more) {
        var statement = new LinkedHashMap<String, Object>();
        statement.put("kind", "erasure");
        statement.put("org", erasure.custodian().value());
        statement.put("erasure", erasure.id().toString());
        statement.put("patient", HEX.formatHex(erasure.token()));
        statement.put("action", action);
        statement.put("time", at.toString());
        statement.putAll(more);
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var opening = Opening.of(salt, JSON.writeValueAsBytes(statement));
        var entry = logs.append(erasure.custodian(), EntryKind.ERASURE, opening);
        table.insert(new Event(entry, erasure.id(), seal(erasure, entry, opening)));
        return entry;
    }

    private byte[] seal(Erasure erasure, EntryId entry, Opening opening) {
        var content =
                ByteBuffer.allocate(SALT_BYTES + opening.statement().length)
                        .put(opening.salt())
                        .put(opening.statement())
                        .array();
        return aead(erasure.custodian())
                .seal(
                        content,
                        utf8("event"),
                        utf8(erasure.id().toString()),
                        utf8(entry.toString()));
    }

    private Aead aead(MemberId custodian) {
        return identities.aead(custodian, "erasure/rows");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static byte[] digest(String code) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(utf8(code));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work here", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
