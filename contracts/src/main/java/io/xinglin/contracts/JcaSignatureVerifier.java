package io.xinglin.contracts;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Checks signatures with a Java security provider, whose own key objects it uses: with foreign ones Conscrypt takes three
/// times as long.
///
/// All members of a ledger must use one provider, since providers differ on Ed25519 keys of small order.
public final class JcaSignatureVerifier implements SignatureVerifier {
    private static final byte[] P256_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    private static final byte[] ED25519_PREFIX =
            HexFormat.of().parseHex("302a300506032b6570032100");

    private final Provider provider;

    /// A verifier that uses this provider for keys and signatures.
    public JcaSignatureVerifier(Provider provider) {
        this.provider = provider;
    }

    @Override
    public boolean verify(PublicJwk key, byte[] message, byte[] signature) {
        return verify(publicKey(key), message, signature);
    }

    /// Like the other, for those who keep the key objects.
    public boolean verify(PublicKey key, byte[] message, byte[] signature) {
        try {
            var ed25519 = isEd25519(key);
            var verifier = Signature.getInstance(ed25519 ? "Ed25519" : "SHA256withECDSA", provider);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(ed25519 ? signature : der(signature));
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the security provider lacks what a ledger needs", e);
        }
    }

    /// The provider's own object for a key.
    public PublicKey publicKey(PublicJwk key) {
        try {
            return switch (key) {
                case PublicJwk.P256(var x, var y) -> decode("EC", P256_PREFIX, x, y);
                case PublicJwk.Ed25519(var x) -> decode("Ed25519", ED25519_PREFIX, x);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the security provider refuses a key of the ledger", e);
        }
    }

    private PublicKey decode(String algorithm, byte[] prefix, String... coordinates)
            throws GeneralSecurityException {
        var encoded = Arrays.copyOf(prefix, prefix.length + 32 * coordinates.length);
        for (var i = 0; i < coordinates.length; i++) {
            var bytes = Base64.getUrlDecoder().decode(coordinates[i]);
            System.arraycopy(bytes, 0, encoded, prefix.length + 32 * i, 32);
        }
        return KeyFactory.getInstance(algorithm, provider)
                .generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static boolean isEd25519(PublicKey key) {
        return !key.getAlgorithm().equals("EC");
    }

    /// JWS has `r` and `s` side by side, Java wants them in ASN.1.
    private static byte[] der(byte[] signature) {
        var r = new BigInteger(1, Arrays.copyOf(signature, 32)).toByteArray();
        var s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)).toByteArray();
        var der = new byte[6 + r.length + s.length];
        der[0] = 0x30;
        der[1] = (byte) (der.length - 2);
        der[2] = 0x02;
        der[3] = (byte) r.length;
        System.arraycopy(r, 0, der, 4, r.length);
        der[4 + r.length] = 0x02;
        der[5 + r.length] = (byte) s.length;
        System.arraycopy(s, 0, der, 6 + r.length, s.length);
        return der;
    }
}
