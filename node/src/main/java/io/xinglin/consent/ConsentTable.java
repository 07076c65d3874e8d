package io.xinglin.consent;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.log.EntryId;
import io.xinglin.log.Opening;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The consents of this node's organisations, sealed.
@Component
class ConsentTable {
    private static final int SALT_BYTES = 32;

    private final JdbcClient jdbc;
    private final Identities identities;

    ConsentTable(JdbcClient jdbc, Identities identities) {
        this.jdbc = jdbc;
        this.identities = identities;
    }

    void propose(
            ConsentId id, PatientId patient, ConsentTerms terms, Opening opening, Instant now) {
        jdbc.sql(
                        """
                        insert into consent.consent (id, custodian, patient, reader, status, terms, created, ends)
                        values (?, ?, ?, ?, 'PROPOSED', ?, ?, ?)
                        """)
                .params(
                        id.value(),
                        patient.custodian().value(),
                        token(patient),
                        token(patient, terms.grantee()),
                        seal(patient.custodian(), id, "terms", opening),
                        Timestamp.from(now),
                        Timestamp.from(terms.until()))
                .update();
    }

    void drop(ConsentId id) {
        jdbc.sql("delete from consent.consent where id = ? and status = 'PROPOSED'")
                .param(id.value())
                .update();
    }

    /// Whether it was only proposed until now.
    boolean grant(ConsentId id) {
        return jdbc.sql(
                                """
                                update consent.consent set status = 'GRANTED'
                                where id = ? and status = 'PROPOSED'
                                """)
                        .param(id.value())
                        .update()
                == 1;
    }

    void withdraw(ConsentId id, Instant now) {
        jdbc.sql(
                        """
                        update consent.consent set status = 'WITHDRAWN', withdrawn = ?, owed = true
                        where id = ?
                        """)
                .params(Timestamp.from(now), id.value())
                .update();
    }

    /// Those whose time is over, and nobody was told.
    List<ConsentId> ending(Instant now) {
        return jdbc.sql(
                        """
                        select id from consent.consent
                        where status = 'GRANTED' and not over and ends < ?
                        """)
                .param(Timestamp.from(now))
                .query((row, _) -> new ConsentId(row.getObject("id", UUID.class)))
                .list();
    }

    void over(ConsentId id) {
        jdbc.sql("update consent.consent set over = true where id = ?").param(id.value()).update();
    }

    void settled(ConsentId id) {
        jdbc.sql("update consent.consent set owed = false where id = ?").param(id.value()).update();
    }

    void record(
            ConsentId id, MemberId custodian, ConsentStatus kind, EntryId entry, Opening opening) {
        jdbc.sql("insert into consent.event (consent, kind, entry, opening) values (?, ?, ?, ?)")
                .params(
                        id.value(),
                        kind.name(),
                        entry.value(),
                        seal(custodian, id, "event " + kind, opening))
                .update();
    }

    /// What this organisation may read of this patient by consents past and present, held against withdrawal until the transaction ends.
    List<Row> sharedWith(MemberId grantee, PatientId patient) {
        hold(patient, "pg_advisory_xact_lock_shared");
        return jdbc.sql(
                        """
                        select * from consent.consent
                        where custodian = ? and reader = ? and status <> 'PROPOSED'
                        order by created desc, id
                        """)
                .params(patient.custodian().value(), token(patient, grantee))
                .query(this::row)
                .list();
    }

    List<Row> of(PatientId patient) {
        return jdbc.sql(
                        """
                        select * from consent.consent
                        where custodian = ? and patient = ?
                        order by created desc, id
                        """)
                .params(patient.custodian().value(), token(patient))
                .query(this::row)
                .list();
    }

    int count(PatientId patient) {
        return jdbc.sql("select count(*) from consent.consent where custodian = ? and patient = ?")
                .params(patient.custodian().value(), token(patient))
                .query(Integer.class)
                .single();
    }

    /// The patient's consent of this id.
    Optional<Row> find(PatientId patient, ConsentId id) {
        return find(patient, id, "");
    }

    /// The same, held against every other change and read until the transaction ends.
    Optional<Row> findForUpdate(PatientId patient, ConsentId id) {
        hold(patient, "pg_advisory_xact_lock");
        return find(patient, id, "for update");
    }

