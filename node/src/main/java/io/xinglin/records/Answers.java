package io.xinglin.records;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServerUtils;

import jakarta.servlet.http.HttpServletResponse;

import org.hl7.fhir.instance.model.api.IBaseResource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

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
