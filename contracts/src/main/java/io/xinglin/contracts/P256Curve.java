package io.xinglin.contracts;

import java.math.BigInteger;

/// The numbers of NIST P-256 that the rules need.
///
/// @spec https://csrc.nist.gov/pubs/sp/800/186/final NIST SP 800-186, section 3.2.1.3
final class P256Curve {
    /// The order of the group.
    static final BigInteger ORDER =
            hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
    private static final BigInteger PRIME =
            hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static final BigInteger B =
            hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private P256Curve() {}

    static void requirePoint(BigInteger x, BigInteger y) {
        if (x.compareTo(PRIME) >= 0 || y.compareTo(PRIME) >= 0) {
            throw new IllegalArgumentException("a coordinate beyond the field");
        }
        var right = x.multiply(x).subtract(THREE).multiply(x).add(B).mod(PRIME);
        if (!y.multiply(y).mod(PRIME).equals(right)) {
            throw new IllegalArgumentException("not a point of P-256");
        }
    }

    /// Whether `s` is the one of the two valid values that we accept.
    static boolean isLow(BigInteger s) {
        return s.signum() > 0 && s.compareTo(HALF_ORDER) <= 0;
    }

    static boolean isScalar(BigInteger r) {
        return r.signum() > 0 && r.compareTo(ORDER) < 0;
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }
}
