package io.xinglin.tlog;

import java.util.Base64;

/// Standard base64 in which every value has one form only.
///
/// The JDK also reads text without padding or with stray bits at its end; a signed text must not have several forms.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4648#section-4 RFC 4648, section 4
final class StrictBase64 {
    private StrictBase64() {}

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] decode(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new MalformedLogData("not base64");
        }
        if (!encode(bytes).equals(text)) {
            throw new MalformedLogData("not base64 in its canonical form");
        }
        return bytes;
    }
}
