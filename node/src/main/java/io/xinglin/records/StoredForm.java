package io.xinglin.records;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import io.xinglin.platform.Failure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
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
    private static final int OK = HttpStatus.OK.value();

    private final FhirApi api;
    private final Writes writes;
    private final Operations operations;

    StoredForm(FhirApi api) {
        this.api = api;
        this.writes = new Writes(api);
        this.operations = new Operations(api);
    }

    /// An unknown organisation is unknown whatever is asked of it, and some things are not done anywhere.
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLER_SELECTED)
    public void check(RequestDetails request) {
        api.custodian(request);
        switch (request.getRequestType()) {
            case GET, POST, PUT, DELETE -> {}
            case PATCH -> Writes.requirePatch(request);
            default ->
                    throw Outcomes.notAllowed(request.getRequestType() + " is not supported here.");
        }
    }

    /// Whether the server is to go on.
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_POST_PROCESSED)
    public boolean answer(ServletRequestDetails request, HttpServletResponse response)
            throws IOException {
        switch (request.getRestOperationType()) {
            case CREATE -> {
                api.mustWrite(request);
                writes.create(request, response);
            }
            case UPDATE -> {
                api.mustWrite(request);
                writes.update(request, response);
            }
            case PATCH -> {
                api.mustWrite(request);
                writes.patch(request, response);
            }
            case DELETE -> {
                api.mustWrite(request);
                writes.delete(request, response);
            }
            case TRANSACTION -> {
                api.mustWrite(request);
                Answers.send(request, response, OK, api.transaction(request, Body.bundle(request)));
            }
            case READ, VREAD -> {
                var version = api.read(request);
                Answers.version(response, version.id(), version.written());
                if (Answers.isKnown(request, version)) {
                    response.setStatus(HttpStatus.NOT_MODIFIED.value());
                } else {
                    Answers.send(request, response, OK, version.json());
                }
            }
            case HISTORY_INSTANCE -> Answers.send(request, response, OK, api.history(request));
            case HISTORY_TYPE, HISTORY_SYSTEM ->
                    Answers.send(request, response, OK, api.historyOfMany(request));
            case META,
                    META_ADD,
                    META_DELETE,
                    VALIDATE,
                    EXTENDED_OPERATION_SERVER,
                    EXTENDED_OPERATION_INSTANCE,
                    EXTENDED_OPERATION_TYPE ->
                    operations.answer(request, response);
            case SEARCH_TYPE -> Answers.send(request, response, OK, api.search(request));
            default -> {
                return true;
            }
        }
        return false;
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
}
