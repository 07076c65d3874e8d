package io.xinglin.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyStatus;
import io.xinglin.contracts.MemberId;
import io.xinglin.ledger.Ledger;
import io.xinglin.platform.BoundedCache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// The access tokens of each organisation: who asks and why. What they may read is not in it; consent is asked on every read.
///
/// A token is good at one organisation only, and stops to be good when the key that its owner got it with is revoked.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9068 RFC 9068
@Component
class AccessTokens {
    private static final String TYPE = "at+jwt";

    private final Keys keys;
    private final Ledger ledger;
    private final Addresses addresses;
    private final ObjectProvider<SampleUsers> sampleUsers;
    private final InstantSource clock;
    private final SecureRandom random;
    private final BoundedCache<MemberId, SigningKey> signingKeys = new BoundedCache<>(1_000);
    private final BoundedCache<MemberId, PublicKey> publicKeys = new BoundedCache<>(1_000);
    private final BoundedCache<Seen, Verified> verified = new BoundedCache<>(10_000);

    AccessTokens(
            Keys keys,
            Ledger ledger,
            Addresses addresses,
            ObjectProvider<SampleUsers> sampleUsers,
            InstantSource clock,
            SecureRandom random) {
        this.keys = keys;
        this.ledger = ledger;
        this.addresses = addresses;
        this.sampleUsers = sampleUsers;
        this.clock = clock;
        this.random = random;
    }

