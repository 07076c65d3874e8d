package io.xinglin.ledger;

import io.xinglin.contracts.JcaSignatureVerifier;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignatureVerifier;
import io.xinglin.platform.BoundedCache;
import java.security.Provider;
import java.security.PublicKey;
import org.conscrypt.Conscrypt;

/// Conscrypt, which verifies twelve times as fast as the JDK, with the key objects kept.
final class Cryptography implements SignatureVerifier {
    static final Provider PROVIDER = Conscrypt.newProvider();

    private static final int KEYS_MAX = 10_000;

    private final JcaSignatureVerifier verifier = new JcaSignatureVerifier(PROVIDER);
    private final BoundedCache<PublicJwk, PublicKey> keys = new BoundedCache<>(KEYS_MAX);

    @Override
    public boolean verify(PublicJwk key, byte[] message, byte[] signature) {
        return verifier.verify(publicKey(key), message, signature);
    }

    private PublicKey publicKey(PublicJwk jwk) {
        return keys.get(jwk)
                .orElseGet(
                        () -> {
                            var key = verifier.publicKey(jwk);
                            keys.put(jwk, key);
                            return key;
                        });
    }
}
