package io.xinglin.records;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What is to be exported.
///
/// @param types of these types only
/// @param since only what was stored after this
/// @param patients of these patients, by their ids; otherwise of all
/// @spec https://hl7.org/fhir/uv/bulkdata/STU2/export.html FHIR Bulk Data Access 2.0, export
record ExportQuery(
        Optional<Set<String>> types, Optional<Instant> since, Optional<Set<String>> patients) {
    private static final String TYPE = "_type";
    private static final String SINCE = "_since";
    private static final String FORMAT = "_outputFormat";
    private static final String PATIENT = "patient";
    private static final Set<String> FORMATS =
            Set.of(
                    "application/fhir+ndjson",
                    "application/fhir ndjson",
                    "application/ndjson",
                    "ndjson");

    /// @param ofPatients whether only patients' records are exported
    static ExportQuery parse(Map<String, List<String>> asked, boolean ofPatients) {
        asked.forEach((name, values) -> requireKnown(name, values, ofPatients));
        return new ExportQuery(
                Optional.ofNullable(asked.get(TYPE)).map(values -> types(values, ofPatients)),
                Optional.ofNullable(asked.get(SINCE)).map(values -> instant(values.getFirst())),
                Optional.ofNullable(asked.get(PATIENT)).map(ExportQuery::patients));
    }

    /// Of those alone who are among these, too.
    ExportQuery among(Set<String> members) {
        var some = new TreeSet<>(members);
        patients.ifPresent(some::retainAll);
        return new ExportQuery(types, since, Optional.of(some));
    }

    private static void requireKnown(String name, List<String> values, boolean ofPatients) {
        switch (name) {
            case TYPE -> {}
            case SINCE -> {
                if (values.size() > 1) {
                    throw Outcomes.invalid("'_since' is there twice.");
                }
            }
            case FORMAT -> {
                if (!FORMATS.containsAll(values)) {
                    throw Outcomes.unsupported("'_outputFormat' is application/fhir+ndjson.");
                }
            }
            case PATIENT -> {
                if (!ofPatients) {
                    throw Outcomes.unsupported("'patient' is for Patient/$export and of a Group.");
                }
            }
            default -> throw Outcomes.unsupported("'" + name + "' is not supported for $export.");
        }
    }

    private static Set<String> types(List<String> values, boolean ofPatients) {
        var types = new TreeSet<String>();
        values.forEach(value -> types.addAll(Arrays.asList(value.split(",", -1))));
        for (var type : types) {
            if (R4.type(type).isEmpty()) {
                throw Outcomes.invalid("'_type' takes resource types; there is no '" + type + "'.");
            }
            if (ofPatients && R4.isDirectory(type)) {
                throw Outcomes.invalid(
                        type + " is in no patient's record; it comes with [base]/$export.");
            }
        }
        return types;
    }

    private static Instant instant(String text) {
        // In an address the plus of a time zone arrives as a space.
        return TimeSpan.parse(text.replace(' ', '+'))
                .map(TimeSpan::from)
                .orElseThrow(() -> Outcomes.invalid("'" + text + "' of '_since' is not a time."));
    }

    private static Set<String> patients(List<String> values) {
        var patients = new TreeSet<String>();
        for (var value : values) {
            for (var reference : value.split(",", -1)) {
                patients.add(
                        Patients.patient(reference)
                                .orElseThrow(
                                        () -> Outcomes.invalid("'patient' takes Patient/[id].")));
            }
        }
        return patients;
    }
}
