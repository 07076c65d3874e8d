package io.xinglin.identity;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.xinglin.Http;
import io.xinglin.Http.Answer;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import io.xinglin.ledger.TransactionOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class TokenTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final PractitionerId LI = new PractitionerId(RIVER, "li");

    @Autowired Identities identities;
    @Autowired Keys keys;
    @Autowired AccessTokens tokens;
    @Autowired Addresses addresses;
    @Autowired SampleUsers users;
    @Autowired TestClock clock;
    @Autowired Http http;

    @Test
    void a_member_gets_a_token_that_says_who_asks_and_why() {
        var answer = ask(CITY, identities.assertion(LI, PurposeOfUse.TREAT, endpoint(CITY)));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("token_type").asString()).isEqualTo("Bearer");
        assertThat(answer.json().path("expires_in").asInt()).isBetween(290, 300);
        assertThat(answer.json().path("scope").asString()).isEqualTo("system/*.rs");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(tokens.verify(CITY, token(answer)))
                .isEqualTo(new Caller.Peer(CITY, RIVER, "li", PurposeOfUse.TREAT));
    }

    @Test
    void an_organisations_own_practitioner_is_staff_and_its_own_system_a_service() {
        var staff = claims(CITY, CITY);
        var service = claims(CITY, CITY);
        service.remove("extensions");

        assertThat(tokens.verify(CITY, token(ask(CITY, signed(staff, key(CITY))))))
                .isEqualTo(new Caller.Staff(CITY, "li", PurposeOfUse.TREAT));
        assertThat(tokens.verify(CITY, token(ask(CITY, signed(service, key(CITY))))))
                .isEqualTo(new Caller.Service(CITY, CITY.value()));
    }

    @Test
    void a_token_is_an_ordinary_jwt_that_the_published_key_verifies() throws Exception {
        var token = SignedJWT.parse(token(ask(CITY, assertion())));
        var published = JWKSet.parse(http.get("/fhir/" + CITY + "/oauth2/jwks").text());

        var key = (ECKey) published.getKeyByKeyId(token.getHeader().getKeyID());
        assertThat(published.getKeys()).hasSize(1);
        assertThat(key.isPrivate()).isFalse();
        assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
        assertThat(token.getHeader().getType()).hasToString("at+jwt");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(addresses.fhir(CITY));
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly(addresses.fhir(CITY));
    }

    @Test
    void the_client_id_may_stand_beside_the_assertion_if_it_is_the_same() {
        assertThat(ask(CITY, assertion(), "client_id", RIVER.value()).status()).isEqualTo(200);
        assertThatRefused(ask(CITY, assertion(), "client_id", CLINIC.value()), "client_id");
    }

    @Test
    void an_assertion_is_accepted_once() {
        var assertion = assertion();
        ask(CITY, assertion);

        assertThatRefused(ask(CITY, assertion), "was used before");
    }

    @Test
    void another_signature_of_the_same_assertion_is_a_replay_too() {
        var claims = claims(CITY, RIVER);
        ask(CITY, signed(claims, key(RIVER)));

        assertThatRefused(ask(CITY, signed(claims, key(RIVER))), "was used before");
    }

    @Test
    void an_assertion_for_one_organisation_is_worth_nothing_at_another() {
        assertThatRefused(ask(CLINIC, assertion()), "not addressed to");
    }

    @Test
    void an_assertion_for_the_issuer_several_audiences_or_none_is_refused() {
        for (var audience :
                new Object[] {
                    addresses.fhir(CITY),
                    List.of(endpoint(CITY), endpoint(CLINIC)),
                    List.of(),
                    Map.of(),
                    7
                }) {
            assertThatRefused(ask(CITY, with("aud", audience)), "not addressed to");
        }
        assertThat(ask(CITY, with("aud", List.of(endpoint(CITY)))).status()).isEqualTo(200);
    }

    @Test
    void an_assertion_lives_for_five_minutes_at_most_and_not_after() {
        var now = clock.instant().getEpochSecond();

        assertThatRefused(ask(CITY, with("exp", now - 1)), "has expired");
        assertThatRefused(ask(CITY, with("exp", now + 320)), "longer than five minutes");
        assertThatRefused(ask(CITY, with("exp", "tomorrow")), "lacks exp");
        assertThatRefused(ask(CITY, with("exp", 1e300)), "lacks exp");
        assertThatRefused(ask(CITY, without("exp")), "lacks exp");
        assertThatRefused(ask(CITY, with("iat", now + 60)), "not valid yet");
        assertThatRefused(ask(CITY, with("nbf", now + 60)), "not valid yet");
    }

    @Test
    void an_assertion_without_a_jti_is_refused() {
        assertThatRefused(ask(CITY, without("jti")), "lacks jti");
        assertThatRefused(ask(CITY, with("jti", 1)), "lacks jti");
    }

    @Test
    void an_unsigned_assertion_is_refused() throws Exception {
        var plain = new PlainJWT(JWTClaimsSet.parse(claims(CITY, RIVER))).serialize();

        assertThatRefused(ask(CITY, plain), "");
        assertThatRefused(
                ask(CITY, plain + Base64.getUrlEncoder().encodeToString(new byte[64])), "");
    }

    @Test
    void the_public_key_is_not_a_secret_to_sign_with() throws Exception {
        var kid = key(RIVER).kid().value();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(kid)
                        .build();
        var forged = new SignedJWT(header, JWTClaimsSet.parse(claims(CITY, RIVER)));
        forged.sign(new MACSigner(key(RIVER).publicKey().json().getBytes(StandardCharsets.UTF_8)));

        assertThatRefused(ask(CITY, forged.serialize()), "not signed with ES256");
    }

    @Test
    void a_forged_kid_is_refused() {
        var own = identities.enrol(new PatientId(CITY, "forger"));
        var forger = keys.signing(keys.find(own).orElseThrow());
        var claims = claims(CITY, RIVER);

        assertThatRefused(
                ask(CITY, signed(claims, forger)), "names a key that is not river-hospital's");
        assertThatRefused(
                ask(CITY, signed(claims, key(CLINIC))), "names a key that is not river-hospital's");
        assertThatRefused(
                ask(CITY, signed(claims, forger, key(RIVER).kid())),
                "not signed by the key that it names");
        assertThatRefused(
                ask(CITY, signed(claims, forger, new KeyId("A".repeat(43)))),
                "names a key that is not on the ledger");
        assertThatRefused(
                ask(CITY, signed(claims, forger, "../../etc/passwd")), "not on the ledger");
    }

    @Test
    void a_key_that_the_ledger_does_not_know_as_a_members_signs_for_nobody() {
        var token = keys.current(new KeyHolder.Organisation(RIVER), KeyPurpose.TOKEN).orElseThrow();

        assertThatRefused(
                ask(CITY, signed(claims(CITY, RIVER), keys.signing(token))), "not on the ledger");
    }

    @Test
    void iss_and_sub_must_be_the_same_member() {
        assertThatRefused(ask(CITY, with("iss", CLINIC.value())), "iss that is not its sub");
        assertThatRefused(ask(CITY, without("sub")), "lacks sub");
        var nobody = claims(CITY, RIVER);
        nobody.putAll(Map.of("iss", "NOBODY", "sub", "NOBODY"));
        assertThatRefused(ask(CITY, signed(nobody, key(RIVER))), "not a member id");
    }

    @Test
    void a_suspended_member_is_answered_by_nobody_until_it_is_readmitted() {
        var token = token(ask(CITY, signed(claims(CITY, CLINIC), key(CLINIC))));
        assertThat(http.get("/consents/" + CITY, token).status()).isEqualTo(403);

        agree(new Change.Suspension(CLINIC));

        assertThatRefused(ask(CITY, signed(claims(CITY, CLINIC), key(CLINIC))), "have suspended");
        assertThat(http.get("/consents/" + CITY, token).status()).isEqualTo(401);

        agree(new Change.Readmission(CLINIC));

        assertThat(ask(CITY, signed(claims(CITY, CLINIC), key(CLINIC))).status()).isEqualTo(200);
        assertThat(http.get("/consents/" + CITY, token).status()).isEqualTo(403);
    }

    /// Two of three are most.
    private void agree(Change change) {
        var id = UUID.randomUUID();
        var expires = clock.instant().plusSeconds(3600);
        identities.submit(CITY, new GovernanceCommand.Propose(id, change, expires));
        identities.submit(CITY, new GovernanceCommand.Vote(id, true));
        identities.submit(RIVER, new GovernanceCommand.Vote(id, true));
        var decided = identities.submit(CITY, new GovernanceCommand.Decide(id));
        assertThat(decided).isInstanceOf(TransactionOutcome.Committed.class);
    }

    @Test
    void rotating_a_key_is_effective_on_the_next_assertion_and_revoking_it_on_the_next_read() {
        var old = key(CLINIC);
        var token = token(ask(CITY, signed(claims(CITY, CLINIC), old)));

        identities.rotate(new KeyHolder.Organisation(CLINIC));

        assertThatRefused(ask(CITY, signed(claims(CITY, CLINIC), old)), "was rotated away");
        assertThat(ask(CITY, signed(claims(CITY, CLINIC), key(CLINIC))).status()).isEqualTo(200);
        assertThat(http.get("/consents/" + CITY, token).status()).isEqualTo(403);

        identities.revoke(CLINIC, old.kid());

        assertThatRefused(ask(CITY, signed(claims(CITY, CLINIC), old)), "was revoked");
        var answer = http.get("/consents/" + CITY, token);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).contains("has been revoked");
    }

    @Test
    void an_assertion_must_say_who_asks_and_what_for() {
        assertThatRefused(ask(CITY, without("extensions")), "lacks extensions.hl7-b2b");
        assertThatRefused(ask(CITY, b2b("version", "2")), "version 1");
        assertThatRefused(
                ask(CITY, b2b("organization_id", "urn:xinglin:org:apricot-clinic")),
                "organization_id");
        assertThatRefused(
                ask(CITY, b2b("subject_id", "Robert'); drop table students;--")), "subject_id");
        assertThatRefused(ask(CITY, b2b("purpose_of_use", List.of())), "exactly one purpose");
        assertThatRefused(
                ask(CITY, b2b("purpose_of_use", List.of("TREAT", "HRESCH"))),
                "exactly one purpose");
        assertThatRefused(ask(CITY, b2b("purpose_of_use", List.of("CURIOSITY"))), "not known");
        assertThat(ask(CITY, b2b("purpose_of_use", List.of("HRESCH"))).status()).isEqualTo(200);
    }

    @Test
    void an_oversized_assertion_is_refused() {
        var claims = claims(CITY, RIVER);
        claims.put("padding", "x".repeat(20_000));

        assertThatRefused(ask(CITY, signed(claims, key(RIVER))), "larger than");
    }

    @Test
    void a_request_must_be_plain_and_simple() {
        var path = "/fhir/" + CITY + "/oauth2/token";
        var assertion = assertion();

        assertThat(http.form(path, form(assertion("x"), "grant_type", "password")).status())
                .isEqualTo(400);
        assertThat(http.form(path + "?client_assertion=" + assertion, Map.of()).status())
                .isEqualTo(400);
        assertThat(http.form(path, form(assertion, "client_assertion_type", "x")).status())
                .isEqualTo(400);
        assertThat(
                        http.form(
                                        path,
                                        "client_assertion="
                                                + assertion
                                                + "&client_assertion="
                                                + assertion)
                                .status())
                .isEqualTo(400);
        assertThat(
                        http.form(path, form(assertion, "scope", "everything"))
                                .json()
                                .path("error")
                                .asString())
                .isEqualTo("invalid_scope");
        assertThat(http.form(path, Map.of("grant_type", "client_credentials")).status())
                .isEqualTo(401);
        assertThat(http.get(path).status()).isIn(401, 405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/nobody",
                "/fhir/city%2Dfirst-hospital",
                "/fhir/CITY-FIRST-HOSPITAL",
                "/fhir/"
            })
    void an_organisation_that_is_not_here_is_not_found(String base) {
        for (var path :
                List.of(
                        "/oauth2/token",
                        "/oauth2/jwks",
                        "/.well-known/smart-configuration",
                        "/metadata",
                        "/openapi.json",
                        "/Patient")) {
            var answer = http.get(base + path);
            assertThat(answer.status()).as(base + path).isIn(400, 404);
        }
    }

    @Test
    void what_an_authorization_server_offers_by_default_is_not_there() {
        for (var path :
                List.of(
                        "/oauth2/authorize",
                        "/oauth2/token",
                        "/oauth2/jwks",
                        "/.well-known/openid-configuration",
                        "/.well-known/oauth-authorization-server",
                        "/nobody/.well-known/openid-configuration",
                        "/connect/register",
                        "/login",
                        "/actuator/env",
                        "/actuator/heapdump",
                        "/actuator/metrics",
                        "/actuator/metrics/jvm.memory.used",
                        "/actuator/metrics/http.server.requests",
                        "/nowhere")) {
            assertThat(http.get(path).status()).as(path).isEqualTo(404);
        }
        assertThat(http.form("/fhir/" + CITY + "/oauth2/introspect", Map.of("token", "x")).status())
                .isEqualTo(401);
    }

    @Test
    void smart_configuration_tells_how_to_get_a_token() {
        var answer = http.get("/fhir/" + CITY + "/.well-known/smart-configuration");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().path("token_endpoint").asString()).isEqualTo(endpoint(CITY));
        assertThat(answer.json().path("issuer").asString()).isEqualTo(addresses.fhir(CITY));
        assertThat(answer.text()).contains("private_key_jwt", "client-confidential-asymmetric");
    }

    @Test
    void a_host_header_changes_no_address() {
        var answer =
                http.form(
                        "/fhir/" + CITY + "/oauth2/token",
                        form(assertion()),
                        "X-Forwarded-Host",
                        "evil.example",
                        "Forwarded",
                        "host=evil.example");

        assertThat(tokens.verify(CITY, token(answer))).isInstanceOf(Caller.Peer.class);
    }

    @Test
    void without_a_token_nobody_gets_in() {
        for (var area : List.of("consents", "audit", "receipts", "exchange")) {
            var answer = http.get("/" + area + "/" + CITY);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        }
    }

    @Test
    void on_fhir_paths_errors_are_operation_outcomes() {
        var answer = http.get("/fhir/" + CITY + "/Patient/1");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).startsWith("application/fhir+json");
        assertThat(answer.json().path("resourceType").asString()).isEqualTo("OperationOutcome");
        assertThat(answer.json().path("issue").path(0).path("code").asString()).isEqualTo("login");
    }

    @Test
    void a_token_of_one_organisation_is_refused_on_the_path_of_another() {
        var token = token(ask(CITY, assertion()));

        var answer = http.get("/fhir/" + CLINIC + "/Observation?patient=1", token);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("resourceType").asString()).isEqualTo("OperationOutcome");
        assertThat(answer.text()).contains("for another organisation");
        assertThat(http.get("/consents/" + CLINIC, token).status()).isEqualTo(401);
    }

    @Test
    void an_assertion_is_not_a_token() {
        assertThat(http.get("/consents/" + CITY, assertion()).status()).isEqualTo(401);
    }

    @Test
    void a_changed_token_is_refused() throws Exception {
        var token = token(ask(CITY, assertion()));
        var parts = token.split("\\.", -1);
        var claims = new HashMap<>(SignedJWT.parse(token).getJWTClaimsSet().toJSONObject());
        claims.put("caller", Map.of("kind", "service", "client", "root"));
        var none =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                "{\"alg\":\"none\",\"typ\":\"at+jwt\"}"
                                        .getBytes(StandardCharsets.UTF_8));
        var rewritten =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                JWTClaimsSet.parse(claims)
                                        .toString()
                                        .getBytes(StandardCharsets.UTF_8));

        for (var forged :
                List.of(
                        parts[0] + "." + rewritten + "." + parts[2],
                        none + "." + rewritten + ".",
                        none + "." + rewritten + "." + parts[2],
                        token.substring(0, token.length() - 4),
                        token + "A",
                        "x")) {
            assertThat(http.get("/consents/" + CITY, forged).status()).as(forged).isEqualTo(401);
        }
        assertThat(http.get("/consents/" + CITY, token).status()).isEqualTo(403);
    }

    @Test
    void a_token_signed_by_a_member_itself_is_refused() throws Exception {
        var claims =
                SignedJWT.parse(token(ask(CITY, assertion()))).getJWTClaimsSet().toJSONObject();

        assertThat(
                        http.get("/consents/" + CITY, CompactJws.sign(claims, "at+jwt", key(CITY)))
                                .status())
                .isEqualTo(401);
        assertThat(
                        http.get(
                                        "/consents/" + CITY,
                                        CompactJws.sign(
                                                claims,
                                                "at+jwt",
                                                keys.signing(
                                                        keys.current(
                                                                        new KeyHolder.Organisation(
                                                                                RIVER),
                                                                        KeyPurpose.TOKEN)
                                                                .orElseThrow())))
                                .status())
                .isEqualTo(401);
    }

    @Test
    void a_token_ends_whether_it_was_used_before_or_not() {
        var used = token(ask(CITY, assertion()));
        var unused = token(ask(CITY, assertion()));
        assertThat(http.get("/consents/" + CITY, used).status()).isEqualTo(403);

        clock.pass(Duration.ofMinutes(6));

        for (var token : List.of(used, unused)) {
            var answer = http.get("/consents/" + CITY, token);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text()).contains("has expired");
        }
    }

    @Test
    void a_token_in_the_address_does_not_count() {
        var token = token(ask(CITY, assertion()));

        assertThat(http.get("/consents/" + CITY + "?access_token=" + token).status())
                .isEqualTo(401);
    }

    @Test
    void a_sample_user_gets_a_token_by_their_secret_at_their_own_organisation() {
        var wang = new Caller.Patient(new PatientId(CITY, "wang"));
        users.register("wang", SECRET, wang);

        assertThat(tokens.verify(CITY, token(secret(CITY, "wang", SECRET)))).isEqualTo(wang);
        assertThat(secret(RIVER, "wang", SECRET).status()).isEqualTo(401);
        assertThat(secret(CITY, "wang", SECRET + "x").status()).isEqualTo(401);
        assertThat(secret(CITY, "nobody", SECRET).status()).isEqualTo(401);
        assertThat(secret(CITY, "wang", SECRET + "x").text())
                .isEqualTo(secret(CITY, "nobody", SECRET).text());
    }

    @Test
    void pages_may_load_nothing_from_elsewhere_and_run_nothing_inline() {
        var answer = http.get("/ledger");

        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Permissions-Policy")).contains("geolocation=()");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(http.get("/fhir/" + CITY + "/Patient").header("Content-Security-Policy"))
                .startsWith("default-src 'none'");
    }

    private Answer secret(MemberId organisation, String name, String secret) {
        return http.form(
                "/fhir/" + organisation + "/oauth2/token",
                Map.of("grant_type", "client_credentials"),
                "Authorization",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (name + ":" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    private Answer ask(MemberId organisation, String assertion, String... more) {
        return http.form("/fhir/" + organisation + "/oauth2/token", form(assertion, more));
    }

    private static Map<String, String> form(String assertion, String... more) {
        var form = new HashMap<String, String>();
        form.put("grant_type", "client_credentials");
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.put("client_assertion", assertion);
        for (var i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return form;
    }

    private static void assertThatRefused(Answer answer, String why) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
        assertThat(answer.json().path("error").asString()).isEqualTo("invalid_client");
        assertThat(answer.json().path("error_description").asString()).contains(why);
        assertThat(answer.json().has("access_token")).isFalse();
    }

    private static String token(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("access_token").asString();
    }

    private String endpoint(MemberId organisation) {
        return addresses.tokenEndpoint(organisation);
    }

    private SigningKey key(MemberId member) {
        return keys.signing(
                keys.current(new KeyHolder.Organisation(member), KeyPurpose.SIGN).orElseThrow());
    }

    /// A good assertion of River Hospital for City First.
    private String assertion() {
        return signed(claims(CITY, RIVER), key(RIVER));
    }

    private String assertion(String jti) {
        return with("jti", jti + UUID.randomUUID());
    }

    private String with(String name, Object value) {
        var claims = claims(CITY, RIVER);
        claims.put(name, value);
        return signed(claims, key(RIVER));
    }

    private String without(String name) {
        var claims = claims(CITY, RIVER);
        claims.remove(name);
        return signed(claims, key(RIVER));
    }

    private String b2b(String name, Object value) {
        var b2b = b2b(RIVER);
        b2b.put(name, value);
        return with("extensions", Map.of("hl7-b2b", b2b));
    }

    private Map<String, Object> claims(MemberId asked, MemberId client) {
        var claims = new HashMap<String, Object>();
        claims.put("iss", client.value());
        claims.put("sub", client.value());
        claims.put("aud", endpoint(asked));
        claims.put("exp", clock.instant().plusSeconds(200).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("extensions", Map.of("hl7-b2b", b2b(client)));
        return claims;
    }

    private static Map<String, Object> b2b(MemberId client) {
        var b2b = new HashMap<String, Object>();
        b2b.put("version", "1");
        b2b.put("organization_id", "urn:xinglin:org:" + client);
        b2b.put("subject_id", "li");
        b2b.put("purpose_of_use", List.of("urn:oid:2.16.840.1.113883.5.8#TREAT"));
        return b2b;
    }

    private static String signed(Map<String, Object> claims, SigningKey key) {
        return CompactJws.sign(claims, "JWT", key);
    }

    private static String signed(Map<String, Object> claims, SigningKey key, KeyId kid) {
        return signed(claims, key, kid.value());
    }

    /// Signed by one key in the name of another.
    private static String signed(Map<String, Object> claims, SigningKey key, String kid) {
        var honest = CompactJws.sign(claims, "JWT", key).split("\\.", -1);
        var header =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                ("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}")
                                        .getBytes(StandardCharsets.UTF_8));
        var input = header + "." + honest[1];
        var signature = key.sign(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }
}
