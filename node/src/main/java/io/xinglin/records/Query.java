package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PatientId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A search of one type, understood whole: a parameter, modifier or value that is not is refused, never ignored.
///
/// @param conditions all must match
/// @param ids the logical ids asked for by `_id`
/// @param patient the one patient it is narrowed to by what it says
/// @param patientIdentifier the identifier by which it names the one patient
/// @param identifiers the identifiers asked for, of which each match has one; what crosses patients is found by these
/// @param count how many at most
/// @param after only ids after this one
/// @param asked the parameters, as given
record Query(
        MemberId custodian,
        R4.Type type,
        List<Condition> conditions,
        Optional<Set<String>> ids,
        Optional<String> patient,
        Optional<IdentifierQuery> patientIdentifier,
        List<Condition.OfTokens> identifiers,
        int count,
        String after,
        Map<String, List<String>> asked) {
    static final int COUNT_DEFAULT = 50;
    static final int COUNT_MAX = 500;
    static final String AFTER = "_after";

    private static final Set<String> FORM = Set.of("_format", "_pretty", "_summary", "_elements");
    private static final Set<String> NARROWING =
            Set.of("patient", "subject", "beneficiary", "individual", "actor");
    private static final Map<String, String> PATIENT_IDENTIFIERS =
            Map.of("patient.identifier", "patient", "subject.identifier", "subject");
    private static final int VALUES_MAX = 100;

    /// Understands a search.
    ///
    /// @param base the organisation's own address, under which a reference may be absolute
    static Query parse(
            MemberId custodian, R4.Type type, Map<String, List<String>> asked, String base) {
        return new Parser(custodian, type, base).parse(asked);
    }

    boolean matches(tools.jackson.databind.JsonNode resource) {
        return conditions.stream().allMatch(condition -> condition.matches(resource));
    }

    /// Whether it is about one patient by what it says.
    boolean namesPatient() {
        return patient.isPresent() || patientIdentifier.isPresent();
    }

    /// The same search, as a query string, from after an id on. A link is an address, and addresses are kept by whoever passes them on:
    /// the patient is named by id in it, never by identifier.
    ///
    /// @param found the patient it turned out to be about
    String next(String lastId, Optional<PatientId> found) {
        var parameters = parameters(found);
        parameters.put(AFTER, List.of(lastId));
        return queryString(parameters);
    }

    /// The search as it was understood, as a query string.
    ///
    /// @param found the patient it turned out to be about
    String link(Optional<PatientId> found) {
        return queryString(parameters(found));
    }

    private Map<String, List<String>> parameters(Optional<PatientId> found) {
        var parameters = new TreeMap<>(asked);
        if (type.name().equals("Patient")
                && found.isPresent()
                && parameters.remove("identifier") != null) {
            parameters.put("_id", List.of(found.get().id()));
        }
        if (patientIdentifier.isPresent() && found.isPresent()) {
            PATIENT_IDENTIFIERS.forEach(
                    (byIdentifier, byId) -> {
                        if (parameters.remove(byIdentifier) != null) {
                            parameters.put(byId, List.of("Patient/" + found.get().id()));
                        }
                    });
        }
        return parameters;
    }

    private static String queryString(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .flatMap(
                        entry ->
                                entry.getValue().stream()
                                        .map(value -> encode(entry.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static final class Parser {
        private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

        private final MemberId custodian;
        private final R4.Type type;
        private final String base;
        private final List<Condition> conditions = new ArrayList<>();
        private final List<Condition.OfTokens> identifiers = new ArrayList<>();
        private Optional<Set<String>> ids = Optional.empty();
        private Optional<String> patient = Optional.empty();
        private Optional<IdentifierQuery> patientIdentifier = Optional.empty();
        private boolean chained;
        private int count = COUNT_DEFAULT;
        private String after = "";

        Parser(MemberId custodian, R4.Type type, String base) {
            this.custodian = custodian;
            this.type = type;
            this.base = base;
        }

        Query parse(Map<String, List<String>> asked) {
            asked.forEach((name, values) -> values.forEach(value -> parameter(name, value)));
            if (chained && patient.isPresent()) {
                throw Outcomes.unsupported(
                        "Name the patient once: by patient=… or by patient.identifier=…");
            }
            if (type.name().equals("Patient") && ids.isPresent() && ids.get().size() == 1) {
                patient = Optional.of(ids.get().iterator().next());
            }
            return new Query(
                    custodian,
                    type,
                    List.copyOf(conditions),
                    ids,
                    patient,
                    patientIdentifier,
                    List.copyOf(identifiers),
                    count,
                    after,
                    new TreeMap<>(asked));
        }

        private void parameter(String name, String value) {
            if (value.isBlank()) {
                throw Outcomes.invalid("The parameter '" + name + "' has no value.");
            }
            switch (name) {
                case "_id" -> ids(value);
                case "_count" -> count = count(value);
                case AFTER -> after = id(value, name);
                case "_lastUpdated" ->
                        conditions.add(new Condition.OfLastUpdated(dates(name, value)));
                case "_summary" -> {
                    if (value.equals("count")) {
                        throw Outcomes.unsupported("_summary=count is not supported.");
                    }
                }
                case "patient.identifier", "subject.identifier" -> patientIdentifier(name, value);
                default -> {
                    if (!FORM.contains(name)) {
                        condition(name, value);
                    }
                }
            }
        }

        private void condition(String name, String value) {
            var colon = name.indexOf(':');
            var plain = colon < 0 ? name : name.substring(0, colon);
            var parameter = type.parameters().get(plain);
            if (parameter == null) {
                throw Outcomes.unsupported(
                        type.name()
                                + " cannot be searched by '"
                                + name
                                + "'. Supported: _id, _lastUpdated, _count, "
                                + String.join(", ", type.parameters().keySet())
                                + ".");
            }
            if (colon >= 0) {
                reference(parameter, modified(parameter, name.substring(colon + 1), value));
                return;
            }
            switch (parameter.kind()) {
                case TOKEN -> {
                    var condition =
                            new Condition.OfTokens(
                                    parameter,
                                    alternatives(value).stream()
                                            .map(Condition.OfTokens.Pattern::of)
                                            .toList());
                    conditions.add(condition);
                    if (plain.equals("identifier")) {
                        identifiers.add(condition);
                        namesPatient(condition);
                    }
                }
                case DATE -> conditions.add(new Condition.OfDates(parameter, dates(name, value)));
                case REFERENCE -> reference(parameter, alternatives(value));
            }
        }

        /// `subject:Patient=17` is `subject=Patient/17`.
        private List<String> modified(SearchParameter parameter, String modifier, String value) {
            if (parameter.kind() != SearchParameter.Kind.REFERENCE || R4.type(modifier).isEmpty()) {
                throw Outcomes.unsupported(
                        "The modifier ':"
                                + modifier
                                + "' of '"
                                + parameter.name()
                                + "' is not supported.");
            }
            return alternatives(value).stream()
                    .map(id -> id.contains("/") ? id : modifier + "/" + id)
                    .toList();
        }

        private void reference(SearchParameter parameter, List<String> values) {
            var references =
                    values.stream().map(value -> References.relative(value, base)).toList();
            conditions.add(new Condition.OfReferences(parameter, references));
            if (NARROWING.contains(parameter.name())
                    && type.patients().contains(parameter)
                    && references.size() == 1
                    && patient.isEmpty()) {
                var reference = references.getFirst();
                patient =
                        ResourceId.isId(reference)
                                ? Optional.of(reference)
                                : Patients.patient(reference);
            }
        }

        private void namesPatient(Condition.OfTokens condition) {
            var alternatives = condition.alternatives();
            if (type.name().equals("Patient")
                    && alternatives.size() == 1
                    && !alternatives.getFirst().code().isEmpty()) {
                patientIdentifier =
                        Optional.of(
                                new IdentifierQuery(
                                        "Patient",
                                        alternatives.getFirst().system().orElse(""),
                                        alternatives.getFirst().code()));
            }
        }

        private void patientIdentifier(String name, String value) {
            if (chained) {
                throw Outcomes.unsupported("Name the patient once.");
            }
            chained = true;
            var values = alternatives(value);
            if (values.size() != 1
                    || type.patients().stream()
                            .noneMatch(p -> p.name().equals(name.replace(".identifier", "")))) {
                throw Outcomes.unsupported(
                        "'" + name + "' takes one identifier, and only where there is a patient.");
            }
            var pattern = Condition.OfTokens.Pattern.of(values.getFirst());
            patientIdentifier =
                    Optional.of(
                            new IdentifierQuery(
                                    "Patient", pattern.system().orElse(""), pattern.code()));
        }

        private void ids(String value) {
            var wanted = new HashSet<String>();
            alternatives(value).forEach(id -> wanted.add(id(id, "_id")));
            ids.ifPresent(wanted::retainAll);
            ids = Optional.of(Set.copyOf(wanted));
        }

        private static String id(String value, String name) {
            if (!ResourceId.isId(value)) {
                throw Outcomes.invalid("'" + name + "' takes FHIR ids.");
            }
            return value;
        }

        private static int count(String value) {
            if (!value.matches("[1-9]\\d{0,5}")) {
                throw Outcomes.invalid("_count is a number from 1 up.");
            }
            return Math.min(COUNT_MAX, Integer.parseInt(value));
        }

        private static List<DateComparison> dates(String name, String value) {
            return alternatives(value).stream()
                    .map(
                            text ->
                                    DateComparison.parse(text)
                                            .orElseThrow(
                                                    () ->
                                                            Outcomes.invalid(
                                                                    "'"
                                                                            + text
                                                                            + "' of '"
                                                                            + name
                                                                            + "' is not a date.")))
                    .toList();
        }

        /// The values between commas; a backslash makes a comma, bar, dollar or backslash a character.
        private static List<String> alternatives(String value) {
            var values =
                    Arrays.stream(COMMA.split(value, VALUES_MAX + 1))
                            .map(text -> text.replaceAll("\\\\([,|$\\\\])", "$1"))
                            .filter(text -> !text.isEmpty())
                            .toList();
            if (values.isEmpty() || values.size() > VALUES_MAX) {
                throw Outcomes.invalid("A parameter takes from 1 to " + VALUES_MAX + " values.");
            }
            return values;
        }
    }
}
