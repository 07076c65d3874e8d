package io.xinglin.erasure;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.EntryId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of erasures and of what happened to them.
@Component
class ErasureTable {
    private final JdbcClient jdbc;

    ErasureTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @throws org.springframework.dao.DuplicateKeyException if the patient has one that is open
    void insert(Erasure erasure) {
        jdbc.sql(
                        """
                        insert into erasure.request (id, org, patient, owner, code, status, requested)
                        values (?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        erasure.id(),
                        erasure.custodian().value(),
                        erasure.token(),
                        erasure.owner().orElseThrow(),
                        erasure.code(),
                        erasure.status().name(),
                        erasure.requested().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Erasure> find(MemberId custodian, UUID id) {
        return find(custodian, id, "");
    }

    /// The same; nobody else changes it until this transaction ends.
    Optional<Erasure> findForUpdate(MemberId custodian, UUID id) {
        return find(custodian, id, " for update");
    }

    private Optional<Erasure> find(MemberId custodian, UUID id, String lock) {
        return jdbc.sql("select * from erasure.request where org = ? and id = ?" + lock)
                .params(custodian.value(), id)
                .query(ErasureTable::erasure)
                .optional();
    }

    Optional<Erasure> byCode(MemberId custodian, byte[] code) {
        return jdbc.sql("select * from erasure.request where org = ? and code = ?")
                .params(custodian.value(), code)
                .query(ErasureTable::erasure)
                .optional();
    }

    List<Erasure> of(MemberId custodian, byte[] patient) {
        return jdbc.sql(
                        """
                        select * from erasure.request where org = ? and patient = ?
                        order by requested desc, id
                        """)
                .params(custodian.value(), patient)
                .query(ErasureTable::erasure)
                .list();
    }

    /// The newest of an organisation.
    List<Erasure> of(MemberId custodian, int most) {
        return jdbc.sql(
                        """
                        select * from erasure.request where org = ?
                        order by requested desc, id limit ?
                        """)
                .params(custodian.value(), most)
                .query(ErasureTable::erasure)
                .list();
    }

    List<Erasure> all() {
        return jdbc.sql("select * from erasure.request order by id")
                .query(ErasureTable::erasure)
                .list();
    }

    List<Erasure> with(Status status) {
        return jdbc.sql("select * from erasure.request where status = ? order by requested, id")
                .param(status.name())
                .query(ErasureTable::erasure)
                .list();
    }

    void decided(UUID id, Status status, String officer, @Nullable String reason) {
        jdbc.sql("update erasure.request set status = ?, officer = ?, reason = ? where id = ?")
                .param(status.name())
                .param(officer)
                .param(reason)
                .param(id)
                .update();
    }

    void withdrawn(UUID id) {
        jdbc.sql("update erasure.request set status = 'WITHDRAWN' where id = ?").param(id).update();
    }

    void erased(UUID id, byte[] certificate) {
        jdbc.sql(
                        """
                        update erasure.request set status = 'ERASED', owner = null, certificate = ?
                        where id = ?
                        """)
                .params(certificate, id)
                .update();
    }

    void insert(Event event) {
        jdbc.sql("insert into erasure.event (entry, request, opening) values (?, ?, ?)")
                .params(event.entry.value(), event.erasure, event.opening)
                .update();
    }

    /// What happened, in the order in which it did.
    List<Event> events(UUID erasure) {
        return jdbc.sql("select * from erasure.event where request = ? order by entry")
                .param(erasure)
                .query(
                        (row, _) ->
                                new Event(
                                        new EntryId(row.getObject("entry", UUID.class)),
                                        row.getObject("request", UUID.class),
                                        row.getBytes("opening")))
                .list();
    }

    Set<EntryId> known(List<EntryId> entries) {
        return jdbc.sql("select entry from erasure.event where entry = any(?)")
                .param(entries.stream().map(EntryId::value).toArray(UUID[]::new))
                .query((row, _) -> new EntryId(row.getObject(1, UUID.class)))
                .set();
    }

    /// Something that happened.
    ///
    /// @param opening sealed: what its entry in the log commits to
    @SuppressWarnings("ArrayRecordComponent") // Read and opened, never compared.
    record Event(EntryId entry, UUID erasure, byte[] opening) {}

    private static Erasure erasure(ResultSet row, int number) throws SQLException {
        return new Erasure(
                row.getObject("id", UUID.class),
                new MemberId(row.getString("org")),
                row.getBytes("patient"),
                Optional.ofNullable(row.getString("owner")),
                row.getBytes("code"),
                Status.valueOf(row.getString("status")),
                instant(row),
                Optional.ofNullable(row.getString("officer")),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getBytes("certificate")));
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getTimestamp("requested").toInstant();
    }
}
