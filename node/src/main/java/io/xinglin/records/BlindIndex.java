package io.xinglin.records;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/// Turns what a resource can be found by into keyed tokens of 64 bits, which tell nothing without the key.
///
/// Under one key equal values have equal tokens: whoever holds the database sees that, and how often. So every patient has an
/// index key of their own, and tokens of different patients cannot be compared. A token may stand for several values;
/// what is found is compared with what was asked after unsealing.
///
/// Not for two threads at once.
final class BlindIndex {
    private final Mac mac;

    BlindIndex(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HMAC-SHA-256 does not work here", e);
        }
    }

    /// The tokens that a resource is filed under.
    long[] of(R4.Type type, JsonNode resource) {
        return type.parameters().values().stream()
                .flatMap(
                        parameter ->
                                values(parameter, resource)
                                        .map(value -> token(type.name(), parameter.name(), value)))
                .mapToLong(Long::longValue)
                .sorted()
                .distinct()
                .toArray();
    }

    private static Stream<String> values(SearchParameter parameter, JsonNode resource) {
        return switch (parameter.kind()) {
            case TOKEN -> parameter.tokens(resource).stream().flatMap(BlindIndex::forms);
            case DATE ->
                    parameter.dates(resource).stream()
                            .map(DateBuckets::of)
                            .flatMap(Collection::stream);
            case REFERENCE -> parameter.references(resource).stream().flatMap(BlindIndex::forms);
        };
    }

    /// An absolute reference is found by its end, too.
    private static Stream<String> forms(String reference) {
        var id = reference.lastIndexOf('/');
        var type = reference.lastIndexOf('/', id - 1);
        return reference.contains("://") && type > 0
                ? Stream.of(reference, reference.substring(type + 1))
                : Stream.of(reference);
    }

    private static Stream<String> forms(Token token) {
        return Stream.concat(
                Stream.of(token.code()),
                token.system().map(system -> system + "|" + token.code()).stream());
    }

    /// The tokens of the identifiers of a resource, for the organisation's own index across patients.
    List<Long> identifiers(R4.Type type, JsonNode resource) {
        var parameter = type.parameters().get("identifier");
        return parameter == null
                ? List.of()
                : values(parameter, resource)
                        .distinct()
                        .map(value -> token(type.name(), "identifier", value))
                        .toList();
    }

    long token(String type, String parameter, String value) {
        mac.update(type.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        mac.update(parameter.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return ByteBuffer.wrap(mac.doFinal(value.getBytes(StandardCharsets.UTF_8))).getLong();
    }

    @Override
    public String toString() {
        return "BlindIndex[redacted]";
    }
}
