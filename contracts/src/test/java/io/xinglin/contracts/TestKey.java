package io.xinglin.contracts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Set;

/// A fresh key and what signs with it.
record TestKey(PublicJwk jwk, KeyId id, JWSSigner signer) {
    static TestKey es256() {
        return es256(new SecureRandom());
    }

    static TestKey es256(SecureRandom random) {
        try {
            var key = new ECKeyGenerator(Curve.P_256).secureRandom(random).generate();
            var jwk = PublicJwk.of(key);
            var signer = new ECDSASigner(key);
            signer.getJCAContext().setSecureRandom(random);
            return new TestKey(jwk, jwk.keyId(), signer);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static TestKey ed25519() {
        return ed25519(new SecureRandom());
    }

    static TestKey ed25519(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, random);
            var keys = generator.generateKeyPair();
            var encoded = keys.getPublic().getEncoded();
            var raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            var jwk = new PublicJwk.Ed25519(Base64Url.encode(raw));
            return new TestKey(jwk, jwk.keyId(), new Ed25519Signer(keys));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private record Ed25519Signer(KeyPair keys) implements JWSSigner {
        @Override
        public Base64URL sign(JWSHeader header, byte[] message) {
            try {
                var signature = Signature.getInstance("Ed25519");
                signature.initSign(keys.getPrivate());
                signature.update(message);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }
    }
}
