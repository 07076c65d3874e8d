package io.xinglin.contracts;

import com.nimbusds.jose.JWSAlgorithm;
import java.math.BigInteger;
import java.util.Arrays;

/// The two signature algorithms of the ledger; both make 64-byte signatures.
public enum JwsAlgorithm {
    /// ECDSA on P-256 with SHA-256, in its low-`s` form only.
    ES256("ES256") {
        @Override
        void requireOneForm(byte[] signature) {
            var r = new BigInteger(1, Arrays.copyOf(signature, 32));
            var s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
            if (!P256Curve.isScalar(r) || !P256Curve.isLow(s)) {
                throw new ContractViolation(
                        ViolationCode.BAD_SIGNATURE, "The signature is not in its low-s form.");
            }
        }

        @Override
        byte[] inOneForm(byte[] signature) {
            var s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
            if (P256Curve.isLow(s)) {
                return signature;
            }
            var low = P256Curve.ORDER.subtract(s).toByteArray();
            var form = Arrays.copyOf(signature, 64);
            Arrays.fill(form, 32, 64, (byte) 0);
            var length = Math.min(32, low.length);
            System.arraycopy(low, low.length - length, form, 64 - length, length);
            return form;
        }
    },
    /// Ed25519.
    EDDSA("EdDSA") {
        @Override
        void requireOneForm(byte[] signature) {
            // Verifiers refuse s >= L themselves.
        }

        @Override
        byte[] inOneForm(byte[] signature) {
            return signature;
        }
    };

    private final String header;

    JwsAlgorithm(String header) {
        this.header = header;
    }

    /// Its name in a JWS header.
    public String header() {
        return header;
    }

    JWSAlgorithm nimbus() {
        return JWSAlgorithm.parse(header);
    }

    abstract void requireOneForm(byte[] signature);

    abstract byte[] inOneForm(byte[] signature);

    static JwsAlgorithm named(String header) {
        for (var algorithm : values()) {
            if (algorithm.header.equals(header)) {
                return algorithm;
            }
        }
        throw new ContractViolation(ViolationCode.BAD_HEADER, "The alg must be ES256 or EdDSA.");
    }
}
