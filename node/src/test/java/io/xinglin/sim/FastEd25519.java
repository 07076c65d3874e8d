package io.xinglin.sim;

import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignatureVerifier;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.conscrypt.Conscrypt;

/// Ed25519 by Conscrypt, which takes a tenth of the time; what was verified once is not verified again.
public final class FastEd25519 extends Provider implements AutoCloseable {
    static final Provider CONSCRYPT = Conscrypt.newProvider();

    private static final long serialVersionUID = 1;
    private static final String NAME = "FastEd25519";
    private static final int KNOWN_MAX = 200_000;
    private static final Map<ByteBuffer, PublicKey> KEYS = new ConcurrentHashMap<>();
    private static final Map<ByteBuffer, Boolean> KNOWN = new ConcurrentHashMap<>();

    private FastEd25519() {
        super(NAME, "1", "Ed25519 by Conscrypt");
        put("Signature.Ed25519", Verifying.class.getName());
    }

    /// Puts it before all others, until it is closed.
    static FastEd25519 install() {
        var provider = new FastEd25519();
        Security.insertProviderAt(provider, 1);
        return provider;
    }

    @Override
    public void close() {
        Security.removeProvider(NAME);
    }

    /// The same for transactions and blocks.
    public static SignatureVerifier verifier() {
        return (key, message, signature) ->
                key instanceof PublicJwk.Ed25519(var x)
                        && verify(Base64.getUrlDecoder().decode(x), message, signature);
    }

    private static boolean verify(byte[] key, byte[] message, byte[] signature) {
        if (KNOWN.size() > KNOWN_MAX) {
            KNOWN.clear();
        }
        return KNOWN.computeIfAbsent(
                digest(key, message, signature), _ -> compute(key, message, signature));
    }

    private static ByteBuffer digest(byte[] key, byte[] message, byte[] signature) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(key);
            sha256.update(signature);
            sha256.update((byte) signature.length);
            return ByteBuffer.wrap(sha256.digest(message));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean compute(byte[] key, byte[] message, byte[] signature) {
        try {
            var verifier = Signature.getInstance("Ed25519", CONSCRYPT);
            verifier.initVerify(KEYS.computeIfAbsent(ByteBuffer.wrap(key), _ -> publicKey(key)));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicKey publicKey(byte[] key) {
        try {
            var prefix = Base64.getDecoder().decode("MCowBQYDK2VwAyEA");
            var encoded = Arrays.copyOf(prefix, prefix.length + key.length);
            System.arraycopy(key, 0, encoded, prefix.length, key.length);
            return KeyFactory.getInstance("Ed25519", CONSCRYPT)
                    .generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Verifies; signing is for others.
    public static final class Verifying extends SignatureSpi {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private byte[] key = new byte[0];

        @Override
        protected void engineInitVerify(PublicKey publicKey) {
            var encoded = publicKey.getEncoded();
            key = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            message.reset();
        }

        @Override
        protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
            throw new InvalidKeyException("another provider signs");
        }

        @Override
        protected void engineUpdate(byte b) {
            message.write(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) {
            message.write(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            throw new SignatureException("another provider signs");
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return verify(key, message.toByteArray(), signature);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
