package io.xinglin.tlog;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/// Fresh keys.
final class TestKeys {
    private TestKeys() {}

    static NoteSigner signer(String name) {
        return NoteSigner.ed25519(name, pair());
    }

    static Cosigner cosigner(String name) {
        return Cosigner.ed25519(name, pair());
    }

    /// A witness that signs with ML-DSA-44.
    static Cosigner mlDsaCosigner(String name) {
        return Cosigner.mlDsa44(name, pair("ML-DSA-44"));
    }

    static KeyPair pair() {
        return pair("Ed25519");
    }

    static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
