package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What was, in order.
@TestNode
@Import(Outside.class)
class HistoryTests {
    private static final int PAGES = 5;

    @Autowired private Outside outside;
    @Autowired private JdbcClient jdbc;

    private Desk desk;
    private final String id = Desk.unique("org");

    @BeforeEach
    void desk() {
        desk = new Desk(outside);
    }

    private void store(int versions) {
        for (var i = 0; i < versions; i++) {
            desk.put(
                    "Organization/" + id,
                    "{\"resourceType\": \"Organization\", \"id\": \"%s\"}".formatted(id));
        }
    }

    private static List<String> versions(Outside.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var versions = new ArrayList<String>();
        for (var entry : answer.json().path("entry")) {
            versions.add(
                    entry.at("/request/url").asString()
                            + " "
                            + entry.at("/response/etag").asString());
        }
        return versions;
    }

    private String next(Outside.Answer answer) {
        for (var link : answer.json().get("link")) {
            if (link.get("relation").asString().equals("next")) {
                return link.get("url").asString();
            }
        }
        return "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"Organization/%s/_history", "Organization/_history", "_history"})
    void goes_on_where_it_stopped_although_more_is_written(String what) {
        store(4);
        var first = desk.get(what.formatted(id) + "?_count=2");
        store(2);

        var second = outside.get(Desk.STAFF, next(first));

        var ours = "Organization/" + id + " W/\"%d\"";
        assertThat(versions(first)).containsExactly(ours.formatted(4), ours.formatted(3));
        assertThat(versions(second)).containsExactly(ours.formatted(2), ours.formatted(1));
    }

    @Test
    void all_of_it_is_seen_page_by_page_once_and_in_order() {
        store(3);
        desk.patient();
        var seen = new ArrayList<String>();
        var page = desk.get("_history?_count=3");
        for (var i = 0; i < PAGES && !next(page).isEmpty(); i++) {
            seen.addAll(versions(page));
            page = outside.get(Desk.STAFF, next(page));
        }

        var stored =
                jdbc.sql(
                                """
                                select r.type || '/' || r.id || ' W/"' || v.version || '"'
                                from records.version v join records.resource r on r.key = v.resource
                                where r.org = 'city-first-hospital'
                                order by v.written desc, v.resource desc, v.version desc
                                limit ?
                                """)
                        .param(seen.size())
                        .query(String.class)
                        .list();
        assertThat(seen).isNotEmpty().isEqualTo(stored);
    }

    @Test
    void from_a_time_on_or_at_a_time() {
        store(3);
        var history = "Organization/" + id + "/_history";
        var times = new ArrayList<String>();
        for (var entry : desk.get(history).json().get("entry")) {
            times.addFirst(entry.at("/response/lastModified").asString());
        }
        assertThat(times).doesNotHaveDuplicates();

        assertThat(numbers(history + "?_since=" + times.get(1))).containsExactly(3, 2);
        assertThat(numbers(history + "?_since=" + times.get(2))).containsExactly(3);
        assertThat(numbers(history + "?_since=2999-01-01T00:00:00Z")).isEmpty();
        assertThat(numbers(history + "?_at=" + times.get(0))).containsExactly(1);
        assertThat(numbers(history + "?_at=" + times.get(1))).containsExactly(2);
        assertThat(numbers(history + "?_at=" + times.get(1).substring(0, 4))).hasSize(3);
        assertThat(numbers(history + "?_at=2999")).containsExactly(3);
        assertThat(numbers(history + "?_at=2019")).isEmpty();
        assertThat(numbers("Organization/_history?_count=2&_since=" + times.get(1)))
                .containsExactly(3, 2);
    }

    private List<Integer> numbers(String path) {
        return versions(desk.get(path)).stream()
                .map(line -> Integer.parseInt(line.replaceAll(".*W/\"(\\d+)\"", "$1")))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "_since=yesterday",
        "_at=soon",
        "_count=0",
        "_count=many",
        "_before=x",
        "_before=1.2",
        "_list=1",
        "_sort=_lastUpdated",
        "_count=1&_count=2"
    })
    void what_is_not_understood_is_refused(String parameter) {
        store(1);

        for (var what :
                List.of("Organization/" + id + "/_history?", "Patient/_history?", "_history?")) {
            var answer = desk.get(what + parameter);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.json().get("resourceType").asString()).isEqualTo("OperationOutcome");
        }
    }

    @Test
    void that_of_many_resources_is_for_the_custodians_own_people() {
        var patient = desk.patient();

        for (var caller : List.of(Desk.PEER, Desk.self(patient))) {
            assertThat(desk.send(caller, "GET", "_history", "").status()).isEqualTo(403);
            assertThat(desk.send(caller, "GET", "Patient/_history", "").status()).isEqualTo(403);
        }
        assertThat(desk.send(Desk.PEER, "GET", "Organization/_history", "").status())
                .isEqualTo(200);
    }

    @Test
    void every_patient_in_it_is_told() {
        var patient = desk.patient();
        desk.laboratory(patient);

        desk.get("_history?_count=2");

        var accesses =
                outside.get(Desk.self(patient), "/audit/city-first-hospital/accesses")
                        .json()
                        .get("accesses");
        assertThat(accesses.size()).isEqualTo(2);
        assertThat(accesses.at("/0/what/interaction").asString()).isEqualTo("HISTORY");
    }
}
