package io.xinglin.fabric.chaincode;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Voucher;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// People and organisations who sign transactions for one ledger.
final class Consortium {
    static final String LEDGER = "health";
    static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123Z");
    static final MemberId HOSPITAL = new MemberId("city-first-hospital");

    private static final String LOG = "localhost:8080/log/city-first-hospital";
    private static final String VKEY =
            LOG + "+e9eb12da+ASUZBYpvSNsibVRjTuswQI8diKTLNCtacSSZFpriQzB6";

    final Signer operator;
    final Signer hospital;
    private final Instant now;

    /// People who sign at this time.
    Consortium(Instant now) {
        this.now = now;
        this.operator = signer();
        this.hospital = signer();
    }

    /// Somebody new.
    Signer signer() {
        try {
            return new Signer(new ECKeyGenerator(Curve.P_256).generate(), now);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /// Somebody with a key.
    record Signer(ECKey key, Instant now) {

        PublicJwk jwk() {
            return PublicJwk.of(key);
        }

        KeyId id() {
            return jwk().keyId();
        }

        /// A transaction that is good for an hour.
        String sign(Command command) {
            var nonce = new byte[16];
            new SecureRandom().nextBytes(nonce);
            return SignedTransaction.sign(
                            LEDGER,
                            command,
                            id(),
                            jwsSigner(),
                            nonce,
                            now.plus(Duration.ofHours(1)))
                    .jws();
        }

        private ECDSASigner jwsSigner() {
            try {
                return new ECDSASigner(key);
            } catch (JOSEException e) {
                throw new AssertionError(e);
            }
        }
    }

    String founding() {
        return operator.sign(
                new MembershipCommand.Found(
                        operator.jwk(), new TreeMap<>(Map.of(HOSPITAL, hospital.id()))));
    }

    String joining() {
        return hospital.sign(
                new MembershipCommand.Join(
                        hospital.jwk(),
                        Member.of(
                                HOSPITAL,
                                new MemberName("市第一医院", "City First Hospital"),
                                List.of(MemberRole.HOSPITAL),
                                "http://localhost:8080/fhir/city-first-hospital",
                                new MemberLog(LOG, "http://" + LOG, VKEY))));
    }

    /// Registers a patient at the hospital.
    String registration(Signer patient) {
        var voucher = new Voucher(LEDGER, patient.id(), HOSPITAL, KeyKind.PATIENT);
        return patient.sign(
                new KeysCommand.Register(
                        patient.jwk(), voucher.sign(hospital.id(), hospital.jwsSigner())));
    }

    /// A consent of the patient's.
    String grant(Signer patient) {
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        return patient.sign(
                new ConsentCommand.Grant(
                        UUID.randomUUID(), HOSPITAL, commitment, now.plus(Duration.ofDays(7))));
    }
}
