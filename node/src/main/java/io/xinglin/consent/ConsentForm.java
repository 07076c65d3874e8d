package io.xinglin.consent;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PurposeOfUse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// What a patient sends to grant a consent. Unknown members are refused: a misspelt limit must not widen a consent.
///
/// @param grantee the id of a member
/// @param categories names of [RecordCategory]
/// @param classes names of [SensitivityClass]; `GENERAL` when left out
/// @param purposes names of [PurposeOfUse]
/// @param until a time with its zone
record ConsentForm(
        @Nullable String grantee,
        @Nullable List<@Nullable String> categories,
        @Nullable List<@Nullable String> classes,
        @Nullable List<@Nullable String> purposes,
        @Nullable String until) {
    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readerFor(ConsentForm.class);

    static ConsentForm read(byte[] body) {
        try {
            ConsentForm form = JSON.readValue(body);
            if (form != null) {
                return form;
            }
        } catch (JacksonException _) {
            // Its message would quote what was sent.
        }
        throw InvalidConsent.unreadable();
    }

    ConsentTerms terms() {
        return new ConsentTerms(
                member(),
                values(RecordCategory.class, categories, "categories"),
                classes == null
                        ? Set.of(SensitivityClass.GENERAL)
                        : values(SensitivityClass.class, classes, "classes"),
                values(PurposeOfUse.class, purposes, "purposes"),
                end());
    }

    private MemberId member() {
        try {
            return new MemberId(String.valueOf(grantee));
        } catch (IllegalArgumentException _) {
            throw InvalidConsent.because(
                    "unknown-member", "grantee", "this is not the id of a member");
        }
    }

    private Instant end() {
        try {
            return OffsetDateTime.parse(String.valueOf(until)).toInstant();
        } catch (DateTimeException _) {
            throw InvalidConsent.because(
                    "bad-end", "until", "say when it ends as 2026-12-31T00:00:00Z");
        }
    }

    private static <E extends Enum<E>> Set<E> values(
            Class<E> type, @Nullable List<@Nullable String> names, String field) {
        var values = EnumSet.noneOf(type);
        for (var name : names == null ? List.<@Nullable String>of() : names) {
            try {
                values.add(Enum.valueOf(type, String.valueOf(name)));
            } catch (IllegalArgumentException _) {
                throw InvalidConsent.because(
                        "unknown-value",
                        field,
                        "the " + field + " are among " + Arrays.toString(type.getEnumConstants()));
            }
        }
        return values;
    }

    @Override
    public String toString() {
        return "ConsentForm[redacted]";
    }
}
