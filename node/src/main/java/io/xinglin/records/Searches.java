package io.xinglin.records;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.platform.NodeProperties;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// Searches as they come by HTTP, and the bundles they are answered with.
@Component
class Searches {
    /// `Prefer: handling=lenient`; strict is what is meant where nothing is said.
    private static final Pattern LENIENT =
            Pattern.compile("(?i)(.*[,;\\s])?handling\\s*=\\s*\"?lenient\"?([,;\\s].*)?");

    /// What may be said of an answer besides going on.
    private static final Set<String> FORM = Set.of("_format", "_pretty", "_summary", "_elements");

    private final Search search;
    private final Continuations continuations;
    private final InstantSource time;
    private final String base;

    Searches(Search search, Continuations continuations, InstantSource time, NodeProperties node) {
        this.search = search;
        this.continuations = continuations;
        this.time = time;
        this.base = node.url() + "/fhir/";
    }

    /// @param type a type of R4
    byte[] answer(MemberId custodian, String type, RequestDetails request) {
        var prefer = request.getHeader("Prefer");
        var lenient = prefer != null && LENIENT.matcher(prefer).matches();
        return answer(custodian, Callers.current(), type, FhirApi.parameters(request), lenient);
    }

    /// The bundle that a search is answered with.
    ///
    /// @param type a type of R4
    /// @param lenient whether parameters that are not supported are ignored
    byte[] answer(
            MemberId custodian,
            Caller caller,
            String type,
            Map<String, List<String>> parameters,
            boolean lenient) {
        var query = query(custodian, type, parameters, lenient);
        var answer = search.search(caller, query);
        if (answer instanceof Reader.Answer.Refused && !query.namesPatient()) {
            throw Outcomes.forbidden(
                    "Name one patient: records are shared patient by patient, so add"
                            + " patient=… or patient.identifier=… to the search.");
        }
        var page = FhirApi.found(answer, "Nothing is known.");
        return Bundles.searchset(base + custodian, query, page, next(query, page));
    }

    private Query query(
            MemberId custodian, String type, Map<String, List<String>> asked, boolean lenient) {
        var known = R4.type(type).orElseThrow();
        var parser =
                new QueryParser(custodian, known, base + custodian + "/", time.instant(), lenient);
        var after = asked.getOrDefault(Query.AFTER, List.of());
        if (after.size() != 1 || !Continuations.isSealed(after.getFirst())) {
            return parser.parse(asked);
        }
        var continued = continuations.open(custodian, type, after.getFirst());
        var parameters = new TreeMap<>(continued.parameters());
        asked.forEach(
                (name, values) -> {
                    if (FORM.contains(name)) {
                        parameters.put(name, values);
                    } else if (!name.equals(Query.AFTER)) {
                        throw Outcomes.invalid("A link of this server goes on as it is.");
                    }
                });
        return parser.from(continued.place()).parse(parameters);
    }

    /// The query string of the next page; empty if this is the last.
    private String next(Query query, Search.Page page) {
        if (page.next().isEmpty()) {
            return "";
        }
        var place = page.next().get();
        if (!query.isPersonal(page.patient())) {
            return query.next(
                    place.owner().isEmpty() ? place.id() : place.owner() + "/" + place.id(),
                    page.patient());
        }
        var continued = new Continuations.Continued(query.parameters(page.patient()), place);
        var link = new TreeMap<>(query.asked());
        link.keySet().retainAll(FORM);
        link.put(
                Query.AFTER,
                List.of(continuations.seal(query.custodian(), query.type().name(), continued)));
        return Query.queryString(link);
    }
}
