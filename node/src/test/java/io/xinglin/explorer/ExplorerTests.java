package io.xinglin.explorer;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Http;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome.Committed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@Tag("node")
@TestNode
class ExplorerTests {
    @Autowired Http http;
    @Autowired Identities identities;
    @Autowired Ledger ledger;
    @Autowired TestClock clock;

    private Committed grant;
    private KeyId patient;

    @BeforeEach
    void giveAConsent() {
        var id = new PatientId(CITY, UUID.randomUUID().toString());
        patient = identities.enrol(id);
        var command =
                new ConsentCommand.Grant(
                        UUID.randomUUID(),
                        CITY,
                        "A".repeat(43),
                        Instant.parse("2099-12-24T12:00:00Z"));
        grant = (Committed) identities.submit(id, command);
    }

    @Test
    void a_transaction_is_told_in_plain_words() {
        var path = "/explorer/transactions/" + grant.id();

        assertThat(http.get(path + "?lang=en").text())
                .contains(
                        "A patient of City First Hospital gave a consent until 24 December 2099.",
                        "What nobody can see here",
                        "/explorer/blocks/" + grant.block());
        assertThat(http.get(path + "?lang=zh").text()).contains("市第一医院的一位患者签了同意书，有效至2099年12月24日。");
    }

    @Test
    void a_block_shows_that_it_was_checked_and_where_it_is_in_the_chain() {
        var page = http.get("/explorer/blocks/" + grant.block() + "?lang=en").text();

        assertThat(page)
                .contains("Nothing in this block was changed")
                .contains("/explorer/blocks/" + (grant.block() - 1))
                .contains("/explorer/transactions/" + grant.id());
    }

    @Test
    void a_patients_key_is_a_pseudonym_and_is_listed_nowhere() {
        assertThat(http.get("/explorer/keys/" + patient + "?lang=en").text())
                .contains("Key of a patient of City First Hospital", "It is a pseudonym");
        assertThat(http.get("/explorer/members/" + CITY).text()).doesNotContain(patient.value());
    }

    @Test
    void a_member_shows_its_own_keys_with_their_history() {
        var page = http.get("/explorer/members/" + CITY + "?lang=en");

        assertThat(page.text()).contains("Joined the consortium", "Registered", "In use");
    }

    @Test
    void the_status_page_says_who_orders_and_where_each_log_is() {
        var page = http.get("/explorer/status?lang=en").text();

        assertThat(page)
                .contains("This node is well", "This node alone", "On this node")
                .contains("City First Hospital", "River Hospital", "Apricot Clinic")
                .contains("/ledger/status")
                .doesNotContain("Peers", "Does not answer");
        assertThat(http.get("/explorer").text()).contains("href=\"/explorer/status\"");
    }

    @Test
    void a_members_history_tells_that_it_was_suspended_and_readmitted() {
        agree(new Change.Suspension(CLINIC));
        agree(new Change.Readmission(CLINIC));

        await().untilAsserted(
                        () ->
                                assertThat(
                                                http.get("/explorer/members/" + CLINIC + "?lang=en")
                                                        .text())
                                        .contains("Suspended by vote of the members")
                                        .contains("Readmitted by vote of the members"));
    }

    private void agree(Change change) {
        var proposal = UUID.randomUUID();
        var expires = clock.instant().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
        identities.submit(CITY, new GovernanceCommand.Propose(proposal, change, expires));
        identities.submit(CITY, new GovernanceCommand.Vote(proposal, true));
        identities.submit(RIVER, new GovernanceCommand.Vote(proposal, true));
        assertThat(identities.submit(CITY, new GovernanceCommand.Decide(proposal)))
                .isInstanceOf(Committed.class);
    }

    @Test
    void the_search_box_knows_what_it_is_given() {
        assertFinds(String.valueOf(grant.block()), "/explorer/blocks/" + grant.block());
        assertFinds(" " + grant.id() + "\n", "/explorer/transactions/" + grant.id());
        assertFinds(patient.value(), "/explorer/keys/" + patient);
        assertFinds("City-First-Hospital", "/explorer/members/" + CITY);
    }

    private void assertFinds(String text, String address) {
        var answer = http.form("/explorer/search", Map.of("q", text));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).endsWith(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999", "nobody-here", "what is this?", "", "<script>"})
    void what_is_not_found_is_said_and_not_repeated(String text) {
        var answer = http.form("/explorer/search", Map.of("q", text, "lang", "en"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("Nothing found").doesNotContain("<script>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/explorer/blocks/999999999",
                "/explorer/blocks/x",
                "/explorer/transactions/x",
                "/explorer/members/nobody",
                "/explorer/members/..%2f",
                "/explorer/keys/x",
                "/explorer/logs/nobody"
            })
    void what_does_not_exist_is_not_there(String path) {
        assertThat(http.get(path).status()).isBetween(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/blocks",
                "/blocks?before=1",
                "/blocks?before=-5",
                "/blocks/0",
                "/blocks/0?from=99999",
                "/members",
                "/members/city-first-hospital",
                "/logs",
                "/logs/city-first-hospital",
                "/contracts",
                "/proposals",
                "/status",
                "/receipt"
            })
    void every_page_has_all_its_words_in_both_languages(String path) {
        for (var language : new String[] {"en", "zh"}) {
            var address = "/explorer" + path + (path.contains("?") ? "&" : "?");
            var page = http.get(address + "lang=" + language);

            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.text()).doesNotContain("??");
        }
    }
}
