package io.xinglin.tlog;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/// Fresh Ed25519 keys.
final class TestKeys {
    private TestKeys() {}

    static NoteSigner signer(String name) {
        return NoteSigner.ed25519(name, pair());
    }

    static Cosigner cosigner(String name) {
        return Cosigner.ed25519(name, pair());
    }

    static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
