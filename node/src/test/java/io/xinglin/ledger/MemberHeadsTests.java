package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.ledger.MemberHead.Agreement;
import io.xinglin.platform.PeerHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A ledger on which one member is at home here, and another at a node that says what a test wants.
class MemberHeadsTests {
    private static final MemberId RIVER = new MemberId("river-hospital");

    @TempDir Path data;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private TestLedger node;
    private MemberHeads heads;

    private interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        var channel =
                new MemoryChannel(TestLedger.NAME, () -> Instant.parse("2026-03-01T08:00:00Z"));
        node = TestLedger.on(channel, data);
        node.found();
        join("http://localhost:" + server.getAddress().getPort());
        heads = heads(List.of());
    }

    @AfterEach
    void stop() {
        heads.stop();
        server.stop(0);
        threads.shutdownNow();
        node.close();
    }

    @Test
    void a_member_at_home_on_this_node_is_not_asked() {
        assertThat(heads.latest().getFirst().member()).isEqualTo(TestLedger.HOSPITAL);
        assertThat(heads.latest().getFirst().agreement()).isEqualTo(Agreement.HERE);
        assertThat(heads.latest().getFirst().hash()).contains(hash(last()));
    }

    @Test
    void who_has_the_same_last_block_agrees() {
        says(TestLedger.NAME, last(), hash(last()));

        assertThat(ask().agreement()).isEqualTo(Agreement.AGREES);
        assertThat(head().hash()).contains(hash(last()));
        assertThat(head().number()).contains(last());
    }

    @Test
    void who_has_fewer_blocks_is_behind_by_so_many() {
        says(TestLedger.NAME, last() - 2, hash(last() - 2));

        assertThat(ask().agreement()).isEqualTo(Agreement.BEHIND);
        assertThat(head().behind()).isEqualTo(2);
    }

    @Test
    void who_has_more_blocks_is_compared_at_our_last_one() {
        says(TestLedger.NAME, last() + 5, "ab".repeat(32));
        saysOfBlock(last(), hash(last()));
        assertThat(ask().agreement()).isEqualTo(Agreement.AGREES);

        saysOfBlock(last(), "cd".repeat(32));
        assertThat(ask().agreement()).isEqualTo(Agreement.DIFFERS);
    }

    @Test
    void another_hash_for_the_same_number_differs_however_far_back() {
        says(TestLedger.NAME, last(), "ab".repeat(32));
        assertThat(ask().agreement()).isEqualTo(Agreement.DIFFERS);

        says(TestLedger.NAME, 1, "ab".repeat(32));
        assertThat(ask().agreement()).isEqualTo(Agreement.DIFFERS);
    }

    @Test
    void who_has_nothing_yet_is_behind_by_everything() {
        answers.put("/ledger", text("{\"name\":\"test-ledger\",\"height\":0}"));

        assertThat(ask().agreement()).isEqualTo(Agreement.BEHIND);
        assertThat(head().behind()).isEqualTo(last() + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "{}",
                "{\"name\":\"test-ledger\",\"height\":-1}",
                "{\"name\":\"test-ledger\",\"height\":\"x\"}",
                "{\"name\":\"test-ledger\",\"height\":2,\"lastBlock\":{\"number\":7,\"hash\":\"00\"}}",
                "{\"name\":\"test-ledger\",\"height\":2,\"lastBlock\":{\"number\":1,\"hash\":\"<b>\"}}"
            })
    void what_is_no_answer_is_none(String body) {
        answers.put("/ledger", text(body));

        assertThat(ask().agreement()).isEqualTo(Agreement.SILENT);
        assertThat(head().hash()).isEmpty();
    }

    @Test
    void another_ledger_says_nothing_of_this_one() {
        says("another-ledger", last(), hash(last()));

        assertThat(ask().agreement()).isEqualTo(Agreement.SILENT);
    }

    @Test
    void an_answer_without_end_is_not_read_to_the_end() {
        answers.put(
                "/ledger",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var much = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
                    for (var i = 0; i < 1_000; i++) {
                        exchange.getResponseBody().write(much);
                    }
                });

        assertThat(ask().agreement()).isEqualTo(Agreement.SILENT);
    }

    @Test
    void a_node_that_points_elsewhere_is_not_followed() {
        answers.put(
                "/ledger",
                exchange -> {
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    exchange.sendResponseHeaders(302, -1);
                });
        answers.put("/elsewhere", summary(TestLedger.NAME, last(), hash(last())));

        assertThat(ask().agreement()).isEqualTo(Agreement.SILENT);
        assertThat(asked).hasValue(1);
    }

    @Test
    void nobody_waits_for_a_node_that_does_not_answer_and_it_is_not_asked_twice_at_once() {
        var over = new CountDownLatch(1);
        answers.put(
                "/ledger",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    while (over.getCount() > 0) {
                        exchange.getResponseBody().write(' ');
                        exchange.getResponseBody().flush();
                        Thread.sleep(100);
                    }
                });
        heads.askAll();
        await().until(() -> asked.get() == 1);
        assertThat(head().agreement()).isEqualTo(Agreement.UNASKED);

        heads.askAll();

        assertThat(head().agreement()).isEqualTo(Agreement.SILENT);
        over.countDown();
    }

    @Test
    void where_no_member_can_be_nobody_is_asked() {
        says(TestLedger.NAME, last(), hash(last()));
        heads.stop();
        heads = heads(List.of("203.0.113.0/24"));

        assertThat(ask().agreement()).isEqualTo(Agreement.SILENT);
        assertThat(asked).hasValue(0);
    }

    @Test
    void a_member_whose_address_is_not_that_of_a_node_is_not_asked() {
        var command =
                new MembershipCommand.Update(
                        Optional.empty(),
                        Optional.of("https://hospital.example/r4"),
                        Optional.empty());
        node.submit(river, command);

        heads.askAll();

        assertThat(head().agreement()).isEqualTo(Agreement.UNASKED);
        assertThat(asked).hasValue(0);
    }

    private final TestKey river = TestKey.fresh();

    private void join(String url) {
        node.agree(new Change.Admission(RIVER, river.id()), node.hospital);
        var somewhere = TestLedger.member(RIVER, new MemberName("临江医院", "River Hospital"));
        var member =
                Member.of(
                        RIVER,
                        somewhere.name(),
                        somewhere.roles(),
                        url + "/fhir/" + RIVER,
                        somewhere.log());
        node.submit(river, new MembershipCommand.Join(river.jwk(), member));
        assertThat(node.ledger().members()).hasSize(2);
    }

    private MemberHeads heads(List<String> addresses) {
        return new MemberHeads(
                node.ledger(),
                node.tables(),
                new PeerLedgers(new PeerHttp(addresses, List.of())),
                node.properties(),
                node::now);
    }

    /// Asks, and waits for what came of it.
    private MemberHead ask() {
        var before = head().asked();
        node.pass(Duration.ofSeconds(10));
        heads.askAll();
        await().until(() -> !head().asked().equals(before));
        return head();
    }

    private MemberHead head() {
        return heads.latest().getLast();
    }

    private long last() {
        return node.ledger().height() - 1;
    }

    private String hash(long block) {
        return BlockHeader.hex(node.tables().block(block).orElseThrow().header().hash());
    }

    private void says(String name, long number, String hash) {
        answers.put("/ledger", summary(name, number, hash));
    }

    private void saysOfBlock(long number, String hash) {
        answers.put(
                "/ledger/blocks/" + number,
                text("{\"number\":%d,\"hash\":\"%s\"}".formatted(number, hash)));
    }

    private static Answer summary(String name, long number, String hash) {
        return text(
                "{\"name\":\"%s\",\"height\":%d,\"lastBlock\":{\"number\":%d,\"hash\":\"%s\"}}"
                        .formatted(name, number + 1, number, hash));
    }

    private static Answer text(String body) {
        return exchange -> {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        try (exchange) {
            answers.getOrDefault(
                            exchange.getRequestURI().getPath(),
                            it -> it.sendResponseHeaders(404, -1))
                    .give(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
