package io.xinglin.consent;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Http;
import io.xinglin.Http.Answer;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.identity.SampleUsers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

@TestNode
class ConsentControllerTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String CONSENTS = "/consents/" + CITY;

    @Autowired Identities identities;
    @Autowired SampleUsers users;
    @Autowired TestClock clock;
    @Autowired Http http;

    private String patient = "";
    private String other = "";
    private String staff = "";

    @BeforeEach
    void signIn() {
        patient = patientToken();
        other = patientToken();
        staff = token("staff", new Caller.Staff(CITY, "wu", PurposeOfUse.TREAT));
    }

    @Test
    void a_patient_grants_lists_and_withdraws() {
        var granted = http.post(CONSENTS, patient, good());
        assertThat(granted.status()).isEqualTo(201);
        var id = granted.json().path("id").asString();
        assertThat(granted.header("Location")).isEqualTo(CONSENTS + "/" + id);
        assertThat(granted.json().path("status").asString()).isEqualTo("GRANTED");
        assertThat(granted.json().path("classes")).hasToString("[\"GENERAL\"]");
        assertThat(granted.json().path("categories")).hasToString("[\"LABORATORY\"]");

        var listed = http.get(CONSENTS, patient).json();
        assertThat(listed.size()).isEqualTo(1);
        assertThat(listed.path(0)).isEqualTo(http.get(CONSENTS + "/" + id, patient).json());

        var withdrawn = http.post(CONSENTS + "/" + id + "/withdraw", patient, "{}");
        assertThat(withdrawn.status()).isEqualTo(200);
        assertThat(withdrawn.json().path("status").asString()).isEqualTo("WITHDRAWN");
        assertThat(withdrawn.json().path("withdrawn").isString()).isTrue();
    }

    @Test
    void a_grant_and_a_withdrawal_each_have_a_receipt() throws Exception {
        var id = http.post(CONSENTS, patient, good()).json().path("id").asString();
        var grant = receipt(id);
        http.post(CONSENTS + "/" + id + "/withdraw", patient, "");
        var withdrawal = receipt(id);

        assertThat(grant.status()).isEqualTo(200);
        assertThat(grant.header("Content-Type")).startsWith("text/plain");
        assertThat(statement(grant)).contains("\"action\":\"granted\"", "LABORATORY", id);
        assertThat(statement(withdrawal)).contains("\"action\":\"withdrawn\"", id);
    }

    @Test
    void others_neither_see_nor_withdraw_it() {
        var id = http.post(CONSENTS, patient, good()).json().path("id").asString();

        assertProblem(http.get(CONSENTS + "/" + id, other), 404, "unknown-consent");
        assertProblem(http.get(CONSENTS + "/" + id + "/receipt", other), 404, "unknown-consent");
        assertProblem(
                http.post(CONSENTS + "/" + id + "/withdraw", other, "{}"), 404, "unknown-consent");
        assertThat(http.get(CONSENTS, other).json().size()).isZero();
        assertThat(http.get(CONSENTS + "/" + id, patient).json().path("status").asString())
                .isEqualTo("GRANTED");
    }

    @Test
    void only_patients_decide() {
        for (var answer :
                new Answer[] {
                    http.post(CONSENTS, staff, good()),
                    http.get(CONSENTS, staff),
                    http.post(CONSENTS + "/" + UUID.randomUUID() + "/withdraw", staff, "{}")
                }) {
            assertProblem(answer, 403, "only-for-patients");
        }
    }

    @Test
    void a_token_of_another_organisation_is_refused() {
        assertThat(http.post("/consents/" + RIVER, patient, good()).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "00000000-0000-0000-0000-000000000000", "'%20or%201=1--"})
    void an_id_that_is_none_is_unknown(String id) {
        assertProblem(http.get(CONSENTS + "/" + id, patient), 404, "unknown-consent");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "grantee    | \"nobody-knows\"           | unknown-member",
                "grantee    | \"../../etc\"              | unknown-member",
                "grantee    | null                       | unknown-member",
                "grantee    | \"city-first-hospital\"    | no-consent-needed",
                "categories | []                         | nothing-shared",
                "categories | null                       | nothing-shared",
                "categories | [\"EVERYTHING\"]           | unknown-value",
                "categories | [null]                     | unknown-value",
                "classes    | []                         | nothing-shared",
                "classes    | [\"SECRET\"]               | unknown-value",
                "purposes   | []                         | nothing-shared",
                "purposes   | [\"CURIOSITY\"]            | unknown-value",
                "until      | \"2020-01-01T00:00:00Z\"   | past-end",
                "until      | \"9999-01-01T00:00:00Z\"   | too-long",
                "until      | \"tomorrow\"               | bad-end",
                "until      | null                       | bad-end"
            })
    void a_wrong_part_is_named(String field, String value, String slug) {
        var answer = http.post(CONSENTS, patient, with(field, value));

        assertProblem(answer, 422, slug);
        assertThat(answer.json().path("field").asString()).isEqualTo(field);
        assertThat(http.get(CONSENTS, patient).json().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"categories\":{}}",
                "{\"granteee\":\"river-hospital\"}",
                "{\"grantee\":[\"river-hospital\"]}"
            })
    void what_is_not_a_consent_is_a_bad_request(String body) {
        var answer = http.post(CONSENTS, patient, body);

        assertThat(answer.status()).as(answer.toString()).isIn(400, 422);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text()).doesNotContain("Exception", "at io.", "tools.jackson");
    }

    @Test
    void a_misspelt_limit_does_not_widen_a_consent() {
        var answer = http.post(CONSENTS, patient, with("class", "[\"GENERAL\"]"));

        assertThat(answer.status()).isEqualTo(400);
    }

    private Answer receipt(String id) {
        var path = CONSENTS + "/" + id + "/receipt";
        return await().until(
                        () -> http.get(path, patient),
                        answer -> {
                            if (answer.status() == 503) {
                                assertThat(answer.header("Retry-After")).isEqualTo("1");
                            }
                            return answer.status() != 503;
                        });
    }

    /// The words in the `extra` line of a receipt.
    private static String statement(Answer receipt) {
        var extra =
                receipt.text()
                        .lines()
                        .filter(l -> l.startsWith("extra "))
                        .findFirst()
                        .orElseThrow();
        var json =
                new String(Base64.getDecoder().decode(extra.substring(6)), StandardCharsets.UTF_8);
        return JsonMapper.shared().readTree(json).path("statement").asString();
    }

    private static void assertProblem(Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("type").asString()).isEqualTo("/problems/" + slug);
    }

    private String good() {
        return with("grantee", "\"" + RIVER + "\"");
    }

    private String with(String field, String value) {
        var until = clock.instant().plus(Duration.ofDays(7));
        var form =
                new TreeMap<>(
                        Map.of(
                                "grantee",
                                "\"" + RIVER + "\"",
                                "categories",
                                "[\"LABORATORY\"]",
                                "purposes",
                                "[\"TREAT\"]",
                                "until",
                                "\"" + until + "\""));
        form.put(field, value);
        return form.entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String patientToken() {
        var id = new PatientId(CITY, UUID.randomUUID().toString());
        identities.enrol(id);
        return token("patient-" + id.id(), new Caller.Patient(id));
    }

    private String token(String name, Caller caller) {
        users.register(name, SECRET, caller);
        MemberId organisation = caller.custodian();
        return http.form(
                        "/fhir/" + organisation + "/oauth2/token",
                        Map.of(
                                "grant_type", "client_credentials",
                                "client_id", name,
                                "client_secret", SECRET))
                .json()
                .path("access_token")
                .asString();
    }
}
