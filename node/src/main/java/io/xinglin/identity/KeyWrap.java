package io.xinglin.identity;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWECryptoParts;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.impl.AAD;
import com.nimbusds.jose.crypto.impl.ECDH;
import com.nimbusds.jose.crypto.impl.ECDHCryptoProvider;
import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import io.xinglin.contracts.KeyId;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Wraps a key for the holder of a P-256 key: JWE with `ECDH-ES+A256KW` and `A256GCM`.
///
/// Only the agreement is computed here, with Conscrypt, which is some twenty times faster at it; the rest is Nimbus JOSE.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7518#section-4.6 RFC 7518, section 4.6
final class KeyWrap {
    private static final Set<String> HEADERS = Set.of("alg", "enc", "epk", "kid");

    private KeyWrap() {}

    static String wrap(KeyId kid, ECKey recipient, byte[] key) {
        var header =
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
                        .keyID(kid.value())
                        .build();
        var jwe = new JWEObject(header, new Payload(key));
        try {
            jwe.encrypt(new Wrapper(recipient.toECPublicKey(Es256.CONSCRYPT)));
            return jwe.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("wrapping does not work here", e);
        }
    }

    /// Which key a JWE is wrapped for; not to be believed before it has been unwrapped.
    static KeyId recipient(String jwe) {
        try {
            return new KeyId(String.valueOf(parse(jwe).getHeader().getKeyID()));
        } catch (IllegalArgumentException _) {
            throw new Aead.Tampered();
        }
    }

    static byte[] unwrap(PrivateKey recipient, String text) {
        var jwe = parse(text);
        if (!HEADERS.equals(jwe.getHeader().getIncludedParams())) {
            throw new Aead.Tampered();
        }
        try {
            jwe.decrypt(new Unwrapper(recipient));
            return jwe.getPayload().toBytes();
        } catch (JOSEException | IllegalStateException _) {
            throw new Aead.Tampered();
        }
    }

    private static JWEObject parse(String text) {
        try {
            return JWEObject.parse(text);
        } catch (ParseException | RuntimeException _) {
            // On a damaged header Nimbus JOSE throws what it happens to stumble over.
            throw new Aead.Tampered();
        }
    }

    private abstract static class Agreement extends ECDHCryptoProvider {
        Agreement() throws JOSEException {
            super(Curve.P_256, null);
        }

        @Override
        public Set<Curve> supportedEllipticCurves() {
            return Set.of(Curve.P_256);
        }
    }

    private static final class Wrapper extends Agreement implements JWEEncrypter {
        private final ECPublicKey recipient;

        Wrapper(ECPublicKey recipient) throws JOSEException {
            this.recipient = recipient;
        }

        @Override
        public JWECryptoParts encrypt(JWEHeader header, byte[] clearText, byte[] aad)
                throws JOSEException {
            try {
                var generator = KeyPairGenerator.getInstance("EC", Es256.CONSCRYPT);
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                var ephemeral = generator.generateKeyPair();
                var epk = new ECKey.Builder(Curve.P_256, (ECPublicKey) ephemeral.getPublic());
                var complete =
                        new JWEHeader.Builder(header).ephemeralPublicKey(epk.build()).build();
                var secret =
                        ECDH.deriveSharedSecret(recipient, ephemeral.getPrivate(), Es256.CONSCRYPT);
                return encryptWithZ(complete, secret, clearText, AAD.compute(complete));
            } catch (GeneralSecurityException e) {
                throw new JOSEException(e.getMessage(), e);
            }
        }
    }

    private static final class Unwrapper extends Agreement implements JWEDecrypter {
        private final PrivateKey recipient;

        Unwrapper(PrivateKey recipient) throws JOSEException {
            this.recipient = recipient;
        }

        @Override
        public byte[] decrypt(
                JWEHeader header,
                @Nullable Base64URL encryptedKey,
                @Nullable Base64URL iv,
                Base64URL cipherText,
                @Nullable Base64URL authTag,
                byte[] aad)
                throws JOSEException {
            if (!(header.getEphemeralPublicKey() instanceof ECKey epk)
                    || !Curve.P_256.equals(epk.getCurve())
                    || encryptedKey == null
                    || iv == null
                    || authTag == null) {
                throw new JOSEException("not what this node wraps");
            }
            var sender = epk.toECPublicKey(Es256.CONSCRYPT);
            if (!ECChecks.isPointOnCurve(
                    epk.getX().decodeToBigInteger(),
                    epk.getY().decodeToBigInteger(),
                    Curve.P_256.toECParameterSpec())) {
                throw new JOSEException("the ephemeral key is not on its curve");
            }
            var secret = ECDH.deriveSharedSecret(sender, recipient, Es256.CONSCRYPT);
            return decryptWithZ(header, aad, secret, encryptedKey, iv, cipherText, authTag);
        }
    }
}
