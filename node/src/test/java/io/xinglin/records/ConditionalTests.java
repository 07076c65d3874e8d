package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// What is done if, and only if.
@TestNode
@Import(Outside.class)
class ConditionalTests {
    @Autowired private Outside outside;

    private Desk desk;
    private final String identifier = Desk.unique("id");
    private final String byIdentifier = "Organization?identifier=urn:t%7C" + identifier;

    @BeforeEach
    void desk() {
        desk = new Desk(outside);
    }

    private String create(String identifier) {
        var answer = desk.send("POST", "Organization", Desk.organization(identifier));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return "Organization/" + answer.json().get("id").asString();
    }

    private int found() {
        return desk.get(byIdentifier).json().path("entry").size();
    }

    @Test
    void a_read_of_what_is_known_already_says_so_without_a_body() {
        var organization = create(identifier);
        var first = desk.get(organization);

        var same = desk.get(organization, "If-None-Match", first.header("ETag"));
        var strong = desk.get(organization, "If-None-Match", "\"7\", \"1\"");
        var other = desk.get(organization, "If-None-Match", "W/\"7\", \"abc\"");
        var since = desk.get(organization, "If-Modified-Since", first.header("Last-Modified"));
        var before = desk.get(organization, "If-Modified-Since", "Mon, 01 Jan 2024 00:00:00 GMT");
        var both =
                desk.get(
                        organization,
                        "If-None-Match",
                        "W/\"7\"",
                        "If-Modified-Since",
                        first.header("Last-Modified"));

        assertThat(List.of(same.status(), strong.status(), since.status())).containsOnly(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(List.of(other.status(), before.status(), both.status())).containsOnly(200);
    }

    @Test
    void a_create_finds_what_is_there() {
        var condition = "identifier=urn:t%7C" + identifier;
        var first =
                desk.send(
                        "POST",
                        "Organization",
                        Desk.organization(identifier),
                        "If-None-Exist",
                        condition);
        var second =
                desk.send(
                        "POST",
                        "Organization",
                        Desk.organization(identifier),
                        "If-None-Exist",
                        outside.base(io.xinglin.Consortium.CITY) + "/Organization?" + condition);
        create(identifier);
        var third =
                desk.send(
                        "POST",
                        "Organization",
                        Desk.organization(identifier),
                        "If-None-Exist",
                        condition);

        assertThat(first.status()).as(first.toString()).isEqualTo(201);
        assertThat(second.status()).as(second.toString()).isEqualTo(200);
        assertThat(second.header("Content-Location")).isEqualTo(first.header("Location"));
        assertThat(third.status()).as(third.toString()).isEqualTo(412);
    }

    @Test
    void an_update_creates_changes_or_refuses_as_many_as_match() {
        var body = Desk.organization(identifier);

        var none = desk.send("PUT", byIdentifier, body);
        var one = desk.send("PUT", byIdentifier, body);
        create(identifier);
        var several = desk.send("PUT", byIdentifier, body);

        assertThat(none.status()).as(none.toString()).isEqualTo(201);
        assertThat(one.status()).as(one.toString()).isEqualTo(200);
        assertThat(one.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(several.status()).as(several.toString()).isEqualTo(412);
    }

    @Test
    void an_update_with_an_id_keeps_to_it() {
        var id = Desk.unique("org");
        var named = Desk.organization(identifier).replaceFirst("\\{", "{\"id\": \"" + id + "\",");
        var other = Desk.organization(identifier).replaceFirst("\\{", "{\"id\": \"other\",");

        var created = desk.send("PUT", byIdentifier, named);
        var changed = desk.send("PUT", byIdentifier, named);
        var refused = desk.send("PUT", byIdentifier, other);
        var taken = desk.send("PUT", "Organization?identifier=urn:t%7C" + Desk.unique("id"), named);

        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        assertThat(created.json().get("id").asString()).isEqualTo(id);
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(taken.status()).as(taken.toString()).isEqualTo(409);
    }

    @Test
    void an_update_may_expect_a_version_as_well() {
        create(identifier);
        var body = Desk.organization(identifier);

        assertThat(desk.send("PUT", byIdentifier, body, "If-Match", "W/\"2\"").status())
                .isEqualTo(412);
        assertThat(desk.send("PUT", byIdentifier, body, "If-Match", "W/\"1\"").status())
                .isEqualTo(200);
    }

    @Test
    void a_delete_goes_to_the_one_that_matches() {
        create(identifier);
        create(identifier);
        var several = desk.send("DELETE", byIdentifier, "");
        desk.bundle("transaction", Desk.entry("DELETE", one()));
        var one = desk.send("DELETE", byIdentifier, "");
        var none = desk.send("DELETE", byIdentifier, "");

        assertThat(several.status()).as(several.toString()).isEqualTo(412);
        assertThat(one.status()).as(one.toString()).isEqualTo(204);
        assertThat(none.status()).as(none.toString()).isEqualTo(204);
        assertThat(found()).isZero();
    }

    private String one() {
        return "Organization/"
                + desk.get(byIdentifier).json().at("/entry/0/resource/id").asString();
    }

    @Test
    void a_patch_goes_to_the_one_that_matches() {
        var patch = "[{\"op\": \"replace\", \"path\": \"/name\", \"value\": \"Elsewhere\"}]";

        var none = desk.sendAs(Patches.JSON_PATCH, "PATCH", byIdentifier, patch);
        create(identifier);
        var one = desk.sendAs(Patches.JSON_PATCH, "PATCH", byIdentifier, patch);
        create(identifier);
        var several = desk.sendAs(Patches.JSON_PATCH, "PATCH", byIdentifier, patch);

        assertThat(none.status()).as(none.toString()).isEqualTo(404);
        assertThat(one.status()).as(one.toString()).isEqualTo(200);
        assertThat(one.json().get("name").asString()).isEqualTo("Elsewhere");
        assertThat(several.status()).as(several.toString()).isEqualTo(412);
    }

    @Test
    void any_search_may_name_the_resource() {
        var patient = desk.patient();
        var laboratory = desk.laboratory(patient);
        var search = "Observation?code=2345-7&patient=" + patient;

        var changed =
                desk.send(
                        "PUT",
                        search,
                        Desk.laboratory("x", patient).replace("\"id\": \"x\", ", ""));
        var deleted = desk.send("DELETE", search, "");

        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(changed.header("Content-Location")).contains(laboratory + "/_history/2");
        assertThat(deleted.status()).as(deleted.toString()).isEqualTo(204);
        assertThat(desk.get(laboratory).status()).isEqualTo(410);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Organization",
                "Organization?colour=green",
                "Organization?identifier=",
                "Organization?_format=json",
                "Organization?identifier"
            })
    void a_condition_that_says_nothing_or_is_not_understood_is_refused(String address) {
        var deleted = desk.send("DELETE", address, "");

        assertThat(deleted.status()).as(deleted.toString()).isEqualTo(400);
        assertThat(deleted.json().get("resourceType").asString()).isEqualTo("OperationOutcome");
    }

    @Test
    void of_many_who_update_what_is_not_there_one_creates_it() throws Exception {
        var body = Desk.organization(identifier);
        Callable<Outside.Answer> update = () -> desk.send("PUT", byIdentifier, body);

        var statuses = together(update);

        assertThat(statuses).containsOnlyOnce(201).isSubsetOf(200, 201, 409);
        assertThat(found()).isEqualTo(1);
    }

    @Test
    void of_many_who_create_unless_a_search_finds_it_one_does() throws Exception {
        var patient = desk.patient();
        Callable<Outside.Answer> create =
                () ->
                        desk.send(
                                "POST",
                                "Observation",
                                Desk.laboratory("x", patient),
                                "If-None-Exist",
                                "patient=" + patient + "&code=2345-7");

        var statuses = together(create);

        assertThat(statuses).containsOnlyOnce(201).isSubsetOf(200, 201, 409);
        assertThat(desk.get("Observation?patient=" + patient).json().get("entry").size())
                .isEqualTo(1);
    }

    private static List<Integer> together(Callable<Outside.Answer> what) throws Exception {
        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Outside.Answer> answer : threads.invokeAll(Collections.nCopies(6, what))) {
                statuses.add(answer.get().status());
            }
        }
        return statuses;
    }

    @Test
    void what_must_match_must_be_there() {
        var missing =
                desk.send(
                        "PUT",
                        "Organization/" + identifier,
                        Desk.organization(identifier)
                                .replaceFirst("\\{", "{\"id\": \"" + identifier + "\","),
                        "If-Match",
                        "*");

        assertThat(missing.status()).as(missing.toString()).isEqualTo(412);
        assertThat(desk.get("Organization/" + identifier).status()).isEqualTo(404);
    }

    @Test
    void every_answer_names_its_version_and_time() {
        var created = desk.send("POST", "Organization", Desk.organization(identifier));
        var organization = "Organization/" + created.json().get("id").asString();

        for (var answer :
                List.of(
                        created,
                        desk.get(organization),
                        desk.get(organization + "/_history/1"),
                        desk.get(organization + "?_format=xml"),
                        desk.get(organization + "?_pretty=true"))) {
            assertThat(answer.header("ETag")).isEqualTo("W/\"1\"");
            assertThat(answer.header("Last-Modified"))
                    .matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "representation", "OperationOutcome"})
    void a_write_answers_as_much_as_is_wanted(String wanted) {
        var answer =
                desk.send(
                        "POST",
                        "Organization",
                        Desk.organization(identifier),
                        "Prefer",
                        "return=" + wanted);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).contains("/_history/1");
        assertThat(answer.text())
                .contains(
                        switch (wanted) {
                            case "minimal" -> "";
                            case "representation" -> "Somewhere";
                            default -> "was created";
                        });
        assertThat(answer.body().length == 0).isEqualTo(wanted.equals("minimal"));
    }
}
