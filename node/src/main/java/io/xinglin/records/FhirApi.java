package io.xinglin.records;

import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.Identities;
import io.xinglin.platform.NodeProperties;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// The interactions of the API, whatever form the answer takes.
@Component
class FhirApi {
    private final Reader reader;
    private final Searches searches;
    private final Histories histories;
    private final Everything everything;
    private final Exports exports;
    private final Summaries summaries;
    private final InstantSource time;
    private final Writer writer;
    private final Records records;
    private final Identities identities;
    private final String base;

    FhirApi(
            Reader reader,
            Searches searches,
            Histories histories,
            Everything everything,
            Exports exports,
            Summaries summaries,
            InstantSource time,
            Writer writer,
            Records records,
            Identities identities,
            NodeProperties node) {
        this.reader = reader;
        this.searches = searches;
        this.histories = histories;
        this.everything = everything;
        this.exports = exports;
        this.summaries = summaries;
        this.time = time;
        this.writer = writer;
        this.records = records;
        this.identities = identities;
        this.base = node.url() + "/fhir";
    }

    String base() {
        return base;
    }

    /// The organisation in the path, which must be one of this node.
    MemberId custodian(RequestDetails request) {
        return custodian(Optional.ofNullable(request.getTenantId()).orElse(""));
    }

    MemberId custodian(String name) {
        return identities.hosted().stream()
                .filter(member -> member.value().equals(name))
                .findFirst()
                .orElseThrow(() -> Outcomes.notFound("There is no such organisation here."));
    }

    String address(RequestDetails request) {
        return address(custodian(request));
    }

    private String address(MemberId custodian) {
        return base + "/" + custodian;
    }

    Version read(RequestDetails request) {
        var id = resource(request);
        var version = request.getId().getVersionIdPart();
        var answer =
                version == null
                        ? reader.read(Callers.current(), id)
                        : reader.read(Callers.current(), id.version(number(version)));
        var found =
                found(
                                answer,
                                version == null
                                        ? id.reference() + " is not known here."
                                        : "There is no such version of " + id.reference() + ".")
                        .version();
        if (found.isDeletion()) {
            throw Outcomes.gone(id.reference() + " is deleted.");
        }
        return found;
    }

    byte[] history(RequestDetails request) {
        var id = resource(request);
        var query = HistoryQuery.parse(parameters(request));
        var address = address(id.custodian());
        return Bundles.history(
                address,
                address + "/" + id.reference() + "/_history",
                true,
                query,
                found(
                        histories.of(Callers.current(), id, query),
                        id.reference() + " is not known here."));
    }

    /// The history of a type, or of everything.
    byte[] historyOfMany(RequestDetails request) {
        var custodian = custodian(request);
        var type = Optional.ofNullable(request.getResourceName()).map(name -> type(name).name());
        var query = HistoryQuery.parse(parameters(request));
        var answer = histories.of(Callers.current(), custodian, type, query);
        if (answer instanceof Reader.Answer.Refused) {
            throw Outcomes.forbidden(
                    "The history of many resources is for the custodian's own people; ask for that"
                            + " of one.");
        }
        var address = address(custodian);
        return Bundles.history(
                address,
                address + type.map(name -> "/" + name).orElse("") + "/_history",
                false,
                query,
                found(answer, "Nothing is known."));
    }

    /// Everything about a patient, or about one encounter.
    byte[] everything(RequestDetails request) {
        var focus = focus(request);
        var query = EverythingQuery.parse(Operations.parameters(request));
        var address = address(focus.custodian());
        return Bundles.everything(
                address,
                address + "/" + focus.reference() + "/" + Operations.EVERYTHING,
                query,
                found(
                        everything.of(Callers.current(), focus, query),
                        focus.reference() + " is not known here."));
    }

