package io.xinglin.sim;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.NoteVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// An Ed25519 key that is the same in every run: the same seed gives the same bytes.
public final class Key {
    private static final Map<Integer, Key> MADE = new ConcurrentHashMap<>();

    private final PrivateKey privateKey;
    private final byte[] publicKey;
    private final PublicJwk jwk;

    private Key(int number) {
        try {
            var generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(number));
            var pair = generator.generateKeyPair();
            var encoded = pair.getPublic().getEncoded();
            publicKey = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            privateKey =
                    KeyFactory.getInstance("Ed25519", FastEd25519.CONSCRYPT)
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded()));
            jwk = new PublicJwk.Ed25519(Base64URL.encode(publicKey).toString());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The key of this number.
    public static Key of(int number) {
        return MADE.computeIfAbsent(number, Key::new);
    }

    public PublicJwk jwk() {
        return jwk;
    }

    KeyId id() {
        return jwk.keyId();
    }

    /// The 64 bytes of a signature.
    public byte[] sign(byte[] message) {
        try {
            var signature = Signature.getInstance("Ed25519", FastEd25519.CONSCRYPT);
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    JWSSigner jws() {
        return new Jws(this);
    }

    /// The key as that of a log.
    public NoteSigner log(String name) {
        return NoteSigner.of(NoteVerifier.ed25519(name, publicKey), this::sign);
    }

    /// The key as that of a witness.
    public Cosigner witness(String name) {
        return Cosigner.of(CosignatureVerifier.ed25519(name, publicKey), this::sign);
    }

    private record Jws(Key key) implements JWSSigner {
        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) {
            return Base64URL.encode(key.sign(signingInput));
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

    /// What a key is made from.
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final int number;

        Fixed(int number) {
            this.number = number;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            try {
                var text = "simulation key " + number;
                var hash =
                        MessageDigest.getInstance("SHA-256")
                                .digest(text.getBytes(StandardCharsets.UTF_8));
                ByteBuffer.wrap(bytes).put(hash, 0, Math.min(hash.length, bytes.length));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
