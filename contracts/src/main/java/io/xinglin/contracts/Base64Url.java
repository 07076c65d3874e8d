package io.xinglin.contracts;

import java.util.Base64;
import java.util.Optional;

/// Unpadded base64url in which every value has exactly one form.
final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /// The bytes, or nothing when the text is not what [#encode] writes: padding, foreign characters, stray last bits.
    static Optional<byte[]> decode(String text) {
        try {
            var bytes = DECODER.decode(text);
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
