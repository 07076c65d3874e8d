package io.xinglin.ledger;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.PublicJwk;

/// A fresh ES256 key.
record TestKey(PublicJwk jwk, KeyId id, JWSSigner signer) {
    static TestKey fresh() {
        try {
            var key = new ECKeyGenerator(Curve.P_256).generate();
            var jwk = PublicJwk.of(key);
            var signer = new ECDSASigner(key);
            return new TestKey(jwk, jwk.keyId(), signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
