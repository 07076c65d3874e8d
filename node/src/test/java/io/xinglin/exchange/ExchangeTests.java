package io.xinglin.exchange;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.xinglin.Http;
import io.xinglin.TestNode;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PractitionerId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.identity.SampleUsers;
import io.xinglin.ledger.Ledger;
import io.xinglin.platform.PeerHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class ExchangeTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final PractitionerId LI = new PractitionerId(RIVER, "li");

    @Autowired Exchange exchange;
    @Autowired Identities identities;
    @Autowired Ledger ledger;
    @Autowired SampleUsers users;
    @Autowired Http http;

    private String doctor = "";

    @BeforeEach
    void signIn() {
        doctor = token("dr-li", new Caller.Staff(RIVER, "li", PurposeOfUse.TREAT));
    }

    @Test
    void a_read_without_consent_is_refused_by_the_custodian_in_fhir() {
        var answer = http.get("/exchange/" + RIVER + "/" + CITY + "/Observation?patient=1", doctor);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).startsWith("application/fhir+json");
        assertThat(answer.json().path("resourceType").asString()).isEqualTo("OperationOutcome");
    }

    @Test
    void only_staff_asks_others() {
        var patient = token("patient-exchange", new Caller.Patient(new PatientId(RIVER, "p")));

        var answer = http.get("/exchange/" + RIVER + "/" + CITY + "/Observation", patient);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("/problems/only-for-staff");
    }

    @Test
    void an_unknown_member_a_bad_path_or_purpose_is_named() {
        var base = "/exchange/" + RIVER + "/";

        assertThat(http.get(base + "nobody/Patient", doctor).text()).contains("unknown-member");
        assertThat(http.get(base + "NOBODY/Patient", doctor).text()).contains("unknown-member");
        assertThat(http.get(base + CITY + "/patient", doctor).text()).contains("bad-query");
        assertThat(http.get(base + CITY + "/Patient/a_b", doctor).text()).contains("bad-query");
        assertThat(http.get(base + CITY + "/Patient/..%2f..%2fledger", doctor).status())
                .isEqualTo(400);
    }

    /// A member that does not behave, at an address of its own.
    @ParameterizedTest
    @ValueSource(strings = {"redirect", "html", "huge", "no-token", "unauthorised", "not-json"})
    void an_answer_that_is_not_fhir_is_not_passed_on(String misbehaviour) throws Exception {
        try (var peer = new Peer(misbehaviour)) {
            assertThatThrownBy(
                            () ->
                                    new PeerClient(new PeerHttp(List.of()))
                                            .get(
                                                    peer.uri("/Patient"),
                                                    new PeerClient(new PeerHttp(List.of()))
                                                            .token(peer.uri("/oauth2/token"), "a")))
                    .isInstanceOfSatisfying(
                            ExchangeProblem.class,
                            e -> assertThat(e.getStatusCode().value()).isEqualTo(502));
            assertThat(peer.asked).doesNotContain("/elsewhere");
        }
    }

    @Test
    void what_a_member_answers_is_passed_on_as_it_is() throws Exception {
        try (var peer = new Peer("good")) {
            var client = new PeerClient(new PeerHttp(List.of()));

            var answer =
                    client.get(
                            peer.uri("/Observation?code=http://loinc.org%7C1&_count=2"),
                            client.token(peer.uri("/oauth2/token"), "assertion"));

            assertThat(answer.status().value()).isEqualTo(418);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
            assertThat(peer.asked).contains("/Observation?code=http://loinc.org%7C1&_count=2");
        }
    }

    @Test
    void a_member_that_cannot_be_reached_is_said_so() {
        assertThatThrownBy(
                        () ->
                                new PeerClient(new PeerHttp(List.of()))
                                        .token(URI.create("http://127.0.0.1:1/x"), "a"))
                .isInstanceOfSatisfying(
                        ExchangeProblem.class,
                        e -> assertThat(e.getStatusCode().value()).isEqualTo(504));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]/x",
                "http://0.0.0.0:8080/x",
                "http://224.0.0.1/x"
            })
    void no_member_lives_at_such_an_address(String address) {
        assertThatThrownBy(
                        () ->
                                new PeerClient(new PeerHttp(List.of()))
                                        .token(URI.create(address), "a"))
                .isInstanceOf(ExchangeProblem.class);
    }

    @Test
    void an_operator_can_say_where_members_are() throws Exception {
        try (var peer = new Peer("good")) {
            var endpoint = peer.uri("/oauth2/token");

            assertThat(new PeerClient(new PeerHttp(List.of("127.0.0.0/8"))).token(endpoint, "a"))
                    .isEqualTo("t");
            assertThatThrownBy(
                            () ->
                                    new PeerClient(new PeerHttp(List.of("10.0.0.0/8")))
                                            .token(endpoint, "a"))
                    .isInstanceOf(ExchangeProblem.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://example.org/x", "jar:file:/x!/y"})
    void other_schemes_are_refused(String address) {
        assertThatThrownBy(
                        () ->
                                new PeerClient(new PeerHttp(List.of()))
                                        .token(URI.create(address), "a"))
                .isInstanceOf(ExchangeProblem.class);
    }

    @Test
    void a_member_on_another_node_is_asked_at_the_address_on_the_ledger() throws Exception {
        var home = ledger.member(CLINIC).orElseThrow();
        try (var peer = new Peer("good")) {
            move(peer.uri("/fhir/x").toString());

            var answer = exchange.read(LI, PurposeOfUse.TREAT, CLINIC, "Patient/1");

            assertThat(answer.status().value()).isEqualTo(418);
            assertThat(peer.asked).containsExactly("/fhir/x/oauth2/token", "/fhir/x/Patient/1");
        } finally {
            move(home.fhir());
        }
    }

    private void move(String fhir) {
        identities.submit(
                CLINIC,
                new MembershipCommand.Update(
                        Optional.empty(), Optional.of(fhir), Optional.empty()));
    }

    private String token(String name, Caller caller) {
        users.register(name, SECRET, caller);
        return http.form(
                        "/fhir/" + caller.custodian() + "/oauth2/token",
                        Map.of(
                                "grant_type", "client_credentials",
                                "client_id", name,
                                "client_secret", SECRET))
                .json()
                .path("access_token")
                .asString();
    }

    private static final class Peer implements AutoCloseable {
        final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        private final HttpServer server;
        private final String misbehaviour;

        Peer(String misbehaviour) throws IOException {
            this.misbehaviour = misbehaviour;
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        URI uri(String path) {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        }

        private void answer(HttpExchange request) throws IOException {
            asked.add(request.getRequestURI().toString());
            if (request.getRequestURI().getPath().endsWith("/oauth2/token")) {
                switch (misbehaviour) {
                    case "no-token" ->
                            send(
                                    request,
                                    401,
                                    "application/json",
                                    "{\"error\":\"invalid_client\"}");
                    case "not-json" -> send(request, 200, "application/json", "<html>");
                    default -> send(request, 200, "application/json", "{\"access_token\":\"t\"}");
                }
                return;
            }
            switch (misbehaviour) {
                case "redirect" -> {
                    request.getResponseHeaders().add("Location", "/elsewhere");
                    send(request, 302, "application/fhir+json", "{}");
                }
                case "html" -> send(request, 200, "text/html", "<script>alert(1)</script>");
                case "huge" -> send(request, 200, "application/fhir+json", " ".repeat(9 << 20));
                case "unauthorised" -> send(request, 401, "application/fhir+json", "{}");
                default -> send(request, 418, "application/fhir+json", "{\"a\":1}");
            }
        }

        private static void send(HttpExchange request, int status, String type, String body)
                throws IOException {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            request.getResponseHeaders().add("Content-Type", type);
            request.sendResponseHeaders(status, bytes.length);
            request.getResponseBody().write(bytes);
            request.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
