package io.xinglin.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.PublicJwk;

/// Somebody on the copy with a fresh key.
record Actor(PublicJwk key, KeyId id, JWSSigner signer) {
    static Actor fresh() {
        try {
            var key = new ECKeyGenerator(Curve.P_256).generate();
            var publicKey = PublicJwk.of(key);
            return new Actor(publicKey, publicKey.keyId(), new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 does not work here", e);
        }
    }
}
