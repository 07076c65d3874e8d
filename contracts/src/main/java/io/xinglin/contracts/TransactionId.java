package io.xinglin.contracts;

import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names a transaction: SHA-256 of its signing input `header.payload`.
///
/// The signature is left out on purpose: one payload has many valid signatures, yet is one transaction.
///
/// @param value 64 lower-case hexadecimal digits
public record TransactionId(String value) implements Comparable<TransactionId> {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public TransactionId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a transaction id is 64 hexadecimal digits");
        }
    }

    static TransactionId of(byte[] signingInput) {
        return new TransactionId(HexFormat.of().formatHex(Sha256.of(signingInput)));
    }

    @Override
    public int compareTo(TransactionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
