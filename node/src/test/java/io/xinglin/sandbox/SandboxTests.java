package io.xinglin.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.xinglin.Http;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.platform.NodeProperties;
import io.xinglin.sandbox.Target.Kind;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

@Tag("node")
@TestNode
class SandboxTests {
    @Autowired Sandboxes sandboxes;
    @Autowired Http http;
    @Autowired TestClock clock;
    @Autowired NodeProperties node;
    @Autowired JdbcTemplate jdbc;

    @AfterEach
    void throwAway() {
        sandboxes.endAll();
    }

    @Test
    void whatever_is_changed_is_noticed_and_put_right_it_is_not() {
        var random = new Random(42);
        var sandbox = sandboxes.make().orElseThrow();
        assertThat(sandbox.trial().isNoticed()).isFalse();

        for (var kind : Kind.values()) {
            var targets = sandbox.targets().stream().filter(t -> t.kind() == kind).toList();
            for (var i = 0; i < 3; i++) {
                var target = targets.get(random.nextInt(targets.size()));
                var at = random.nextInt(sandbox.read(target).length);

                sandbox.change(target, at, Optional.empty());

                assertThat(sandbox.trial().isNoticed()).as("%s, byte %d", target, at).isTrue();
            }
        }
        sandbox.undo();
        assertThat(sandbox.trial().isNoticed()).isFalse();
    }

    @Test
    void the_visitor_sees_who_noticed_and_when_without_a_script() {
        var made = http.form("/sandbox", Map.of());
        var path = java.net.URI.create(made.header("Location")).getPath();
        var choice = http.get(path + "/entry?lang=en").text();
        var target = choice.replaceFirst("(?s).*name=\"target\" value=\"(\\d+)\".*", "$1");

        var changed = http.form(path + "/change", Map.of("target", target, "at", "30"));
        var page = http.get(path + "?lang=en").text();

        assertThat(changed.status()).isEqualTo(302);
        assertThat(page)
                .contains("Noticed in", "The owner of each log", "<svg class=\"tree\"")
                .contains("the entries in the database do not give the root that was signed")
                .doesNotContain("??");
        assertThat(http.get(path + "?lang=zh").text()).contains("内被发现").doesNotContain("??");
        for (var kind : Kind.values()) {
            var name = SandboxWords.slug(kind);
            assertThat(http.get(path + "/" + name).status()).as(name).isEqualTo(200);
        }
        for (var wrong :
                List.of(
                        Map.of("target", target, "at", "99999"),
                        Map.of("target", target, "at", "30", "to", "xy"),
                        Map.of("target", target, "at", "30", "to", "0000"))) {
            assertThat(http.form(path + "/change", wrong).status()).isEqualTo(400);
        }
        assertThat(http.form(path + "/undo", Map.of()).status()).isEqualTo(302);
    }

    @Test
    void the_visitor_chooses_the_place_and_each_is_guarded_by_checks_of_its_own() {
        var sandbox = sandboxes.make().orElseThrow();

        assertThat(whoNotices(sandbox, Kind.RECORD)).containsExactly("sealed");
        assertThat(whoNotices(sandbox, Kind.ENTRY)).containsExactly("sealed", "transparency");
        assertThat(whoNotices(sandbox, Kind.TILE))
                .contains("transparency")
                .doesNotContain("sealed", "ledger");
        assertThat(whoNotices(sandbox, Kind.CHECKPOINT))
                .contains("transparency", "the")
                .doesNotContain("sealed", "ledger");
        assertThat(whoNotices(sandbox, Kind.BLOCK)).containsExactly("ledger");
    }

    @Test
    void the_visitor_says_what_the_byte_becomes() {
        var sandbox = sandboxes.make().orElseThrow();
        var target = sandbox.targets().getFirst();
        var other = (byte) (sandbox.read(target)[20] + 100);

        sandbox.change(target, 20, Optional.of(other));

        assertThat(sandbox.read(target)[20]).isEqualTo(other);
        assertThat(sandbox.trial().isNoticed()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sandbox.change(target, 20, Optional.of((byte) (other - 100))));
        assertThat(sandbox.trial().isNoticed()).isFalse();
    }

    /// The first words of the checks.
    private static List<String> whoNotices(Sandbox sandbox, Kind kind) {
        var target = sandbox.targets().stream().filter(t -> t.kind() == kind).findFirst();
        sandbox.change(target.orElseThrow(), 4, Optional.empty());
        return sandbox.trial().results().stream()
                .filter(result -> !result.isSound())
                .map(result -> result.check().name().split("[ :]", 2)[0])
                .toList();
    }

    @Test
    void there_are_only_a_few_at_a_time_each_for_a_few_minutes_and_nothing_is_left()
            throws Exception {
        var members = http.get("/ledger/members").text();
        var made = new ArrayList<Sandbox>();
        for (var i = 0; i < Sandboxes.MAX; i++) {
            made.add(sandboxes.make().orElseThrow());
        }
        assertThat(http.form("/sandbox", Map.of()).status()).isEqualTo(503);

        clock.pass(Sandboxes.LIFETIME);

        assertThat(http.get("/sandbox/" + made.getFirst().id()).status()).isEqualTo(410);
        await().until(
                        () -> {
                            // The node sweeps by itself, too.
                            sandboxes.sweep();
                            return sandboxes.count() == 0;
                        });
        assertThat(
                        jdbc.queryForList(
                                "select datname from pg_database where datname like '%throwaway%'"))
                .isEmpty();
        try (var files = Files.list(node.data().resolve("sandbox"))) {
            assertThat(files).isEmpty();
        }
        assertThat(http.get("/ledger/members").text()).isEqualTo(members);
    }
}
