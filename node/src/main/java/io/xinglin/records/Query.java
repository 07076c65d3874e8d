package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PatientId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A search of one type, understood whole, see [QueryParser].
///
/// @param criteria all must match
/// @param ids the logical ids asked for by `_id`
/// @param patient the one patient it is narrowed to by what it says
/// @param patientIdentifier the identifier by which it names the one patient
/// @param sort the order of the matches; none: by id
/// @param count how many at most
/// @param after where to go on
/// @param asked the parameters, as given
/// @param ignored the parameters that were not understood, by leave of who asks
record Query(
        MemberId custodian,
        R4.Type type,
        List<Criterion> criteria,
        Optional<Set<String>> ids,
        Optional<String> patient,
        Optional<IdentifierQuery> patientIdentifier,
        List<Sort> sort,
        List<Include> includes,
        Total total,
        int count,
        Place after,
        Map<String, List<String>> asked,
        List<String> ignored) {
    static final int COUNT_DEFAULT = 50;
    static final int COUNT_MAX = 500;
    static final String AFTER = "_after";

    static final Map<String, String> PATIENT_IDENTIFIERS =
            Map.of(
                    "patient.identifier", "patient",
                    "subject.identifier", "subject",
                    "patient:Patient.identifier", "patient",
                    "subject:Patient.identifier", "subject");

    /// Parameters that say who a patient is; addresses are kept by whoever passes them on.
    private static final Pattern PERSONAL =
            Pattern.compile(
                    "(.*[.:])?(identifier|name|family|given|birthdate|phone|email|telecom"
                            + "|address(-.*)?)(:.*)?");

    /// Whether it is told how many matches there are.
    enum Total {
        /// If it is known anyway.
        IF_KNOWN,
        NONE,
        /// If it can be counted.
        ESTIMATE,
        ACCURATE,
        /// Nothing but that.
        ONLY
    }

    boolean isCounted() {
        return total == Total.ESTIMATE || total == Total.ACCURATE || total == Total.ONLY;
    }

    /// Whether it is about one patient by what it says.
    boolean namesPatient() {
        return patient.isPresent() || patientIdentifier.isPresent();
    }

    /// Whether its parameters, or where it goes on, must not be in an address.
    boolean isPersonal(Optional<PatientId> found) {
        return !sort.isEmpty()
                || parameters(found).keySet().stream()
                        .anyMatch(name -> PERSONAL.matcher(name).matches());
    }

    /// The same search, as a query string, going on elsewhere. A link is an address: the patient is named by id in it, never by
    /// identifier.
    ///
    /// @param found the patient it turned out to be about
    String next(String after, Optional<PatientId> found) {
        var parameters = parameters(found);
        parameters.put(AFTER, List.of(after));
        return queryString(parameters);
    }

    /// The search as it was understood, as a query string.
    ///
    /// @param found the patient it turned out to be about
    String link(Optional<PatientId> found) {
        return queryString(parameters(found));
    }

    Map<String, List<String>> parameters(Optional<PatientId> found) {
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

    static String queryString(Map<String, List<String>> parameters) {
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
}
