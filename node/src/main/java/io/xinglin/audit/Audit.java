package io.xinglin.audit;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import io.xinglin.records.AccessEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Who read what of whom, kept where nobody can drop it: a sealed row, and an entry in the organisation's log, both in the
/// transaction that reads.
@Component
public class Audit {
    private static final int SALT_BYTES = 32;
    private static final String LABEL = "audit";

    private final AccessTable table;
    private final Identities identities;
    private final Logs logs;
    private final SecureRandom random;

    Audit(AccessTable table, Identities identities, Logs logs, SecureRandom random) {
        this.table = table;
        this.identities = identities;
        this.logs = logs;
        this.random = random;
    }

    /// An access in clear.
    record Entry(StoredAccess row, Statement statement, Opening opening) {}

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void on(AccessEvent event) {
        var access = event.access();
        var custodian = access.reader().custodian();
        var statement = Statement.of(event);
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var opening = Opening.of(salt, statement.bytes());
        var entry = logs.append(custodian, statement.entryKind(), opening);
        var patient = access.patient().map(PatientId::id).orElse("");
        table.insert(
                new StoredAccess(
                        access.id(),
                        custodian,
                        patient,
                        access.at().truncatedTo(ChronoUnit.MICROS),
                        entry,
                        seal(custodian, access.id(), patient, opening)));
        access.evidence().is(entry);
    }

    private byte[] seal(MemberId custodian, UUID id, String patient, Opening opening) {
        var content =
                ByteBuffer.allocate(SALT_BYTES + opening.statement().length)
                        .put(opening.salt())
                        .put(opening.statement())
                        .array();
        return identities.aead(custodian, LABEL).seal(content, place(custodian, id, patient));
    }

    /// What the row says.
    ///
    /// @throws Aead.Tampered if it was changed, or belongs to another patient
    Entry open(StoredAccess row) {
        var content =
                ByteBuffer.wrap(
                        identities
                                .aead(row.custodian(), LABEL)
                                .open(
                                        row.sealed(),
                                        place(row.custodian(), row.id(), row.patient())));
        var salt = new byte[SALT_BYTES];
        content.get(salt);
        var text = StandardCharsets.UTF_8.decode(content).toString();
        var statement = new Statement(text);
        return new Entry(row, statement, Opening.of(salt, statement.bytes()));
    }

    private static byte[][] place(MemberId custodian, UUID id, String patient) {
        return new byte[][] {
            custodian.value().getBytes(StandardCharsets.UTF_8),
            id.toString().getBytes(StandardCharsets.UTF_8),
            patient.getBytes(StandardCharsets.UTF_8)
        };
    }

    /// A patient's accesses, newest first, from after one on.
    List<Entry> accesses(PatientId patient, Optional<UUID> after, int most) {
        var rows =
                after.isEmpty()
                        ? table.newest(patient.custodian(), patient.id(), most)
                        : access(patient, after.get())
                                .map(entry -> table.before(entry.row(), most))
                                .orElse(List.of());
        return rows.stream().map(this::open).toList();
    }

    /// One of a patient's accesses.
    Optional<Entry> access(PatientId patient, UUID id) {
        return table.find(patient.custodian(), id)
                .filter(row -> row.patient().equals(patient.id()))
                .map(this::open);
    }
}