    /// Issues a token.
    Issued issue(ClientAuthentication.Grant grant) {
        var caller = grant.caller();
        var client = grant.client();
        var now = clock.instant();
        var expires = now.plus(grant.lifetime());
        var jti = new byte[16];
        random.nextBytes(jti);
        var base = addresses.fhir(caller.custodian());
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", base);
        claims.put("aud", base);
        claims.put("sub", client);
        claims.put("client_id", client);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", expires.getEpochSecond());
        claims.put("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(jti));
        claims.put("scope", scope(caller));
        claims.put("caller", describe(caller));
        grant.key().ifPresent(kid -> claims.put("vouched_by", kid.value()));
        return new Issued(
                CompactJws.sign(claims, TYPE, signingKey(caller.custodian())), now, expires);
    }

    /// Verifies a token presented at this organisation.
    ///
    /// What a token says and who signed it is looked at once. What may change while it is good is looked at every time: the time,
    /// our own key, whether the key that it was got with still stands.
    ///
    /// @throws CompactJws.Refused with the reason
    Caller verify(MemberId organisation, String text) {
        var seen = new Seen(organisation, digest(text));
        var token = verified.get(seen, _ -> examine(organisation, text));
        if (!signingKey(organisation).kid().equals(token.by)) {
            throw new CompactJws.Refused("is not signed by " + organisation);
        }
        if (token.expires <= clock.instant().getEpochSecond()) {
            verified.remove(seen);
            throw new CompactJws.Refused("has expired");
        }
        if (token.vouchedBy.isPresent()) {
            requireNotRevoked(token.vouchedBy.get());
        } else if (sampleUsers.getIfAvailable() == null) {
            throw new CompactJws.Refused("is a sample user's, and this node has none");
        }
        return token.caller;
    }

    /// A token that is good until something changes.
    ///
    /// @param by our key that signed it
    private record Verified(KeyId by, long expires, Optional<KeyId> vouchedBy, Caller caller) {}

    /// What a token is known by: it lies in no memory longer than its request.
    private record Seen(MemberId organisation, String digest) {}

    private static String digest(String text) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work here", e);
        }
    }

    private Verified examine(MemberId organisation, String text) {
        var token = CompactJws.parse(text, TYPE);
        var base = addresses.fhir(organisation);
        if (!token.string("iss").equals(base) || !token.string("aud").equals(base)) {
            throw new CompactJws.Refused("is for another organisation");
        }
        if (!signingKey(organisation).kid().value().equals(token.kid())
                || !token.isBy(publicKeys.get(organisation, this::publicKey))) {
            throw new CompactJws.Refused("is not signed by " + organisation);
        }
        return new Verified(
                signingKey(organisation).kid(),
                token.seconds("exp"),
                token.claims().has("vouched_by")
                        ? Optional.of(new KeyId(token.string("vouched_by")))
                        : Optional.empty(),
                caller(organisation, token.claims().path("caller")));
    }

    private void requireNotRevoked(KeyId kid) {
        if (ledger.key(kid).filter(key -> key.status() != KeyStatus.REVOKED).isEmpty()) {
            throw new CompactJws.Refused("was obtained with a key that has been revoked");
        }
        if (ledger.key(kid).filter(key -> ledger.isSuspended(key.member())).isPresent()) {
            throw new CompactJws.Refused("was obtained by a member that has been suspended");
        }
    }

    /// The public key that checks this organisation's tokens.
    ECKey publicJwk(MemberId organisation) {
        var key = signingKey(organisation);
        return new ECKey.Builder(key.publicKey().toJwk().toECKey())
                .keyID(key.kid().value())
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .build();
    }

    private SigningKey signingKey(MemberId organisation) {
        return signingKeys.get(
                organisation,
                member ->
                        keys.signing(
                                keys.create(new KeyHolder.Organisation(member), KeyPurpose.TOKEN)));
    }

    private PublicKey publicKey(MemberId organisation) {
        try {
            return publicJwk(organisation).toECPublicKey(Es256.CONSCRYPT);
        } catch (JOSEException e) {
            throw new IllegalStateException("a public key does not load", e);
        }
    }

    /// For OAuth clients that want to see a scope; nothing here depends on it.
    static String scope(Caller caller) {
        return switch (caller) {
            case Caller.Patient _ -> "patient/*.rs";
            case Caller.Staff _ -> "user/*.cruds";
            case Caller.Service _ -> "system/*.cruds";
            case Caller.Peer _ -> "system/*.rs";
        };
    }

    private static Map<String, String> describe(Caller caller) {
        return switch (caller) {
            case Caller.Patient(var patient) -> Map.of("kind", "patient", "patient", patient.id());
            case Caller.Staff(_, var practitioner, var purpose) ->
                    Map.of(
                            "kind",
                            "staff",
                            "practitioner",
                            practitioner,
                            "purpose",
                            purpose.name());
            case Caller.Service(_, var client) -> Map.of("kind", "service", "client", client);
            case Caller.Peer(_, var organisation, var practitioner, var purpose) ->
                    Map.of(
                            "kind",
                            "peer",
                            "organisation",
                            organisation.value(),
                            "practitioner",
                            practitioner,
                            "purpose",
                            purpose.name());
        };
    }

    private static Caller caller(MemberId custodian, JsonNode caller) {
        return switch (CompactJws.string(caller, "kind")) {
            case "patient" ->
                    new Caller.Patient(
                            new PatientId(custodian, CompactJws.string(caller, "patient")));
            case "staff" ->
                    new Caller.Staff(
                            custodian,
                            CompactJws.string(caller, "practitioner"),
                            PurposeOfUse.valueOf(CompactJws.string(caller, "purpose")));
            case "service" -> new Caller.Service(custodian, CompactJws.string(caller, "client"));
            case "peer" ->
                    new Caller.Peer(
                            custodian,
                            new MemberId(CompactJws.string(caller, "organisation")),
                            CompactJws.string(caller, "practitioner"),
                            PurposeOfUse.valueOf(CompactJws.string(caller, "purpose")));
            default -> throw new CompactJws.Refused("does not say who asks");
        };
    }

    /// A token and what goes with it.
    static final class Issued {
        private final String token;
        private final Instant from;
        private final Instant until;

        private Issued(String token, Instant from, Instant until) {
            this.token = token;
            this.from = from;
            this.until = until;
        }

        String token() {
            return token;
        }

        Instant from() {
            return from;
        }

        Instant until() {
            return until;
        }

        @Override
        public String toString() {
            return "Issued[redacted]";
        }
    }
}
