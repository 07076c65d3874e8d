package io.xinglin.identity;

import com.nimbusds.jose.JWSSigner;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.PublicJwk;
import java.security.PrivateKey;

/// An ES256 key that this node may sign with.
final class SigningKey {
    private final PublicJwk publicKey;
    private final KeyId kid;
    private final PrivateKey privateKey;

    SigningKey(PublicJwk publicKey, PrivateKey privateKey) {
        this.publicKey = publicKey;
        this.kid = publicKey.keyId();
        this.privateKey = privateKey;
    }

    KeyId kid() {
        return kid;
    }

    PublicJwk publicKey() {
        return publicKey;
    }

    byte[] sign(byte[] message) {
        return Es256.sign(privateKey, message);
    }

    JWSSigner signer() {
        return Es256.signer(privateKey);
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + ", redacted]";
    }
}
