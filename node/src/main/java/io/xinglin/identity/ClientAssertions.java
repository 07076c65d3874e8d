package io.xinglin.identity;

import com.nimbusds.jose.JOSEException;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyStatus;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.ledger.Ledger;
import io.xinglin.platform.BoundedCache;
import io.xinglin.platform.NodeProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Client assertions: with one, a member of the consortium says at another's door who asks there, and why.
///
/// The key is looked up on the ledger for each assertion, so that a revoked or rotated one is worth nothing at once. An assertion lives for five
/// minutes at most and is accepted once.
///
/// @spec https://hl7.org/fhir/smart-app-launch/backend-services.html SMART App Launch 2.2, Backend Services
/// @spec https://hl7.org/fhir/us/udap-security/b2b.html#b2b-authorization-extension-object UDAP Security, B2B extension
@Component
class ClientAssertions {
    private static final Duration LIFETIME_MAX = Duration.ofMinutes(5);
    private static final Duration SKEW = Duration.ofSeconds(10);
    private static final String ORGANISATION = "urn:xinglin:org:";
    private static final String PURPOSE = "urn:oid:2.16.840.1.113883.5.8#";

    private final Ledger ledger;
    private final Addresses addresses;
    private final NodeProperties node;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final SecureRandom random;
    private final BoundedCache<KeyId, PublicKey> publicKeys = new BoundedCache<>(1_000);

    ClientAssertions(
            Ledger ledger,
            Addresses addresses,
            NodeProperties node,
            JdbcClient jdbc,
            InstantSource clock,
            SecureRandom random) {
        this.ledger = ledger;
        this.addresses = addresses;
        this.node = node;
        this.jdbc = jdbc;
        this.clock = clock;
        this.random = random;
    }

    /// Makes an assertion for a practitioner of one of our organisations.
    String make(
            SigningKey key, PractitionerId practitioner, PurposeOfUse purpose, String endpoint) {
        var member = practitioner.organisation().value();
        var now = clock.instant();
        var jti = new byte[16];
        random.nextBytes(jti);
        return CompactJws.sign(
                Map.of(
                        "iss", member,
                        "sub", member,
                        "aud", endpoint,
                        "iat", now.getEpochSecond(),
                        "exp", now.plus(Duration.ofMinutes(1)).getEpochSecond(),
                        "jti", Base64.getUrlEncoder().withoutPadding().encodeToString(jti),
                        "extensions", Map.of("hl7-b2b", b2b(practitioner, purpose))),
                "JWT",
                key);
    }

    private static Map<String, Object> b2b(PractitionerId practitioner, PurposeOfUse purpose) {
        return Map.of(
                "version",
                "1",
                "organization_id",
                ORGANISATION + practitioner.organisation(),
                "subject_id",
                practitioner.id(),
                "purpose_of_use",
                List.of(PURPOSE + purpose));
    }

    /// Verifies an assertion addressed to this organisation's token endpoint.
    ///
    /// @throws CompactJws.Refused with the reason
    Verified verify(MemberId custodian, String text) {
        var assertion = CompactJws.parse(text, "JWT");
        var client = client(assertion);
        var key = key(assertion, client);
        if (!assertion.isBy(publicKeys.get(key.id(), _ -> publicKey(key)))) {
            throw new CompactJws.Refused("is not signed by the key that it names");
        }
        requireAudience(assertion, addresses.tokenEndpoint(custodian));
        var expires = requireShortLife(assertion);
        var caller = caller(custodian, client, assertion.claims().path("extensions"));
        requireUnseen(client, assertion.string("jti"), expires);
        return new Verified(client, key.id(), caller);
    }

    private static MemberId client(CompactJws assertion) {
        var subject = assertion.string("sub");
        if (!assertion.string("iss").equals(subject)) {
            throw new CompactJws.Refused("has an iss that is not its sub");
        }
        try {
            return new MemberId(subject);
        } catch (IllegalArgumentException _) {
            throw new CompactJws.Refused("has a sub that is not a member id");
        }
    }

    private RegisteredKey key(CompactJws assertion, MemberId client) {
        var key =
                keyId(assertion.kid())
                        .flatMap(ledger::key)
                        .orElseThrow(
                                () ->
                                        new CompactJws.Refused(
                                                "names a key that is not on the ledger"));
        if (!key.isOf(client)) {
            throw new CompactJws.Refused("names a key that is not " + client + "'s");
        }
        if (ledger.isSuspended(client)) {
            throw new CompactJws.Refused("is of a member that the others have suspended");
        }
        if (!key.isActive()) {
            var word = key.status() == KeyStatus.REVOKED ? "revoked" : "rotated away";
            throw new CompactJws.Refused("names a key that was " + word);
        }
        return key;
    }

