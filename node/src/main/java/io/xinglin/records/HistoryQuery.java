package io.xinglin.records;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which part of a history is asked for.
///
/// @param count how many versions at most
/// @param since only versions stored then or later
/// @param at only versions that were the newest at some time in this span
/// @param before only versions before this one in the list
/// @param asked the parameters, as given
/// @spec https://hl7.org/fhir/R4/http.html#history FHIR R4, history
record HistoryQuery(
        int count,
        Optional<Instant> since,
        Optional<TimeSpan> at,
        Optional<Place> before,
        Map<String, List<String>> asked) {
    private static final String COUNT = "_count";
    private static final String SINCE = "_since";
    private static final String AT = "_at";
    private static final String BEFORE = "_before";
    private static final List<String> FORM = List.of("_format", "_pretty");

    /// A version's place in the list: the newest first, what was stored together in one order.
    ///
    /// @param written when it was stored; not needed where all versions are of one resource
    /// @param resource the number of the resource in the database; not needed there either
    record Place(Instant written, long resource, int version) {
        private static final Pattern FORM =
                Pattern.compile("(?:(\\d{1,15})\\.(\\d{1,18})\\.)?([1-9]\\d{0,8})");

        static Place of(StoredVersion row) {
            return new Place(row.written(), row.resource(), row.id().number());
        }

        private static Place parse(String text) {
            var parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw Outcomes.invalid("'" + text + "' is no place in a history.");
            }
            return parts.group(1) == null
                    ? new Place(Instant.EPOCH, 0, Integer.parseInt(parts.group(3)))
                    : new Place(
                            Instant.ofEpochMilli(Long.parseLong(parts.group(1))),
                            Long.parseLong(parts.group(2)),
                            Integer.parseInt(parts.group(3)));
        }

        private String text(boolean ofOneResource) {
            return ofOneResource
                    ? Integer.toString(version)
                    : written.toEpochMilli() + "." + resource + "." + version;
        }
    }

    static HistoryQuery parse(Map<String, List<String>> asked) {
        asked.forEach(
                (name, values) -> {
                    if (!List.of(COUNT, SINCE, AT, BEFORE).contains(name) && !FORM.contains(name)) {
                        throw Outcomes.unsupported("'" + name + "' is not supported for history.");
                    }
                    if (values.size() > 1) {
                        throw Outcomes.invalid("'" + name + "' is there twice.");
                    }
                });
        return new HistoryQuery(
                single(asked, COUNT).map(HistoryQuery::count).orElse(Query.COUNT_DEFAULT),
                single(asked, SINCE).map(text -> span(SINCE, text).from()),
                single(asked, AT).map(text -> span(AT, text)),
                single(asked, BEFORE).map(Place::parse),
                Map.copyOf(asked));
    }

    private static Optional<String> single(Map<String, List<String>> asked, String name) {
        return asked.getOrDefault(name, List.of()).stream().findFirst();
    }

    private static int count(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw Outcomes.invalid("'" + text + "' is not a number from 1 up.");
        }
        return Math.min(Integer.parseInt(text), Query.COUNT_MAX);
    }

    private static TimeSpan span(String name, String text) {
        // In an address the plus of a time zone arrives as a space.
        return TimeSpan.parse(text.replace(' ', '+'))
                .orElseThrow(
                        () -> Outcomes.invalid("'" + text + "' of '" + name + "' is not a time."));
    }

    /// The query string of what is asked for.
    String link() {
        return queryString(new TreeMap<>(asked));
    }

    /// The query string of what comes after a version.
    String next(Place last, boolean ofOneResource) {
        var parameters = new TreeMap<>(asked);
        parameters.put(COUNT, List.of(Integer.toString(count)));
        parameters.put(BEFORE, List.of(last.text(ofOneResource)));
        return queryString(parameters);
    }

    private static String queryString(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .map(
                        entry ->
                                entry.getKey()
                                        + "="
                                        + URLEncoder.encode(
                                                entry.getValue().getFirst(),
                                                StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