    /// Holds the patient's consents as they are until the transaction ends. Whoever comes first is served first, so that a withdrawal waits for
    /// the reads before it and no others: a row lock lets one read after another pass it.
    private void hold(PatientId patient, String lock) {
        jdbc.sql("select " + lock + "(?)")
                .param(ByteBuffer.wrap(token(patient)).getLong())
                .query((ResultSet _) -> {});
    }

    private Optional<Row> find(PatientId patient, ConsentId id, String lock) {
        return jdbc.sql(
                        """
                        select * from consent.consent
                        where id = ? and custodian = ? and patient = ?
                        """
                                + lock)
                .params(id.value(), patient.custodian().value(), token(patient))
                .query(this::row)
                .optional();
    }

    /// What a crash or a silent ledger left behind: proposed, or withdrawn without the ledger knowing.
    List<ConsentId> unsettled() {
        return jdbc.sql("select id from consent.consent where status = 'PROPOSED' or owed")
                .query((row, _) -> new ConsentId(row.getObject("id", UUID.class)))
                .list();
    }

    /// Whether the ledger does not know all yet that became of a patient's consents.
    boolean isUnsettled(PatientId patient) {
        return jdbc.sql(
                        """
                        select exists (select from consent.consent
                        where custodian = ? and patient = ? and (status = 'PROPOSED' or owed))
                        """)
                .params(patient.custodian().value(), token(patient))
                .query(Boolean.class)
                .single();
    }

    /// Whoever's consent it is.
    Optional<Row> find(ConsentId id) {
        return jdbc.sql("select * from consent.consent where id = ?")
                .param(id.value())
                .query(this::row)
                .optional();
    }

    Optional<Event> event(ConsentId id, MemberId custodian, ConsentStatus kind) {
        return jdbc.sql("select entry, opening from consent.event where consent = ? and kind = ?")
                .params(id.value(), kind.name())
                .query(
                        (row, _) ->
                                new Event(
                                        new EntryId(row.getObject("entry", UUID.class)),
                                        open(
                                                custodian,
                                                id,
                                                "event " + kind,
                                                row.getBytes("opening"))))
                .optional();
    }

    /// Consents of these organisations after an id, in the order of their ids, as they lie there.
    List<Stored> after(List<MemberId> custodians, UUID id, int most) {
        return jdbc.sql(
                        """
                        select * from consent.consent
                        where custodian = any(?) and id > ? order by id limit ?
                        """)
                .params(names(custodians), id, most)
                .query(ConsentTable::stored)
                .list();
    }

    /// The consents that are of none of these organisations.
    List<ConsentId> ofOthers(List<MemberId> custodians) {
        return jdbc.sql("select id from consent.consent where custodian <> all(?) order by id")
                .param(names(custodians))
                .query((row, _) -> new ConsentId(row.getObject("id", UUID.class)))
                .list();
    }

    /// What was said of these consents, as it lies there.
    List<StoredEvent> events(List<ConsentId> consents) {
        return jdbc.sql(
                        """
                        select consent, kind, entry, opening from consent.event
                        where consent = any(?) and kind in ('GRANTED', 'WITHDRAWN')
                        """)
                .param(consents.stream().map(ConsentId::value).toArray(UUID[]::new))
                .query(
                        (row, _) ->
                                new StoredEvent(
                                        new ConsentId(row.getObject("consent", UUID.class)),
                                        ConsentStatus.valueOf(row.getString("kind")),
                                        new EntryId(row.getObject("entry", UUID.class)),
                                        row.getBytes("opening")))
                .list();
    }

    /// Those of the entries that something said of a consent of this organisation stands for.
    Set<EntryId> known(MemberId custodian, List<EntryId> entries) {
        return jdbc.sql(
                        """
                        select event.entry from consent.event
                        join consent.consent on consent.id = event.consent
                        where consent.custodian = ? and event.entry = any(?)
                        """)
                .params(
                        custodian.value(),
                        entries.stream().map(EntryId::value).toArray(UUID[]::new))
                .query((row, _) -> new EntryId(row.getObject(1, UUID.class)))
                .set();
    }