    /// A patient's summary, as a document.
    byte[] summary(RequestDetails request) {
        var patient = focus(request);
        Operations.parameters(request).forEach(FhirApi::requireSummary);
        return SummaryDocument.of(
                patient.custodian(),
                address(patient.custodian()),
                found(
                        summaries.of(Callers.current(), patient),
                        patient.reference() + " is not known here."),
                time.instant());
    }

    private static void requireSummary(String name, List<String> values) {
        var isKnown =
                switch (name) {
                    case "_format", "_pretty" -> true;
                    case "profile" -> values.equals(List.of(SummaryDocument.PROFILE));
                    default -> false;
                };
        if (!isKnown) {
            throw Outcomes.unsupported("'" + name + "' is not supported for $summary.");
        }
    }

    /// A patient means themselves.
    private ResourceId focus(RequestDetails request) {
        if (request.getId() != null) {
            return resource(request);
        }
        var custodian = custodian(request);
        if (Callers.current() instanceof Caller.Patient(var self)) {
            return new ResourceId(custodian, "Patient", self.id());
        }
        throw Outcomes.invalid(
                "Name one: " + request.getResourceName() + "/[id]/" + request.getOperation() + ".");
    }

    /// Begins to export everything, the records of patients, or those of a group; answers where it goes on.
    String export(RequestDetails request) {
        var custodian = custodian(request);
        var caller = Callers.current();
        Permissions.guard(caller, custodian);
        var asked = Operations.parameters(request);
        var isOfAll = request.getResourceName() == null;
        var query = ExportQuery.parse(asked, !isOfAll);
        if (request.getId() != null) {
            var group = Unsealing.json(read(request));
            query = query.among(Exports.members(group));
        }
        var path =
                isOfAll
                        ? "/"
                        : request.getId() == null
                                ? "/Patient/"
                                : "/" + resource(request).reference() + "/";
        var address = address(custodian);
        var parameters = asked.isEmpty() ? "" : "?" + Query.queryString(asked);
        return JobRequests.address(
                address,
                exports.begin(
                        caller, query, isOfAll, address + path + Operations.EXPORT + parameters));
    }

    byte[] search(RequestDetails request) {
        return searches.answer(custodian(request), type(request.getResourceName()).name(), request);
    }

    /// Refuses whoever may not write at all, before their body is looked at.
    void mustWrite(RequestDetails request) {
        Writer.permittedAuthor(custodian(request), Callers.current());
    }

    Written write(RequestDetails request, Change change) {
        return writer.write(custodian(request), Callers.current(), List.of(change)).getFirst();
    }

    byte[] transaction(RequestDetails request, byte[] bundle) {
        return records.transaction(
                custodian(request),
                bundle,
                Callers.current(),
                Answers.wanted(request).orElse(PreferReturnEnum.MINIMAL));
    }

    static <T> T found(Reader.Answer<T> answer, String otherwise) {
        return switch (answer) {
            case Reader.Answer.Found<T>(var what) -> what;
            case Reader.Answer.Refused<T>() -> throw Outcomes.refused();
            case Reader.Answer.Missing<T>() -> throw Outcomes.notFound(otherwise);
        };
    }

    private ResourceId resource(RequestDetails request) {
        var id = request.getId().getIdPart();
        if (!ResourceId.isId(id)) {
            throw Outcomes.invalid("A FHIR id is 1 to 64 of letters, digits, - and .");
        }
        return new ResourceId(custodian(request), type(request.getResourceName()).name(), id);
    }

    private static R4.Type type(String name) {
        return R4.type(name)
                .orElseThrow(() -> Outcomes.notFound("There is no resource type " + name + "."));
    }

    static Map<String, List<String>> parameters(RequestDetails request) {
        var parameters = new TreeMap<String, List<String>>();
        request.getParameters()
                .forEach((name, values) -> parameters.put(name, Arrays.asList(values)));
        return parameters;
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw Outcomes.invalid("'" + text + "' is not a number from 1 up.");
        }
        return Integer.parseInt(text);
    }
}
