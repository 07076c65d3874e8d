package io.xinglin.records;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a patient is found by across records, beside identifiers: beginnings of names, the day of birth, telephone numbers and
/// addresses.
///
/// Under one key equal words have equal tokens, and names are not all equally common. So tokens are short, each stands for many
/// words, and what is found is compared after unsealing; sex, marital status and the like, which few bits would tell, are not here
/// at all.
final class PatientWords {
    /// The version of the index they are in since.
    static final int SINCE = 2;

    private static final Set<String> NAMES = Set.of("name", "family", "given");
    private static final Set<String> TELECOMS = Set.of("telecom", "phone", "email");
    private static final int DAYS_MAX = 62;

    /// What a date of birth is filed under that does not say the day.
    private static final String VAGUE = "vague";

    private PatientWords() {}

    enum Kind {
        NAME(10),
        BIRTHDATE(12),
        TELECOM(16);

        private final int bits;

        Kind(int bits) {
            this.bits = bits;
        }

        int bits() {
            return bits;
        }
    }

    record Word(Kind kind, String text) {}

    /// The words in a patient.
    static Stream<Word> in(JsonNode patient) {
        var words = new ArrayList<Word>();
        for (var name : patient.path("name")) {
            Texts.in(name)
                    .map(Texts::folded)
                    .flatMap(text -> Texts.gram(text).stream())
                    .forEach(gram -> words.add(new Word(Kind.NAME, gram)));
        }
        TimeSpan.in(patient.path("birthDate"))
                .forEach(
                        span ->
                                words.add(
                                        new Word(
                                                Kind.BIRTHDATE,
                                                days(span).size() == 1
                                                        ? days(span).getFirst()
                                                        : VAGUE)));
        for (var telecom : patient.path("telecom")) {
            Token.in(telecom).forEach(value -> words.add(new Word(Kind.TELECOM, value.code())));
        }
        return words.stream();
    }

    /// Words of which every match has one; none if that is not known.
    static Optional<Stream<Word>> asked(Condition condition) {
        return switch (condition) {
            case Condition.OfTexts texts when NAMES.contains(texts.parameter().name()) ->
                    texts.grams().map(grams -> words(Kind.NAME, grams));
            case Condition.OfDates dates when dates.parameter().name().equals("birthdate") ->
                    days(dates).map(days -> words(Kind.BIRTHDATE, days));
            case TokenCondition tokens when TELECOMS.contains(tokens.parameter().name()) ->
                    tokens.codes().map(codes -> words(Kind.TELECOM, codes));
            default -> Optional.empty();
        };
    }

    private static Stream<Word> words(Kind kind, List<String> texts) {
        return texts.stream().map(text -> new Word(kind, text));
    }

    private static Optional<List<String>> days(Condition.OfDates condition) {
        var days = new ArrayList<>(List.of(VAGUE));
        for (var comparison : condition.alternatives()) {
            var some = comparison.reach().map(PatientWords::days).orElse(List.of());
            if (some.isEmpty()) {
                return Optional.empty();
            }
            days.addAll(some);
        }
        return Optional.of(days);
    }

    /// The days of a span; none if they are too many to list.
    private static List<String> days(TimeSpan span) {
        var first = span.from().atOffset(ZoneOffset.UTC).toLocalDate();
        var last = span.until().minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate();
        return ChronoUnit.DAYS.between(first, last) >= DAYS_MAX
                ? List.of()
                : first.datesUntil(last.plusDays(1)).map(LocalDate::toString).toList();
    }
}
