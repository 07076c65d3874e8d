package io.xinglin.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Derives independent secrets from one root that is already uniformly random.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, section 2.3
final class Hkdf {
    private Hkdf() {}

    static byte[] expand(byte[] root, String label) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            HKDFParameterSpec.expandOnly(
                                    new SecretKeySpec(root, "HKDF"),
                                    label.getBytes(StandardCharsets.UTF_8),
                                    32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 does not work here", e);
        }
    }
}
