package io.xinglin.records;

import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServerUtils;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import io.xinglin.records.Written.How;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// Answers what changes a single resource.
///
/// @spec https://hl7.org/fhir/R4/http.html FHIR R4, RESTful API
final class Writes {
    /// What an address says of the form of the answer, not of what is meant.
    private static final Set<String> FORM = Set.of("_format", "_pretty", "_summary", "_elements");

    private final FhirApi api;

    Writes(FhirApi api) {
        this.api = api;
    }

    void create(ServletRequestDetails request, HttpServletResponse response) throws IOException {
        if (id(request).isPresent()) {
            throw Outcomes.invalid("A POST goes to a type; PUT what has an id.");
        }
        var ifNoneExist =
                Optional.ofNullable(request.getHeader("If-None-Exist"))
                        .filter(condition -> !condition.isBlank())
                        .map(url -> References.relative(url, api.address(request) + "/"))
                        .map(Writes::withoutForm);
        var change = Change.create(request.getResourceName(), Body.content(request), ifNoneExist);
        answer(request, response, api.write(request, change));
    }

    void update(ServletRequestDetails request, HttpServletResponse response) throws IOException {
        if (request.getHeader("If-None-Match") != null) {
            throw Outcomes.unsupported("If-None-Match is not supported for an update.");
        }
        var id = id(request);
        var condition = condition(request);
        var resource = Body.ofItsType(request);
        if (id.isPresent() && !id.get().equals(resource.getIdElement().getIdPart())) {
            throw Outcomes.invalid("The resource must have the id that the address has.");
        }
        var expected = ifMatch(request);
        var change =
                id.isPresent()
                        ? Change.update(id.get(), resource, expected)
                        : Change.updateWhere(condition.orElseThrow(Writes::nothingNamed), resource)
                                .ifMatch(expected);
        answer(request, response, api.write(request, change));
    }

    void patch(ServletRequestDetails request, HttpServletResponse response) throws IOException {
        var change =
                Change.patch(
                        request.getResourceName(), id(request), named(request), patch(request));
        answer(request, response, api.write(request, change.ifMatch(ifMatch(request))));
    }

    private static Change.Content patch(ServletRequestDetails request) {
        return isJsonPatch(request)
                ? Patches.json(request.loadRequestContents(), Change.ALONE)
                : Patches.fhirPath(Body.resource(request), Change.ALONE);
    }

    /// Refuses a patch of another kind, before the server does with less to say.
    static void requirePatch(RequestDetails request) {
        if (!isJsonPatch(request)
                && RestfulServerUtils.determineRequestEncodingNoDefault(request) == null) {
            throw Outcomes.unknownForm(
                    "A patch must be "
                            + Patches.JSON_PATCH
                            + ", or Parameters as application/fhir+json or application/fhir+xml.");
        }
    }

    private static boolean isJsonPatch(RequestDetails request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE))
                .map(header -> header.replaceFirst(";.*", "").strip())
                .filter(Patches.JSON_PATCH::equalsIgnoreCase)
                .isPresent();
    }

    void delete(ServletRequestDetails request, HttpServletResponse response) throws IOException {
        var change = Change.delete(request.getResourceName(), id(request), named(request));
        answer(request, response, api.write(request, change.ifMatch(ifMatch(request))));
    }

    /// The condition that names the resource where no id does.
    private static Optional<String> named(ServletRequestDetails request) {
        return id(request).isPresent()
                ? Optional.empty()
                : Optional.of(condition(request).orElseThrow(Writes::nothingNamed));
    }

    private static RuntimeException nothingNamed() {
        return Outcomes.invalid("Name one resource: by its id, or by a condition that it meets.");
    }

    private static Optional<String> id(ServletRequestDetails request) {
        var id = Optional.ofNullable(request.getId()).map(named -> named.getIdPart());
        id.filter(name -> !ResourceId.isId(name))
                .ifPresent(
                        _ -> {
                            throw Outcomes.invalid(
                                    "A FHIR id is 1 to 64 of letters, digits, - and .");
                        });
        return id;
    }

    /// What the address says after the question mark, as it stands there.
    private static Optional<String> condition(ServletRequestDetails request) {
        var query = Optional.ofNullable(request.getServletRequest().getQueryString()).orElse("");
        // In an address a plus is a space.
        return Optional.of(withoutForm(query.replace("+", "%20")))
                .filter(condition -> !condition.isEmpty());
    }

    private static String withoutForm(String condition) {
        var mark = condition.indexOf('?') + 1;
        return condition.substring(0, mark)
                + Arrays.stream(condition.substring(mark).split("&", -1))
                        .filter(part -> !part.isEmpty())
                        .filter(part -> !FORM.contains(part.replaceFirst("[=:].*", "")))
                        .collect(Collectors.joining("&"));
    }

    static Optional<Etags> ifMatch(ServletRequestDetails request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.IF_MATCH))
                .map(header -> Etags.parse(header, "the resource"));
    }

    private void answer(
            ServletRequestDetails request, HttpServletResponse response, Written written)
            throws IOException {
        var status = status(written.how());
        written.id().ifPresent(id -> name(request, response, id, written));
        var wanted = Answers.wanted(request).orElse(PreferReturnEnum.REPRESENTATION);
        if (wanted == PreferReturnEnum.OPERATION_OUTCOME) {
            var told = status == HttpStatus.NO_CONTENT ? HttpStatus.OK : status;
            Answers.send(request, response, told.value(), Outcomes.done(written));
        } else if (wanted == PreferReturnEnum.MINIMAL || written.json().length == 0) {
            response.setStatus(status.value());
        } else {
            Answers.send(request, response, status.value(), written.json());
        }
    }

    private void name(
            ServletRequestDetails request,
            HttpServletResponse response,
            VersionId id,
            Written written) {
        Answers.version(response, id, written.written());
        if (written.how().isThere()) {
            response.setHeader(
                    written.how() == How.CREATED
                            ? HttpHeaders.LOCATION
                            : HttpHeaders.CONTENT_LOCATION,
                    api.address(request) + "/" + id.reference());
        }
    }

    private static HttpStatus status(How how) {
        return switch (how) {
            case CREATED -> HttpStatus.CREATED;
            case UPDATED, FOUND -> HttpStatus.OK;
            case DELETED, ABSENT -> HttpStatus.NO_CONTENT;
        };
    }
}
