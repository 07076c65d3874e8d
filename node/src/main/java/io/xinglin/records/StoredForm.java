package io.xinglin.records;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServerUtils;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import io.xinglin.platform.Failure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;

/// Answers in the form in which resources are stored, byte for byte, when that is what the client wants: JSON, whole, not
/// pretty. So the SHA-256 in a receipt is that of the answer, and nothing is parsed that need not be. Other forms are left to
/// the [ResourceInteractions].
///
/// Also the one place where errors become answers. Public for the server, which calls it by reflection.
@Interceptor
public final class StoredForm {
    private static final Logger LOG = LoggerFactory.getLogger(StoredForm.class);
    private static final String JSON = "application/fhir+json;charset=utf-8";

    private final FhirApi api;

    StoredForm(FhirApi api) {
        this.api = api;
    }

    /// An unknown organisation is unknown whatever is asked of it, and some things are not done anywhere.
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLER_SELECTED)
    public void check(RequestDetails request) {
        api.custodian(request);
        switch (request.getRequestType()) {
            case GET, POST, PUT -> {}
            case DELETE -> throw Outcomes.notAllowed("Resources are not deleted here.");
            default ->
                    throw Outcomes.notAllowed(
                            request.getRequestType()
                                    + " is not supported here; PUT the whole resource.");
        }
    }

    /// Whether the server is to go on.
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_POST_PROCESSED)
    public boolean answer(ServletRequestDetails request, HttpServletResponse response)
            throws IOException {
        switch (request.getRestOperationType()) {
            case CREATE, UPDATE -> {
                api.mustWrite(request);
                if (isJson(request)) {
                    BundleReader.check(request.loadRequestContents());
                }
                return true;
            }
            case TRANSACTION -> {
                api.mustWrite(request);
                if (!isJson(request)) {
                    return true;
                }
                sendAsWanted(
                        request, response, api.transaction(request, request.loadRequestContents()));
            }
            case READ, VREAD -> {
                if (!isStoredForm(request)) {
                    return true;
                }
                var version = api.read(request);
                response.setHeader("ETag", Bundles.etag(version.id()));
                response.setHeader(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                version.written().atOffset(ZoneOffset.UTC)));
                send(response, JSON, version.json());
            }
            case HISTORY_INSTANCE -> sendAsWanted(request, response, api.history(request));
            case SEARCH_TYPE -> sendAsWanted(request, response, api.search(request));
            default -> {
                return true;
            }
        }
        return false;
    }

    private static boolean isJson(RequestDetails request) {
        return RestfulServerUtils.determineRequestEncodingNoDefault(request) == EncodingEnum.JSON;
    }

    private static boolean isStoredForm(RequestDetails request) {
        var parameters = request.getParameters();
        return RestfulServerUtils.determineResponseEncodingWithDefault(request).getEncoding()
                        == EncodingEnum.JSON
                && !parameters.containsKey("_summary")
                && parameters.keySet().stream().noneMatch(name -> name.startsWith("_elements"))
                && !RestfulServerUtils.prettyPrintResponse(request.getServer(), request);
    }

    /// What the client is told of an error: its OperationOutcome if it is one of ours; the server's words without its numbers if
    /// the request was wrong; nothing of what went wrong in here.
    @Hook(Pointcut.SERVER_PRE_PROCESS_OUTGOING_EXCEPTION)
    public BaseServerResponseException refuse(Throwable error, HttpServletRequest received) {
        if (error instanceof BaseServerResponseException known && known.getStatusCode() < 500) {
            if (known.getOperationOutcome() == null) {
                known.setOperationOutcome(
                        Outcomes.outcome(IssueType.INVALID, BundleReader.plain(known)));
            }
            return known;
        }
        if (Failure.causes(error).anyMatch(InvalidParameterException.class::isInstance)) {
            return Outcomes.malformed("A parameter is not encoded as it should be.");
        }
        LOG.error("{} {} failed: {}", received.getMethod(), path(received), Failure.of(error));
        return isExhaustion(error) ? Outcomes.busy() : Outcomes.failed();
    }

    /// No connection to the database was free, or no place in the line of the ledger.
    private static boolean isExhaustion(Throwable error) {
        return Failure.causes(error).anyMatch(StoredForm::isBusy);
    }

    private static boolean isBusy(Throwable cause) {
        return cause instanceof CannotCreateTransactionException
                || cause instanceof CannotGetJdbcConnectionException
                || (cause instanceof ErrorResponse known
                        && known.getStatusCode().value() == HttpStatus.TOO_MANY_REQUESTS.value());
    }

    /// Without the query, which may name patients, and without line breaks.
    private static String path(HttpServletRequest received) {
        return received.getRequestURI().replaceAll("[^\\w./:$-]", "?");
    }

    /// Sends a bundle, in the form that is asked for. The server itself would look at the request again first, and may refuse it
    /// when everything is done.
    private static void sendAsWanted(
            RequestDetails request, HttpServletResponse response, byte[] bundle)
            throws IOException {
        if (isStoredForm(request)) {
            send(response, JSON, bundle);
            return;
        }
        var form = RestfulServerUtils.determineResponseEncodingWithDefault(request).getEncoding();
        var parsed =
                R4.json().parseResource(Bundle.class, new String(bundle, StandardCharsets.UTF_8));
        var parser = form.newParser(R4.context());
        RestfulServerUtils.configureResponseParser(request, parser);
        var text = parser.encodeResourceToString(parsed);
        send(
                response,
                form.getResourceContentTypeNonLegacy() + ";charset=utf-8",
                text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpServletResponse response, String type, byte[] body)
            throws IOException {
        response.setStatus(200);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
