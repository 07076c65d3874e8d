package io.xinglin.platform;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/// Answers with an error in the form its path asks for: `OperationOutcome` under `/fhir/`, a problem elsewhere.
///
/// For filters and security, which stand before the controllers and the FHIR server. Controllers throw
/// [org.springframework.web.ErrorResponseException] instead.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9457 RFC 9457
/// @spec https://hl7.org/fhir/R4/operationoutcome.html FHIR R4 OperationOutcome
public final class Problems {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Problems() {}

    /// Sends the error.
    ///
    /// @param slug the stable name of the problem, the last part of its type `/problems/{slug}`
    /// @param issueType the FHIR `issue.code`, such as `forbidden`, `too-long`, `login`
    /// @param detail what went wrong and what to do, without personal data
    public static void send(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpStatus status,
            String slug,
            String issueType,
            String detail)
            throws IOException {
        var path = asked(request);
        response.setStatus(status.value());
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setContentType(contentType(path));
        JSON.writeValue(response.getOutputStream(), body(path, status, slug, issueType, detail));
    }

    /// The address that was asked for, also when the request has been sent on to the page of errors.
    private static String asked(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String first
                ? first
                : request.getRequestURI();
    }

    static String contentType(String path) {
        return isFhir(path) ? "application/fhir+json" : "application/problem+json";
    }

    static String json(
            String path, HttpStatus status, String slug, String issueType, String detail) {
        return JSON.writeValueAsString(body(path, status, slug, issueType, detail));
    }

    private static Map<String, Object> body(
            String path, HttpStatus status, String slug, String issueType, String detail) {
        return isFhir(path)
                ? operationOutcome(issueType, detail)
                : problem(status, slug, detail, path);
    }

    private static boolean isFhir(String path) {
        return path.startsWith("/fhir/");
    }

    private static Map<String, Object> operationOutcome(String issueType, String detail) {
        var issue = Map.of("severity", "error", "code", issueType, "diagnostics", detail);
        return Map.of("resourceType", "OperationOutcome", "issue", new Object[] {issue});
    }

    private static Map<String, Object> problem(
            HttpStatus status, String slug, String detail, String instance) {
        return Map.of(
                "type",
                "/problems/" + slug,
                "title",
                status.getReasonPhrase(),
                "status",
                status.value(),
                "detail",
                detail,
                "instance",
                instance);
    }
}
