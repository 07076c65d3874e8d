package io.xinglin.tlog;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/// Fresh Ed25519 keys.
final class TestKeys {
    private TestKeys() {}

    static NoteSigner signer(String name) {
        try {
            var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return NoteSigner.ed25519(name, keys);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
