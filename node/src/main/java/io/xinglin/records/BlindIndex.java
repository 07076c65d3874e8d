package io.xinglin.records;

import io.xinglin.records.Condition.Narrowing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
    /// What resources are filed under changes with what can be searched; a resource that was filed by an earlier version is
    /// filed again in the background, see [Refiling].
    static final int VERSION = 2;

    /// The version of what is not filed.
    static final int NEVER = Integer.MAX_VALUE;

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
                .filter(SearchParameter::isFiled)
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
            case STRING ->
                    parameter.texts(resource).stream()
                            .map(Texts::folded)
                            .flatMap(text -> Texts.gram(text).stream());
            case URI -> parameter.uris(resource).stream();
            case NUMBER, QUANTITY, COMPOSITE -> Stream.empty();
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

    /// The tokens of a resource for the organisation's own index across records: those of its identifiers, and of what a patient
    /// is found by, see [PatientWords].
    List<Long> across(R4.Type type, JsonNode resource) {
        var parameter = type.parameters().get("identifier");
        var identifiers =
                parameter == null
                        ? Stream.<Long>empty()
                        : values(parameter, resource)
                                .map(value -> token(type.name(), "identifier", value));
        var words =
                type.name().equals("Patient")
                        ? PatientWords.in(resource).map(this::shortened)
                        : Stream.<Long>empty();
        return Stream.concat(identifiers, words).distinct().toList();
    }

    /// Tokens of the organisation's index of which every match has one; none if that is not known.
    Optional<Narrowing> across(R4.Type type, Condition condition) {
        if (condition instanceof TokenCondition tokens
                && tokens.parameter().name().equals("identifier")) {
            return condition.narrowing(type.name(), this);
        }
        return type.name().equals("Patient")
                ? PatientWords.asked(condition)
                        .map(
                                words ->
                                        new Narrowing(
                                                words.map(this::shortened)
                                                        .collect(Collectors.toSet()),
                                                PatientWords.SINCE))
                : Optional.empty();
    }

    /// A token that stands for many words: its kind, and as few bits as find it well enough.
    private long shortened(PatientWords.Word word) {
        var kind = word.kind();
        var mask = (1L << kind.bits()) - 1;
        return (token("Patient", "across", kind.name()) & ~mask)
                | (token("Patient", kind.name(), word.text()) & mask);
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
