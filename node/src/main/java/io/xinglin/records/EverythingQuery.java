package io.xinglin.records;

import io.xinglin.consent.RecordCategory;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which part of a record is asked for by `$everything`.
///
/// @param types of these types only
/// @param since only what was stored after this
/// @param care only what tells of care in this time; what has no date of care always belongs to it
/// @param count how many at most, if that is said
/// @param after only what comes after this one: type and id, both empty at the beginning
/// @param asked the parameters, as given
/// @spec https://hl7.org/fhir/R4/patient-operation-everything.html FHIR R4, `$everything`
record EverythingQuery(
        Optional<Set<String>> types,
        Optional<Instant> since,
        Optional<TimeSpan> care,
        Optional<Integer> count,
        After after,
        Map<String, List<String>> asked) {
    private static final String START = "start";
    private static final String END = "end";
    private static final String SINCE = "_since";
    private static final String TYPE = "_type";
    private static final String COUNT = "_count";
    private static final Set<String> KNOWN =
            Set.of(START, END, SINCE, TYPE, COUNT, Query.AFTER, "_format", "_pretty");

    /// The last one that was answered: what is written later moves nothing that comes after it.
    record After(String type, String id) {
        static final After BEGIN = new After("", "");

        /// As the type of the one that it is all about: everything else comes after that.
        static final String FIRST = "Patient";

        static After of(StoredVersion row) {
            return new After(row.id().resource().type(), row.id().resource().id());
        }

        boolean isBegin() {
            return type.isEmpty();
        }

        boolean isFirst() {
            return type.equals(FIRST);
        }

        private static After parse(String text) {
            var slash = text.indexOf('/');
            if (slash < 0
                    || R4.type(text.substring(0, slash)).isEmpty()
                    || !ResourceId.isId(text.substring(slash + 1))) {
                throw Outcomes.invalid("'" + Query.AFTER + "' is not from a link of this server.");
            }
            return new After(text.substring(0, slash), text.substring(slash + 1));
        }
    }

    static EverythingQuery parse(Map<String, List<String>> asked) {
        asked.forEach(EverythingQuery::requireKnown);
        return new EverythingQuery(
                Optional.ofNullable(asked.get(TYPE)).map(EverythingQuery::types),
                single(asked, SINCE).map(text -> span(SINCE, text).from()),
                care(single(asked, START), single(asked, END)),
                single(asked, COUNT).map(EverythingQuery::count),
                single(asked, Query.AFTER).map(After::parse).orElse(After.BEGIN),
                Map.copyOf(asked));
    }

    /// All of these types, or of every type, stored after this.
    static EverythingQuery of(Optional<Set<String>> types, Optional<Instant> since) {
        return new EverythingQuery(
                types, since, Optional.empty(), Optional.empty(), After.BEGIN, Map.of());
    }

    private static void requireKnown(String name, List<String> values) {
        if (!KNOWN.contains(name)) {
            throw Outcomes.unsupported("'" + name + "' is not supported for $everything.");
        }
        if (values.size() > 1 && !name.equals(TYPE)) {
            throw Outcomes.invalid("'" + name + "' is there twice.");
        }
    }

    private static Optional<String> single(Map<String, List<String>> asked, String name) {
        return asked.getOrDefault(name, List.of()).stream().findFirst();
    }

    private static Set<String> types(List<String> values) {
        var types = new TreeSet<String>();
        values.forEach(value -> types.addAll(Arrays.asList(value.split(",", -1))));
        for (var type : types) {
            if (R4.type(type).isEmpty()) {
                throw Outcomes.invalid("'_type' takes resource types; there is no '" + type + "'.");
            }
        }
        if (types.stream().allMatch(R4::isDirectory)) {
            throw Outcomes.invalid(
                    "'_type' names nothing that is in a patient's record; what the record refers to"
                            + " comes with what refers to it, so name that too.");
        }
        return types;
    }

    private static Optional<TimeSpan> care(Optional<String> start, Optional<String> end) {
        if (start.isEmpty() && end.isEmpty()) {
            return Optional.empty();
        }
        var from = start.map(text -> span(START, text).from()).orElse(TimeSpan.EVER);
        var until = end.map(text -> span(END, text).until()).orElse(TimeSpan.NEVER);
        if (!from.isBefore(until)) {
            throw Outcomes.invalid("'end' is before 'start'.");
        }
        return Optional.of(new TimeSpan(from, until));
    }

    private static int count(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw Outcomes.invalid("'_count' is a number from 1 up.");
        }
        return Integer.parseInt(text);
    }

    private static TimeSpan span(String name, String text) {
        // In an address the plus of a time zone arrives as a space.
        return TimeSpan.parse(text.replace(' ', '+'))
                .orElseThrow(
                        () -> Outcomes.invalid("'" + text + "' of '" + name + "' is not a time."));
    }

    /// Whether it is of a type and a time that is asked for.
    boolean isAsked(StoredVersion row) {
        return isOfType(row.id().resource().type())
                && since.map(from -> row.written().isAfter(from)).orElse(true);
    }

    boolean isOfType(String type) {
        return types.map(some -> some.contains(type)).orElse(true);
    }

    /// The parts of a record that may be of these types.
    Set<RecordCategory> categories() {
        return types.map(
                        some ->
                                some.stream()
                                        .flatMap(type -> Categories.possible(type).stream())
                                        .collect(Collectors.toSet()))
                .orElse(EnumSet.allOf(RecordCategory.class));
    }

    /// The query string of what is asked for.
    String link() {
        return Query.queryString(new TreeMap<>(asked));
    }

    /// The query string of what comes after the last one answered.
    String next(After last) {
        var parameters = new TreeMap<>(asked);
        parameters.put(Query.AFTER, List.of(last.type() + "/" + last.id()));
        return Query.queryString(parameters);
    }
}
