package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.records.Job.Kind;
import io.xinglin.records.Job.State;
import io.xinglin.records.Job.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rows of jobs and of the texts that they keep.
@Component
class JobTable {
    private static final String JOBS =
            "select id, org, kind, state, created, ended, place, done, total, bytes, sealed"
                    + " from records.job ";

    private final JdbcClient jdbc;

    JobTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param requester stands for who asked
    void insert(Job job, long requester) {
        jdbc.sql(
                        """
                        insert into records.job (id, org, kind, state, created, requester, total, bytes, sealed)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        job.id(),
                        job.custodian().value(),
                        job.kind().name(),
                        job.state().name(),
                        job.created().atOffset(ZoneOffset.UTC),
                        requester,
                        job.total(),
                        job.bytes(),
                        job.sealed())
                .update();
    }

    /// Whoever else asks for the same requester's jobs waits until this transaction ends.
    void lock(long requester) {
        jdbc.sql("select pg_advisory_xact_lock(?)").param(requester).query((ResultSet _) -> {});
    }

    /// How many jobs one requester has, active or all.
    int count(long requester, Set<State> states) {
        return jdbc.sql("select count(*) from records.job where requester = ? and state = any(?)")
                .params(requester, states.stream().map(State::name).toArray(String[]::new))
                .query(Integer.class)
                .single();
    }

    Optional<Job> find(MemberId custodian, UUID id) {
        return jdbc.sql(JOBS + "where org = ? and id = ?")
                .params(custodian.value(), id)
                .query(JobTable::job)
                .optional();
    }

    /// Those that go on, the oldest first.
    List<Job> active() {
        return jdbc.sql(JOBS + "where state = 'ACTIVE' order by created, id")
                .query(JobTable::job)
                .list();
    }

    /// Those that ended before this, or were then being sent.
    List<UUID> ended(Instant before) {
        return jdbc.sql(
                        "select id from records.job where ended < ? or state = 'RECEIVING' and created < ?")
                .params(before.atOffset(ZoneOffset.UTC), before.atOffset(ZoneOffset.UTC))
                .query(UUID.class)
                .list();
    }

    Set<UUID> all() {
        return Set.copyOf(jdbc.sql("select id from records.job").query(UUID.class).list());
    }

    /// Notes how far a job is. Whether it still goes on.
    boolean progress(UUID id, String place, long done, long bytes) {
        return jdbc.sql(
                                """
                                update records.job set place = ?, done = ?, bytes = ?
                                where id = ? and state = 'ACTIVE'
                                """)
                        .params(place, done, bytes, id)
                        .update()
                > 0;
    }

    /// Notes that all is there that a job is to work on.
    void received(UUID id, long total, long bytes) {
        jdbc.sql(
                        """
                        update records.job set state = 'ACTIVE', total = ?, bytes = ?
                        where id = ? and state = 'RECEIVING'
                        """)
                .params(total, bytes, id)
                .update();
    }

    void end(UUID id, State state, Instant when) {
        jdbc.sql("update records.job set state = ?, ended = ? where id = ? and state = 'ACTIVE'")
                .params(state.name(), when.atOffset(ZoneOffset.UTC), id)
                .update();
    }

    boolean delete(UUID id) {
        return jdbc.sql("delete from records.job where id = ?").param(id).update() > 0;
    }

    void deleteAll(MemberId custodian) {
        jdbc.sql("delete from records.job where org = ?").param(custodian.value()).update();
    }

    List<Text> texts(UUID job) {
        return jdbc.sql(
                        """
                        select number, type, lines from records.job_text
                        where job = ? order by number
                        """)
                .param(job)
                .query((row, _) -> new Text(row.getInt(1), row.getString(2), row.getLong(3)))
                .list();
    }

    void put(UUID job, Collection<Text> texts) {
        for (var text : texts) {
            jdbc.sql(
                            """
                            insert into records.job_text (job, number, type, lines) values (?, ?, ?, ?)
                            on conflict (job, number) do update set lines = excluded.lines
                            """)
                    .params(job, text.number(), text.type(), text.lines())
                    .update();
        }
    }

    private static Job job(ResultSet row, int number) throws SQLException {
        return new Job(
                row.getObject("id", UUID.class),
                new MemberId(row.getString("org")),
                Kind.valueOf(row.getString("kind")),
                State.valueOf(row.getString("state")),
                row.getTimestamp("created").toInstant(),
                Optional.ofNullable(row.getTimestamp("ended")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("place")),
                row.getLong("done"),
                row.getLong("total"),
                row.getLong("bytes"),
                row.getBytes("sealed"));
    }
}
