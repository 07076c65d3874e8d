package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Every text that differs from a given one in one bit of its UTF-8.
final class BitFlips {
    private BitFlips() {}

    static Stream<String> of(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length * 8)
                .mapToObj(
                        bit -> {
                            var forged = bytes.clone();
                            forged[bit / 8] ^= (byte) (1 << bit % 8);
                            return new String(forged, StandardCharsets.UTF_8);
                        });
    }

    static void assertNotValid(Supplier<Verification> verification) {
        try {
            assertThat(verification.get()).isInstanceOf(Verification.Invalid.class);
        } catch (MalformedLogData _) {
            // Refused before it could be verified: as good.
        }
    }
}