    private static Optional<KeyId> keyId(String kid) {
        try {
            return Optional.of(new KeyId(kid));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static PublicKey publicKey(RegisteredKey key) {
        try {
            return key.jwk().toJwk().toECKey().toECPublicKey(Es256.CONSCRYPT);
        } catch (JOSEException | ClassCastException _) {
            throw new CompactJws.Refused("names a key that is not for ES256");
        }
    }

    private static void requireAudience(CompactJws assertion, String endpoint) {
        var audience = assertion.claims().path("aud");
        var one = audience.isArray() && audience.size() == 1 ? audience.path(0) : audience;
        if (!one.isString() || !one.asString().equals(endpoint)) {
            throw new CompactJws.Refused("is not addressed to " + endpoint);
        }
    }

    private Instant requireShortLife(CompactJws assertion) {
        var now = clock.instant();
        var exp = assertion.seconds("exp");
        if (exp <= now.getEpochSecond()) {
            throw new CompactJws.Refused("has expired");
        }
        if (exp > now.plus(LIFETIME_MAX).plus(SKEW).getEpochSecond()) {
            throw new CompactJws.Refused("lives longer than five minutes");
        }
        for (var name : List.of("iat", "nbf")) {
            if (assertion.claims().has(name)
                    && assertion.seconds(name) > now.plus(SKEW).getEpochSecond()) {
                throw new CompactJws.Refused("is not valid yet: see its " + name);
            }
        }
        return Instant.ofEpochSecond(exp);
    }

    private static Caller caller(MemberId custodian, MemberId client, JsonNode extensions) {
        var b2b = extensions.path("hl7-b2b");
        if (b2b.isMissingNode() && client.equals(custodian)) {
            return new Caller.Service(custodian, client.value());
        }
        if (!b2b.isObject()) {
            throw new CompactJws.Refused(
                    "lacks extensions.hl7-b2b, which says who asks and what for");
        }
        if (!CompactJws.string(b2b, "version").equals("1")) {
            throw new CompactJws.Refused("has an hl7-b2b extension that is not of version 1");
        }
        if (!CompactJws.string(b2b, "organization_id").equals(ORGANISATION + client)) {
            throw new CompactJws.Refused(
                    "has an organization_id that is not " + ORGANISATION + client);
        }
        var practitioner = practitioner(client, CompactJws.string(b2b, "subject_id"));
        var purpose = purpose(b2b.path("purpose_of_use"));
        return client.equals(custodian)
                ? new Caller.Staff(custodian, practitioner, purpose)
                : new Caller.Peer(custodian, client, practitioner, purpose);
    }

    private static String practitioner(MemberId client, String subject) {
        try {
            return new PractitionerId(client, subject).id();
        } catch (IllegalArgumentException _) {
            throw new CompactJws.Refused("has a subject_id that is not a FHIR id");
        }
    }

    private static PurposeOfUse purpose(JsonNode purposes) {
        if (!purposes.isArray() || purposes.size() != 1) {
            throw new CompactJws.Refused("must say exactly one purpose_of_use");
        }
        var code = purposes.path(0).asString("");
        try {
            return PurposeOfUse.valueOf(
                    code.startsWith(PURPOSE) ? code.substring(PURPOSE.length()) : code);
        } catch (IllegalArgumentException _) {
            throw new CompactJws.Refused("has a purpose_of_use that is not known here");
        }
    }

    private void requireUnseen(MemberId client, String jti, Instant expires) {
        var first =
                jdbc.sql(
                                """
                                insert into identity.assertion (digest, expires) values (?, ?)
                                on conflict do nothing
                                """)
                        .params(digest(client + "\n" + jti), Timestamp.from(expires.plus(SKEW)))
                        .update();
        if (first == 0) {
            throw new CompactJws.Refused("was used before");
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    void forgetExpired() {
        if (node.readOnly()) {
            return;
        }
        jdbc.sql("delete from identity.assertion where expires < ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }

    /// What an accepted assertion says.
    ///
    /// @param client the member that signed it
    /// @param key the key it was signed with
    /// @param caller who asks
    record Verified(MemberId client, KeyId key, Caller caller) {}
}
