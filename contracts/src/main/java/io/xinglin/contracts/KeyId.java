package io.xinglin.contracts;

import java.util.regex.Pattern;

/// Names a public key: its JWK thumbprint.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7638 RFC 7638
/// @param value 43 characters
public record KeyId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    public KeyId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a key id is a base64url SHA-256 thumbprint");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
