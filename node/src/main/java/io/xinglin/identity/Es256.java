package io.xinglin.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Set;
import org.conscrypt.Conscrypt;

/// ECDSA on P-256 with SHA-256, as 64 bytes.
///
/// Of the two signatures that each is we write the one with the low `s`. We accept both, since most libraries write either: here
/// nothing is known by its signature.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7518#section-3.4 RFC 7518, section 3.4
final class Es256 {
    static final Provider CONSCRYPT = Conscrypt.newProvider();
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger HALF = ORDER.shiftRight(1);

    private Es256() {}

    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA", CONSCRYPT);
            signature.initSign(key);
            signature.update(message);
            return low(ECDSA.transcodeSignatureToConcat(signature.sign(), 64));
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("ES256 does not work here", e);
        }
    }

    static boolean verify(PublicKey key, byte[] message, byte[] signed) {
        if (signed.length != 64) {
            return false;
        }
        try {
            var signature = Signature.getInstance("SHA256withECDSA", CONSCRYPT);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(ECDSA.transcodeSignatureToDER(signed));
        } catch (GeneralSecurityException | JOSEException _) {
            return false;
        }
    }

    private static byte[] low(byte[] signed) {
        var s = s(signed);
        if (s.compareTo(HALF) <= 0) {
            return signed;
        }
        var bytes = ORDER.subtract(s).toByteArray();
        var low = Arrays.copyOf(signed, 64);
        Arrays.fill(low, 32, 64, (byte) 0);
        var length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, low, 64 - length, length);
        return low;
    }

    private static BigInteger s(byte[] signed) {
        return new BigInteger(1, signed, 32, 32);
    }

    /// Signs for Nimbus JOSE with a key that it never sees.
    static JWSSigner signer(PrivateKey key) {
        return new Signer(key);
    }

    private static final class Signer extends BaseJWSProvider implements JWSSigner {
        private final PrivateKey key;

        Signer(PrivateKey key) {
            super(Set.of(JWSAlgorithm.ES256));
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) {
            return Base64URL.encode(Es256.sign(key, signingInput));
        }
    }
}
