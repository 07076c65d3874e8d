package io.xinglin.exchange;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.xinglin.Http;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.MemberId;
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
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    @Autowired Consents consents;
    @Autowired TestClock clock;
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
    void an_unknown_member_or_a_bad_path_is_named() {
        var base = "/exchange/" + RIVER + "/";

        assertThat(http.get(base + "nobody/Patient", doctor).text()).contains("unknown-member");
        assertThat(http.get(base + "NOBODY/Patient", doctor).text()).contains("unknown-member");
        assertThat(http.get(base + CITY + "/patient", doctor).text()).contains("bad-query");
        assertThat(http.get(base + CITY + "/Patient/a_b", doctor).text()).contains("bad-query");
        assertThat(http.get(base + CITY + "/Patient/..%2f..%2fledger", doctor).status())
                .isEqualTo(400);
    }

    @Test
    void the_token_says_the_purpose_and_a_header_does_not_change_it() throws Exception {
        var auditor = token("auditor", new Caller.Staff(RIVER, "zhou", PurposeOfUse.HOPERAT));
        try (var peer = new Peer("good");
                var _ = moved(CLINIC, peer.uri("/fhir/x"))) {
            http.send(
                    "GET",
                    "/exchange/" + RIVER + "/" + CLINIC + "/Patient/1",
                    auditor,
                    "X-Purpose-Of-Use",
                    "ETREAT");

            assertThat(peer.assertion()).contains("HOPERAT").doesNotContain("TREAT");
        }
    }

    @Test
    void a_search_goes_to_the_other_member_as_a_form_and_never_in_an_address() throws Exception {
        var path = "/exchange/" + RIVER + "/" + CLINIC + "/Observation";
        try (var peer = new Peer("good");
                var _ = moved(CLINIC, peer.uri("/fhir/x"))) {
            var got = http.get(path + "?code=http://loinc.org%7C1,2&_count=2&date=ge2024", doctor);
            var posted =
                    http.form(
                            path + "/_search",
                            "patient.identifier=urn:id%7C110101199003070011",
                            "Authorization",
                            "Bearer " + doctor);

            assertThat(got.status()).isEqualTo(418);
            assertThat(posted.status()).isEqualTo(418);
            assertThat(peer.asked)
                    .containsOnly("/fhir/x/oauth2/token", "/fhir/x/Observation/_search");
            assertThat(peer.bodies)
                    .contains(
                            "code=http%3A%2F%2Floinc.org%7C1%2C2&_count=2&date=ge2024",
                            "patient.identifier=urn%3Aid%7C110101199003070011");
        }
    }

    @Test
    void a_patient_known_by_an_identifier_is_found_under_their_consent() {
        var fhir = "/fhir/" + CITY;
        var service = token("integrator", new Caller.Service(CITY, "integrator"));
        var number = UUID.randomUUID().toString();
        var patient =
                http.post(
                                fhir + "/Patient",
                                service,
                                """
                                {"resourceType":"Patient","identifier":[{"system":"urn:id","value":"%s"}]}"""
                                        .formatted(number))
                        .json()
                        .path("id")
                        .asString();
        http.post(
                fhir + "/Observation",
                service,
                """
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},
                 "category":[{"coding":[{"code":"laboratory",
                   "system":"http://terminology.hl7.org/CodeSystem/observation-category"}]}],
                 "code":{"coding":[{"system":"http://loinc.org","code":"2345-7"}]}}"""
                        .formatted(patient));
        consents.grant(
                new PatientId(CITY, patient),
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.LABORATORY),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        clock.instant().plus(Duration.ofDays(7))));

        var found =
                http.form(
                        "/exchange/" + RIVER + "/" + CITY + "/Observation/_search",
                        "category=laboratory&patient.identifier=urn:id%7C" + number,
                        "Authorization",
                        "Bearer " + doctor);

        assertThat(found.status()).as(found.toString()).isEqualTo(200);
        assertThat(found.json().path("entry").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Patient?identifier=1",
                "Patient?identifier:exact=1",
                "Observation?patient.identifier=1",
                "Observation?subject:Patient.identifier=1",
                "Patient?birthdate=1990-03-07",
                "Patient?phone=13800000000"
            })
    void what_says_who_a_patient_is_belongs_in_no_address(String search) {
        var answer = http.get("/exchange/" + RIVER + "/" + CITY + "/" + search, doctor);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("/problems/bad-query", "_search");
    }

    @Test
    void a_search_by_post_has_no_parameters_in_its_address() {
        var answer =
                http.form(
                        "/exchange/" + RIVER + "/" + CITY + "/Observation/_search?patient=1",
                        "code=2",
                        "Authorization",
                        "Bearer " + doctor);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("/problems/bad-query");
    }

    @Test
    void a_member_that_trickles_its_answer_is_given_up_in_time() throws Exception {
        try (var peer = new Peer("trickle");
                var _ = moved(CLINIC, peer.uri("/fhir/x"))) {
            var hasty = new Exchange(ledger, identities, peers(), Duration.ofSeconds(1));

            assertThatThrownBy(() -> hasty.read(LI, PurposeOfUse.TREAT, CLINIC, "Patient/1"))
                    .isInstanceOfSatisfying(
                            ExchangeProblem.class,
                            e -> assertThat(e.getStatusCode().value()).isEqualTo(504));
            assertThat(peer.hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void reads_at_other_members_do_not_wait_for_a_slow_one() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var slow = new Peer("trickle");
                var _ = moved(CLINIC, slow.uri("/fhir/x"))) {
            var unhurried = new Exchange(ledger, identities, peers(), Duration.ofSeconds(20));
            var waiting =
                    Stream.generate(
                                    () ->
                                            threads.submit(
                                                    () ->
                                                            unhurried.read(
                                                                    LI,
                                                                    PurposeOfUse.TREAT,
                                                                    CLINIC,
                                                                    "Patient/1")))
                            .limit(2 * Exchange.CONCURRENT_MAX)
                            .toList();
            slow.trickling.await();

            assertThat(unhurried.read(LI, PurposeOfUse.TREAT, CITY, "Patient/1").status().value())
                    .isEqualTo(403);

            assertThat(waiting).anyMatch(read -> !read.isDone());
        }
    }

    /// A member that does not behave, at an address of its own.
    @ParameterizedTest
    @ValueSource(strings = {"redirect", "html", "huge", "no-token", "unauthorised", "not-json"})
    void an_answer_that_is_not_fhir_is_not_passed_on(String misbehaviour) throws Exception {
        try (var peer = new Peer(misbehaviour)) {
            assertThatThrownBy(
                            () ->
                                    peers().get(
                                                    peer.uri("/Patient"),
                                                    peers().token(peer.uri("/oauth2/token"), "a")))
                    .isInstanceOfSatisfying(
                            ExchangeProblem.class,
                            e -> assertThat(e.getStatusCode().value()).isEqualTo(502));
            assertThat(peer.asked).doesNotContain("/elsewhere");
        }
    }

    @Test
    void what_a_member_answers_is_passed_on_as_it_is() throws Exception {
        try (var peer = new Peer("good")) {
            var client = peers();

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
        assertThatThrownBy(() -> peers().token(URI.create("http://127.0.0.1:1/x"), "a"))
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
                "http://224.0.0.1/x",
                "https://169.254.169.254/x",
                "https://[fd00:ec2::254]/x",
                "https://100.100.100.200/x",
                "http://10.0.0.1/x",
                "http://192.0.2.1/x"
            })
    void no_member_is_asked_at_such_an_address(String address) {
        assertBadAddress(peers(), address);
    }

    @Test
    void an_operator_can_name_networks_of_members_that_are_refused_otherwise() {
        var trusting =
                new PeerClient(
                        new PeerHttp(List.of("fd00::/8", "127.0.0.0/8"), List.of("127.0.0.0/8")));

        assertThatThrownBy(() -> trusting.token(URI.create("https://[fd00:ec2::254]:1/x"), "a"))
                .isInstanceOfSatisfying(
                        ExchangeProblem.class,
                        e -> assertThat(e.getStatusCode().value()).isEqualTo(504));
        assertBadAddress(trusting, "http://[fd00:ec2::254]/x");
        assertBadAddress(trusting, "https://192.0.2.1/x");
    }

    private static void assertBadAddress(PeerClient peers, String address) {
        assertThatThrownBy(() -> peers.token(URI.create(address), "a"))
                .isInstanceOfSatisfying(
                        ExchangeProblem.class,
                        e ->
                                assertThat(e.getBody().getType())
                                        .hasToString("/problems/bad-address"));
    }

    @Test
    void an_operator_can_say_where_members_are() throws Exception {
        try (var peer = new Peer("good")) {
            var endpoint = peer.uri("/oauth2/token");

            assertThat(
                            new PeerClient(new PeerHttp(List.of("127.0.0.0/8"), List.of()))
                                    .token(endpoint, "a"))
                    .isEqualTo("t");
            assertThatThrownBy(
                            () ->
                                    new PeerClient(new PeerHttp(List.of("10.0.0.0/8"), List.of()))
                                            .token(endpoint, "a"))
                    .isInstanceOf(ExchangeProblem.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://example.org/x", "jar:file:/x!/y"})
    void other_schemes_are_refused(String address) {
        assertThatThrownBy(() -> peers().token(URI.create(address), "a"))
                .isInstanceOf(ExchangeProblem.class);
    }

    @Test
    void a_member_on_another_node_is_asked_at_the_address_on_the_ledger() throws Exception {
        try (var peer = new Peer("good");
                var _ = moved(CLINIC, peer.uri("/fhir/x"))) {
            var answer = exchange.read(LI, PurposeOfUse.TREAT, CLINIC, "Patient/1");

            assertThat(answer.status().value()).isEqualTo(418);
            assertThat(peer.asked).containsExactly("/fhir/x/oauth2/token", "/fhir/x/Patient/1");
        }
    }

    private static PeerClient peers() {
        return new PeerClient(new PeerHttp(List.of(), List.of()));
    }

    /// A member at another address until this is closed.
    private Moved moved(MemberId member, URI fhir) {
        var home = ledger.member(member).orElseThrow().fhir();
        move(member, fhir.toString());
        return () -> move(member, home);
    }

    private interface Moved extends AutoCloseable {
        @Override
        void close();
    }

    private void move(MemberId member, String fhir) {
        identities.submit(
                member,
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
        final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
        final CountDownLatch trickling = new CountDownLatch(Exchange.CONCURRENT_MAX);
        final CountDownLatch hungUp = new CountDownLatch(1);
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpServer server;
        private final String misbehaviour;

        Peer(String misbehaviour) throws IOException {
            this.misbehaviour = misbehaviour;
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        URI uri(String path) {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        }

        /// What the last client assertion claims.
        String assertion() {
            var form = bodies.stream().filter(body -> body.contains("client_assertion=")).findAny();
            var claims = form.orElseThrow().replaceAll(".*client_assertion=[^.]*\\.|\\..*", "");
            return new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
        }

        /// A byte now and then, for as long as someone listens.
        private void trickle(HttpExchange request) throws IOException {
            request.getResponseHeaders().add("Content-Type", "application/fhir+json");
            request.sendResponseHeaders(200, 0);
            trickling.countDown();
            try (var body = request.getResponseBody()) {
                while (true) {
                    body.write(' ');
                    body.flush();
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException _) {
                hungUp.countDown();
            }
        }

        private void answer(HttpExchange request) throws IOException {
            asked.add(request.getRequestURI().toString());
            bodies.add(new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
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
                case "trickle" -> trickle(request);
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
            threads.shutdownNow();
        }
    }
}
