package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Application;
import io.xinglin.TestNode;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Voucher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT)
@ContextConfiguration(classes = Application.class, initializers = TestNode.FreshDirectory.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerHttpTests {
    private static final TestKey OPERATOR = TestKey.fresh();

    private final HttpClient client = HttpClient.newHttpClient();
    private final SecureRandom random = new SecureRandom();
    private final TestKey hospital = TestKey.fresh();

    @Value("${xinglin.url}")
    String url;

    @Autowired Ledger ledger;
    @Autowired DataSource dataSource;
    @Autowired InstantSource clock;

    @DynamicPropertySource
    static void nameFounder(DynamicPropertyRegistry registry) {
        registry.add("xinglin.founder", () -> OPERATOR.id().value());
    }

    /// Whoever comes first is not the founder, unless the operator named its key.
    @BeforeAll
    void found() throws Exception {
        var admitted = new TreeMap<>(Map.of(TestLedger.HOSPITAL, hospital.id()));
        var stranger = TestKey.fresh();
        var squatting = new MembershipCommand.Found(stranger.jwk(), admitted);
        assertProblem(post(stranger, squatting), 422, "not-permitted");
        var inBatch = postAll(sign(stranger, squatting, ledger.name()).jws());
        assertThat(json(inBatch).get(0).get("outcome").asString()).isEqualTo("refused");
        post(OPERATOR, new MembershipCommand.Found(OPERATOR.jwk(), admitted));
        var joined =
                post(hospital, new MembershipCommand.Join(hospital.jwk(), TestLedger.member()));
        assertThat(joined.statusCode()).as(joined.body()).isEqualTo(200);
    }

    @Test
    void the_members_are_public_with_the_keys_of_their_logs() throws Exception {
        var members = json(get("/ledger/members"));

        var member = members.get(0);
        assertThat(member.propertyNames())
                .containsExactly("id", "name", "roles", "fhir", "log", "status");
        assertThat(member.get("status").asString()).isEqualTo("active");
        assertThat(member.get("id").asString()).isEqualTo("city-first-hospital");
        assertThat(member.get("name").get("zh").asString()).isEqualTo("市第一医院");
        assertThat(member.get("roles").get(0).asString()).isEqualTo("hospital");
        assertThat(member.get("log").propertyNames()).containsExactly("origin", "url", "vkey");
    }

    @Test
    void blocks_and_transactions_can_be_walked_from_the_summary() throws Exception {
        var summary = json(get("/ledger"));
        var last = summary.get("lastBlock").get("number").asLong();
        var block = json(get("/ledger/blocks/" + last));
        var id = block.get("transactions").get(0).get("id").asString();

        var transaction = json(get("/ledger/transactions/" + id));

        assertThat(summary.get("height").asLong()).isEqualTo(last + 1);
        assertThat(block.get("hash")).isEqualTo(summary.get("lastBlock").get("hash"));
        assertThat(json(get("/ledger/blocks?from=0&count=100"))).hasSize((int) last + 1);
        assertThat(transaction.get("validity").asString()).isEqualTo("valid");
        assertThat(transaction.get("arguments").isObject()).isTrue();
        assertThat(SignedTransaction.parse(transaction.get("jws").asString()).id().value())
                .isEqualTo(id);
    }

    @Test
    void a_transaction_submitted_twice_gets_the_same_answer() throws Exception {
        var jws = sign(hospital, update("http://localhost:8080/fhir/a"), ledger.name()).jws();

        var first = post(jws);
        var second = post(jws);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(json(first).get("outcome").asString()).isEqualTo("committed");
    }

    @Test
    void who_proposed_and_voted_what_and_what_came_of_it_is_there_for_everyone() throws Exception {
        var id = UUID.randomUUID();
        var pharmacy = new Change.Admission(new MemberId("spring-pharmacy"), TestKey.fresh().id());
        var expires = clock.instant().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        post(hospital, new GovernanceCommand.Propose(id, pharmacy, expires));
        assertProblem(post(hospital, new GovernanceCommand.Decide(id)), 409, "undecided");
        var open = json(get("/ledger/proposals/" + id));
        post(hospital, new GovernanceCommand.Vote(id, true));
        post(hospital, new GovernanceCommand.Decide(id));

        var decided = json(get("/ledger/proposals/" + id));

        assertThat(open.get("status").asString()).isEqualTo("open");
        assertThat(open.get("votes")).isEmpty();
        assertThat(open.has("decision")).isFalse();
        assertThat(decided.get("status").asString()).isEqualTo("accepted");
        assertThat(decided.get("proposer").asString()).isEqualTo("city-first-hospital");
        assertThat(decided.get("change").get("kind").asString()).isEqualTo("admission");
        assertThat(decided.get("expires").asString()).isEqualTo(expires.toString());
        assertThat(decided.get("votes").get(0).get("member").asString())
                .isEqualTo("city-first-hospital");
        assertThat(decided.get("votes").get(0).get("vote").asString()).isEqualTo("yes");
        assertThat(decided.get("decision").get("entitled").asInt()).isEqualTo(1);
        assertThat(json(get("/ledger/proposals"))).contains(decided);
        assertProblem(post(hospital, new GovernanceCommand.Decide(id)), 409, "proposal-closed");
        assertProblem(get("/ledger/proposals/" + UUID.randomUUID()), 404, "unknown-proposal");
        assertProblem(get("/ledger/proposals/none"), 404, "unknown-proposal");
    }

    @Test
    void proposals_come_a_page_at_a_time_the_last_first() throws Exception {
        for (var i = 0; i < 3; i++) {
            var change = new Change.Setting(Parameter.MAJORITY_PERCENT, 50);
            var expires = clock.instant().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
            post(hospital, new GovernanceCommand.Propose(UUID.randomUUID(), change, expires));
        }
        var all = json(get("/ledger/proposals"));

        assertThat(json(get("/ledger/proposals?count=2"))).containsExactly(all.get(0), all.get(1));
        assertThat(json(get("/ledger/proposals?skip=2&count=1"))).containsExactly(all.get(2));
        assertThat(json(get("/ledger/proposals?skip=1000000"))).isEmpty();
        for (var wrong : List.of("count=0", "count=101", "skip=-1")) {
            assertProblem(get("/ledger/proposals?" + wrong), 400, "bad-range");
        }
    }

    @Test
    void what_is_not_in_its_form_is_said_and_not_repeated() throws Exception {
        for (var path : List.of("/ledger/blocks?count=secret", "/ledger/blocks/secret")) {
            var answer = get(path);

            assertProblem(answer, 400, "malformed-request");
            assertThat(json(answer).get("detail").asString())
                    .contains("is not in its form")
                    .doesNotContain("secret");
        }
        assertThat(json(get("/ledger/blocks?count=secret")).get("detail").asString())
                .contains("count");
    }

    @Test
    void the_summary_says_what_transactions_must_be_made_for() throws Exception {
        var summary = json(get("/ledger"));

        assertThat(summary.get("contracts").propertyNames())
                .containsExactly("anchor", "consent", "governance", "keys", "membership");
        assertThat(summary.get("parameters").get("majority-percent").asInt()).isEqualTo(50);
    }

    @Test
    void the_status_of_a_ledger_that_one_node_orders_speaks_of_no_channel() throws Exception {
        var status = json(get("/ledger/status"));
        var summary = json(get("/ledger"));

        assertThat(status.propertyNames())
                .containsExactly("at", "engine", "height", "lastBlock", "conflicts", "members");
        assertThat(status.get("engine").asString()).isEqualTo("embedded");
        assertThat(status.get("lastBlock")).isEqualTo(summary.get("lastBlock"));
        var member = status.get("members").get(0);
        assertThat(member.get("id").asString()).isEqualTo("city-first-hospital");
        assertThat(member.get("agreement").asString()).isEqualTo("unasked");
        assertThat(member.has("hash")).isFalse();
    }

    @Test
    void our_own_figures_are_public_and_the_node_is_ready() throws Exception {
        var height = json(get("/actuator/metrics/xinglin.ledger.height"));
        var members = json(get("/actuator/metrics/xinglin.ledger.members?tag=agreement:unasked"));

        assertThat(height.get("measurements").get(0).get("value").asLong())
                .isBetween(1L, ledger.height());
        assertThat(members.get("measurements").get(0).get("value").asInt()).isEqualTo(1);
        assertThat(get("/actuator/metrics/xinglin.ledger.waiting").statusCode()).isEqualTo(404);
        assertThat(json(get("/actuator/health/readiness")).get("status").asString())
                .isEqualTo("UP");
        assertThat(json(get("/actuator/health/ledger")).findValue("height").asLong())
                .isBetween(1L, ledger.height());
    }

    @Test
    void a_batch_has_an_outcome_for_each_of_its_transactions_in_their_order() throws Exception {
        var good = sign(hospital, update("http://localhost:8080/fhir/c"), ledger.name());
        var stranger = sign(TestKey.fresh(), update("http://localhost/"), ledger.name());

        var outcomes = json(postAll(good.jws(), "hello", stranger.jws(), good.jws()));

        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(0).get("outcome").asString()).isEqualTo("committed");
        assertThat(outcomes.get(0).get("id").asString()).isEqualTo(good.id().value());
        assertThat(outcomes.get(1).get("problem").get("type").asString())
                .isEqualTo("/problems/malformed");
        assertThat(outcomes.get(2).get("outcome").asString()).isEqualTo("refused");
        assertThat(outcomes.get(2).get("problem").get("status").asInt()).isEqualTo(422);
        assertThat(outcomes.get(2).has("block")).isFalse();
        assertThat(outcomes.get(3)).isEqualTo(outcomes.get(0));
    }

    @Test
    void a_batch_is_an_array_of_1_to_100_strings() throws Exception {
        assertProblem(post("[]", "application/json"), 400, "bad-batch");
        assertProblem(post("{}", "application/json"), 400, "bad-batch");
        assertProblem(post("[1]", "application/json"), 400, "bad-batch");
        assertProblem(post("[\"a\"", "application/json"), 400, "bad-batch");
        var tooMany = "[" + "\"a\",".repeat(100) + "\"a\"]";
        assertProblem(post(tooMany, "application/json"), 400, "bad-batch");
        var tooLarge = "[\"" + "a".repeat(Batch.LENGTH_MAX) + "\"]";
        assertProblem(post(tooLarge, "application/json"), 400, "bad-batch");
    }

    @Test
    void a_full_line_is_a_429_that_says_when_to_come_back() throws Exception {
        HttpResponse<String> refused;
        HttpResponse<String> batch;
        List<CompletableFuture<TransactionOutcome>> waiting;
        try (var stalled = dataSource.getConnection()) {
            stalled.setAutoCommit(false);
            stalled.createStatement().execute("lock table ledger.block in exclusive mode");
            waiting = fill();

            refused = post(hospital, update("http://localhost:8080/fhir/d"));
            batch = postAll(sign(hospital, update("http://localhost/"), ledger.name()).jws());
            stalled.rollback();
        }

        assertProblem(refused, 429, "busy");
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(json(batch).get(0).get("outcome").asString()).isEqualTo("busy");
        assertThat(waiting).allMatch(it -> it.join() instanceof TransactionOutcome.Committed);
    }

    /// What waits is of many organisations' staff, so that nothing conflicts.
    private List<CompletableFuture<TransactionOutcome>> fill() throws Exception {
        var waiting = new ArrayList<CompletableFuture<TransactionOutcome>>();
        for (var refusals = 0; refusals < 3; ) {
            try {
                var key = TestKey.fresh();
                var voucher =
                        new Voucher(
                                ledger.name(), key.id(), TestLedger.HOSPITAL, KeyKind.PRACTITIONER);
                var signed = voucher.sign(hospital.id(), hospital.signer());
                waiting.add(
                        ledger.submitAsync(
                                sign(
                                        key,
                                        new KeysCommand.Register(key.jwk(), signed),
                                        ledger.name())));
                refusals = 0;
            } catch (LedgerBusy e) {
                refusals++;
                Thread.sleep(100);
            }
        }
        return waiting;
    }

    @Test
    void what_is_not_a_transaction_is_a_bad_request() throws Exception {
        assertProblem(post("hello"), 400, "malformed");
        assertProblem(post("a.b.c"), 400, "malformed");
        assertProblem(post(""), 400, "malformed");
        assertProblem(post("x".repeat(70_000)), 413, "too-large");
        assertProblem(post("e30.e30." + "A".repeat(86)), 400, "bad-header");
    }

    @Test
    void what_the_rules_forbid_is_named() throws Exception {
        var stranger = TestKey.fresh();
        var update = update("http://localhost:8080/fhir/b");

        assertProblem(post(stranger, update), 422, "unknown-key");
        assertProblem(post(sign(hospital, update, "other").jws()), 422, "wrong-ledger");
        assertProblem(
                post(hospital, new MembershipCommand.Join(hospital.jwk(), TestLedger.member())),
                409,
                "already-exists");
        assertProblem(
                post(hospital, new ConsentCommand.Withdraw(UUID.randomUUID())),
                422,
                "not-permitted");
    }

    @Test
    void a_patients_key_needs_the_word_of_its_organisation() throws Exception {
        var patient = TestKey.fresh();
        var stranger = TestKey.fresh();
        var voucher =
                new Voucher(ledger.name(), patient.id(), TestLedger.HOSPITAL, KeyKind.PATIENT);

        var refused =
                post(
                        patient,
                        new KeysCommand.Register(
                                patient.jwk(), voucher.sign(stranger.id(), stranger.signer())));

        assertProblem(refused, 422, "unknown-key");
    }

    @Test
    void what_is_not_there_is_a_problem_not_a_stack_trace() throws Exception {
        assertProblem(get("/ledger/blocks/999999"), 404, "unknown-block");
        assertProblem(get("/ledger/transactions/" + "0".repeat(64)), 404, "unknown-transaction");
        assertProblem(get("/ledger/transactions/..%27--"), 404, "unknown-transaction");
        assertProblem(get("/ledger/blocks?from=-1"), 400, "bad-range");
        assertProblem(get("/ledger/blocks?count=101"), 400, "bad-range");
        assertThat(get("/ledger/blocks/last").statusCode()).isEqualTo(400);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String slug) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(json(response).get("type").asString()).isEqualTo("/problems/" + slug);
    }

    private static MembershipCommand.Update update(String fhir) {
        return new MembershipCommand.Update(Optional.empty(), Optional.of(fhir), Optional.empty());
    }

    private SignedTransaction sign(TestKey signer, Command command, String ledgerName) {
        var nonce = new byte[16];
        random.nextBytes(nonce);
        return SignedTransaction.sign(
                ledgerName,
                command,
                signer.id(),
                signer.signer(),
                nonce,
                clock.instant().plusSeconds(60));
    }

    private HttpResponse<String> post(TestKey signer, Command command) throws Exception {
        return post(sign(signer, command, ledger.name()).jws());
    }

    private HttpResponse<String> postAll(String... transactions) throws Exception {
        return post("[\"" + String.join("\",\"", transactions) + "\"]", "application/json");
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return post(body, "application/jose");
    }

    private HttpResponse<String> post(String body, String type)
            throws IOException, InterruptedException {
        return client.send(
                request("/ledger/transactions")
                        .header("content-type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
