package io.xinglin.records;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static java.time.temporal.ChronoUnit.SECONDS;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServerUtils;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.springframework.http.HttpHeaders;

/// Sends answers, in the form that is asked for.
final class Answers {
    /// @spec https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 RFC 9110, dates
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final String JSON = "application/fhir+json;charset=utf-8";

    private Answers() {}

    /// Whether the client wants resources as they are stored: JSON, whole, not pretty.
    static boolean isStoredForm(RequestDetails request) {
        var parameters = request.getParameters();
        return RestfulServerUtils.determineResponseEncodingWithDefault(request).getEncoding()
                        == EncodingEnum.JSON
                && !parameters.containsKey("_summary")
                && parameters.keySet().stream().noneMatch(name -> name.startsWith("_elements"))
                && !RestfulServerUtils.prettyPrintResponse(request.getServer(), request);
    }

    /// Names the version that the answer is about.
    static void version(HttpServletResponse response, VersionId id, Instant written) {
        response.setHeader("ETag", Bundles.etag(id));
        response.setHeader("Last-Modified", HTTP_DATE.format(written));
    }

    /// Whether the client says that it has this version, or has seen what was stored by then.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc9110#section-13.2 RFC 9110, evaluation of preconditions
    static boolean isKnown(RequestDetails request, Version version) {
        var tags = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        return tags == null
                ? since(request)
                        .filter(seen -> !version.written().truncatedTo(SECONDS).isAfter(seen))
                        .isPresent()
                : Etags.isAmong(version.id().number(), tags);
    }

    /// What is not a date is not there.
    private static Optional<Instant> since(RequestDetails request) {
        try {
            return Optional.ofNullable(request.getHeader(HttpHeaders.IF_MODIFIED_SINCE))
                    .map(date -> RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// How much of what is stored the client wants to be told, if it says so.
    static Optional<PreferReturnEnum> wanted(RequestDetails request) {
        return Optional.ofNullable(
                RestfulServerUtils.parsePreferHeader(request.getHeader("Prefer")).getReturn());
    }

    /// Sends a resource. The server itself would look at the request again first, and may refuse it when everything is done.
    static void send(RequestDetails request, HttpServletResponse response, int status, byte[] json)
            throws IOException {
        if (isStoredForm(request)) {
            send(response, status, JSON, json);
            return;
        }
        send(
                request,
                response,
                status,
                R4.json().parseResource(new String(json, StandardCharsets.UTF_8)));
    }

    static void send(
            RequestDetails request,
            HttpServletResponse response,
            int status,
            IBaseResource resource)
            throws IOException {
        var form = RestfulServerUtils.determineResponseEncodingWithDefault(request).getEncoding();
        var parser = form.newParser(R4.context());
        RestfulServerUtils.configureResponseParser(request, parser);
        var text = parser.encodeResourceToString(resource);
        send(
                response,
                status,
                form.getResourceContentTypeNonLegacy() + ";charset=utf-8",
                text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpServletResponse response, int status, String type, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
