package io.xinglin.tlog;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;

/// Fresh Ed25519 keys of the JDK.
final class TestKeys {
    private TestKeys() {}

    static NoteSigner signer(String name) {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var spki = pair.getPublic().getEncoded();
            var raw = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
            return NoteSigner.of(
                    NoteVerifier.ed25519(name, raw),
                    message -> {
                        try {
                            var ed25519 = Signature.getInstance("Ed25519");
                            ed25519.initSign(pair.getPrivate());
                            ed25519.update(message);
                            return ed25519.sign();
                        } catch (GeneralSecurityException e) {
                            throw new AssertionError(e);
                        }
                    });
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
