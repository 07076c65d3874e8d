package io.xinglin.exchange;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.xinglin.Http;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome.Committed;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Records;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/// A member of whom this node has nothing but what is on the ledger: it is hosted elsewhere and makes its assertions itself.
@TestNode
@TestPropertySource(properties = "xinglin.ledger=elsewhere")
class ElsewhereTests {
    private static final MemberId FAR = new MemberId("far-hospital");

    @Autowired private Identities identities;
    @Autowired private Ledger ledger;
    @Autowired private Consents consents;
    @Autowired private Records records;
    @Autowired private NodeProperties node;
    @Autowired private TestClock clock;
    @Autowired private Http http;

    @Test
    void a_member_on_another_node_reads_what_a_patient_permits_and_no_more() throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).generate();
        admit(key);
        join(key);
        var patient = new PatientId(CITY, "p-" + UUID.randomUUID());
        records.transaction(
                CITY,
                record(patient).getBytes(StandardCharsets.UTF_8),
                new Caller.Service(CITY, "test"));
        var token = token(key);
        var observation = "/fhir/" + CITY + "/Observation/" + patient.id();

        assertThat(http.get(observation, token).status()).isEqualTo(403);
        var consent = consents.grant(patient, laboratory());
        assertThat(http.get(observation, token).status()).isEqualTo(200);
        assertThat(http.get("/fhir/" + CITY + "/Patient/" + patient.id(), token).status())
                .isEqualTo(403);
        consents.withdraw(patient, consent.id());
        assertThat(http.get(observation, token).status()).isEqualTo(403);
        assertThat(tokenAnswer(new ECKeyGenerator(Curve.P_256).generate(), key).status())
                .as("another key in the member's name")
                .isEqualTo(401);
    }

    private static String record(PatientId patient) {
        return """
            {"resourceType": "Bundle", "type": "transaction", "entry": [
              {"resource": {"resourceType": "Patient", "id": "%1$s"}, "request": {"method": "PUT", "url": "Patient/%1$s"}},
              {"resource": {"resourceType": "Observation", "id": "%1$s", "status": "final", "code": {"text": "x"},
                "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}],
                "subject": {"reference": "Patient/%1$s"}}, "request": {"method": "PUT", "url": "Observation/%1$s"}}]}
            """
                .formatted(patient.id());
    }

    private void admit(ECKey key) {
        var proposal = UUID.randomUUID();
        var change = new Change.Admission(FAR, PublicJwk.of(key).keyId());
        var expires = clock.instant().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
        identities.submit(CITY, new GovernanceCommand.Propose(proposal, change, expires));
        identities.submit(CITY, new GovernanceCommand.Vote(proposal, true));
        identities.submit(RIVER, new GovernanceCommand.Vote(proposal, true));
        assertThat(identities.submit(CITY, new GovernanceCommand.Decide(proposal)))
                .isInstanceOf(Committed.class);
    }

    private void join(ECKey key) throws JOSEException {
        var vkey = Base64.getEncoder().encodeToString(new byte[33]);
        var member =
                Member.of(
                        FAR,
                        new MemberName("远方医院", "Far Hospital"),
                        List.of(MemberRole.HOSPITAL),
                        "https://far.example/fhir/" + FAR,
                        new MemberLog(
                                "far.example/log/" + FAR,
                                "https://far.example/log/" + FAR,
                                "far.example/log/" + FAR + "+00000000+" + vkey));
        var command = new MembershipCommand.Join(PublicJwk.of(key), member);
        var joining =
                SignedTransaction.sign(
                        ledger.name(),
                        command,
                        ledger.version(command.contract()),
                        PublicJwk.of(key).keyId(),
                        new ECDSASigner(key),
                        UUID.randomUUID()
                                .toString()
                                .substring(0, 16)
                                .getBytes(StandardCharsets.US_ASCII),
                        clock.instant().plusSeconds(60));
        assertThat(ledger.submit(joining)).isInstanceOf(Committed.class);
    }

    private ConsentTerms laboratory() {
        return new ConsentTerms(
                FAR,
                Set.of(RecordCategory.LABORATORY),
                Set.of(SensitivityClass.GENERAL),
                Set.of(PurposeOfUse.TREAT),
                clock.instant().plus(Duration.ofDays(7)));
    }

    private String token(ECKey key) throws JOSEException {
        var answer = tokenAnswer(key, key);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("access_token").asString();
    }

    /// As SMART Backend Services has it, with a library that is not ours.
    private Http.Answer tokenAnswer(ECKey signing, ECKey named) throws JOSEException {
        var endpoint = "/fhir/" + CITY + "/oauth2/token";
        var b2b =
                Map.of(
                        "version",
                        "1",
                        "organization_id",
                        "urn:xinglin:org:" + FAR,
                        "subject_id",
                        "ma",
                        "purpose_of_use",
                        List.of("urn:oid:2.16.840.1.113883.5.8#TREAT"));
        var claims =
                new JWTClaimsSet.Builder()
                        .issuer(FAR.value())
                        .subject(FAR.value())
                        .audience(node.url() + endpoint)
                        .expirationTime(Date.from(clock.instant().plusSeconds(200)))
                        .jwtID(UUID.randomUUID().toString())
                        .claim("extensions", Map.of("hl7-b2b", b2b))
                        .build();
        var assertion =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID(PublicJwk.of(named).keyId().value())
                                .type(JOSEObjectType.JWT)
                                .build(),
                        claims);
        assertion.sign(new ECDSASigner(signing));
        return http.form(
                endpoint,
                Map.of(
                        "grant_type", "client_credentials",
                        "client_assertion_type",
                                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion", assertion.serialize()));
    }
}
