package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A load that is cut off, by the sender or by the database, is stored whole or not at all.
@TestNode
@Import(Outside.class)
class BrokenLoadTests {
    private static final int ENTRIES = 400;
    private static final int ROUNDS = 4;

    @Autowired private Outside outside;
    @Autowired private JdbcClient jdbc;

    private String load(String prefix, int entries) {
        var all =
                IntStream.range(0, entries)
                        .mapToObj(
                                i -> {
                                    var id = prefix + "-" + i;
                                    return Desk.entry(
                                            "PUT",
                                            "Organization/" + id,
                                            "{\"resourceType\": \"Organization\", \"id\": \"%s\"}"
                                                    .formatted(id));
                                })
                        .toList();
        return "{\"resourceType\": \"Bundle\", \"type\": \"transaction\", \"entry\": ["
                + String.join(",", all)
                + "]}";
    }

    private long stored(String prefix) {
        return jdbc.sql("select count(*) from records.resource where id like ? || '-%'")
                .param(prefix)
                .query(Long.class)
                .single();
    }

    @Test
    void a_connection_to_the_database_that_is_lost_in_the_middle_leaves_nothing_half()
            throws Exception {
        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < ROUNDS; round++) {
                var prefix = Desk.unique("load");
                var body = load(prefix, ENTRIES);
                var answer =
                        threads.submit(() -> outside.send(Desk.SYSTEM, "POST", Desk.FHIR, body));
                while (!answer.isDone() && cut() == 0) {
                    Thread.onSpinWait();
                }

                var status = answer.get(60, TimeUnit.SECONDS).status();
                statuses.add(status);
                assertThat(stored(prefix)).isEqualTo(status == 200 ? ENTRIES : 0);
            }
        }

        assertThat(statuses).isSubsetOf(200, 500, 503).contains(500);
        var next = outside.send(Desk.SYSTEM, "POST", Desk.FHIR, load(Desk.unique("next"), 3));
        assertThat(next.status()).as(next.toString()).isEqualTo(200);
    }

    /// Ends the sessions that are storing records.
    private int cut() {
        return jdbc.sql(
                        """
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where pid <> pg_backend_pid() and query ilike '%insert into records.%'
                          and state <> 'idle'
                        """)
                .query(Integer.class)
                .single();
    }

    @Test
    void a_bundle_that_fails_at_its_last_entry_stores_nothing_and_says_which() {
        var prefix = Desk.unique("last");
        var body =
                load(prefix, ENTRIES)
                        .replaceFirst(
                                "(?s)]}$",
                                ","
                                        + Desk.entry(
                                                "POST",
                                                "Observation",
                                                Desk.laboratory("x", "nobody-" + prefix))
                                        + "]}");

        var answer = outside.send(Desk.SYSTEM, "POST", Desk.FHIR, body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.diagnostics()).contains("Entry " + ENTRIES);
        assertThat(stored(prefix)).isZero();
    }

    @Test
    void a_body_that_ends_early_stores_nothing() {
        var prefix = Desk.unique("early");
        var whole = load(prefix, 20);

        for (var length : new int[] {1, whole.length() / 2, whole.length() - 1}) {
            var answer = outside.send(Desk.SYSTEM, "POST", Desk.FHIR, whole.substring(0, length));
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        }
        assertThat(stored(prefix)).isZero();
    }

    @Test
    void one_who_writes_the_same_many_times_at_once_stores_each_or_is_refused() throws Exception {
        var id = Desk.unique("same");
        var body = "{\"resourceType\": \"Organization\", \"id\": \"%s\"}".formatted(id);
        var desk = new Desk(outside);
        desk.put("Organization/" + id, body);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = 0;
            Callable<Outside.Answer> put = () -> desk.send("PUT", "Organization/" + id, body);
            for (Future<Outside.Answer> answer : threads.invokeAll(Collections.nCopies(10, put))) {
                assertThat(answer.get().status()).isIn(200, 409);
                done += answer.get().status() == 200 ? 1 : 0;
            }

            assertThat(desk.get("Organization/" + id).header("ETag"))
                    .isEqualTo("W/\"" + (done + 1) + "\"");
        }
    }
}