    /// Those of these consents that are here.
    Set<ConsentId> known(Set<ConsentId> consents) {
        return jdbc.sql("select id from consent.consent where id = any(?)")
                .param(consents.stream().map(ConsentId::value).toArray(UUID[]::new))
                .query((row, _) -> new ConsentId(row.getObject(1, UUID.class)))
                .set();
    }

    private static String[] names(List<MemberId> organisations) {
        return organisations.stream().map(MemberId::value).toArray(String[]::new);
    }

    /// Opens a consent.
    ///
    /// @throws Aead.Tampered if it was changed
    Row open(Stored stored) {
        return new Row(
                stored.id(),
                stored.custodian(),
                ConsentStatus.valueOf(stored.status()),
                open(stored.custodian(), stored.id(), "terms", stored.terms()),
                stored.created(),
                stored.withdrawn());
    }

    /// Opens what was said of a consent.
    ///
    /// @throws Aead.Tampered if it was changed
    Opening open(MemberId custodian, StoredEvent event) {
        return open(custodian, event.consent(), "event " + event.kind(), event.opening());
    }

    /// Whether it is found by the patient and the reader that its terms name.
    boolean isFiled(Stored stored, Row row) {
        return Arrays.equals(stored.patient(), token(row.patient()))
                && Arrays.equals(stored.reader(), token(row.patient(), row.terms().grantee()));
    }

    private Row row(ResultSet row, int number) throws SQLException {
        return open(stored(row, number));
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                new ConsentId(row.getObject("id", UUID.class)),
                new MemberId(row.getString("custodian")),
                row.getBytes("patient"),
                row.getBytes("reader"),
                row.getString("status"),
                row.getBytes("terms"),
                row.getTimestamp("created").toInstant(),
                Optional.ofNullable(row.getTimestamp("withdrawn")).map(Timestamp::toInstant),
                row.getBoolean("owed"));
    }

    private byte[] seal(MemberId custodian, ConsentId id, String what, Opening opening) {
        var statement = opening.statement();
        var plain = ByteBuffer.allocate(SALT_BYTES + statement.length);
        plain.put(opening.salt()).put(statement);
        return aead(custodian).seal(plain.array(), utf8(what), utf8(id.toString()));
    }

    private Opening open(MemberId custodian, ConsentId id, String what, byte[] sealed) {
        var plain = aead(custodian).open(sealed, utf8(what), utf8(id.toString()));
        return Opening.of(
                Arrays.copyOf(plain, SALT_BYTES),
                Arrays.copyOfRange(plain, SALT_BYTES, plain.length));
    }

    private Aead aead(MemberId custodian) {
        return identities.aead(custodian, "consent/rows");
    }

    private byte[] token(PatientId patient) {
        return token(patient.custodian(), patient.id());
    }

    /// No member id holds a slash, so that no two pairs run together.
    private byte[] token(PatientId patient, MemberId grantee) {
        return token(patient.custodian(), grantee + "/" + patient.id());
    }

    private byte[] token(MemberId custodian, String text) {
        return Arrays.copyOf(identities.mac(custodian, "consent/index", utf8(text)), 16);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A consent as it lies there, sealed.
    @SuppressWarnings("ArrayRecordComponent") // Rows are read and opened, never compared.
    record Stored(
            ConsentId id,
            MemberId custodian,
            byte[] patient,
            byte[] reader,
            String status,
            byte[] terms,
            Instant created,
            Optional<Instant> withdrawn,
            boolean owed) {}

    /// What was said of a consent, sealed.
    @SuppressWarnings("ArrayRecordComponent") // The same.
    record StoredEvent(ConsentId consent, ConsentStatus kind, EntryId entry, byte[] opening) {}

    /// A stored consent, opened.
    record Row(
            ConsentId id,
            MemberId custodian,
            ConsentStatus status,
            Opening opening,
            Instant created,
            Optional<Instant> withdrawn) {
        ConsentTerms terms() {
            return Statement.terms(opening.statement());
        }

        PatientId patient() {
            return Statement.patient(opening.statement());
        }

        byte[] commitment() {
            return Statement.commitment(opening.salt(), opening.statement());
        }

        Consent consent() {
            return new Consent(id, terms(), status, created, withdrawn);
        }
    }

    /// What the log holds about a consent.
    record Event(EntryId entry, Opening opening) {}
}
