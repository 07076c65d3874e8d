package io.xinglin.platform;

import java.net.URI;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// What a REST controller throws becomes a problem; what nobody foresaw becomes a 500 that tells nothing.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9457 RFC 9457
@RestControllerAdvice(annotations = RestController.class)
class RestErrors extends ResponseEntityExceptionHandler {
    static final String UNFORESEEN =
            "something went wrong on this node; look at what is there before you send it again";

    private static final Logger LOG = LoggerFactory.getLogger(RestErrors.class);

    /// Of a form; of a query it is found before.
    @ExceptionHandler
    ProblemDetail malformed(InvalidParameterException e) {
        var problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, MalformedQueries.DETAIL);
        problem.setType(URI.create("/problems/malformed-request"));
        return problem;
    }

    /// The connection ended before all of the request was here: the sender's doing, not the node's.
    @ExceptionHandler
    ProblemDetail cutOff(ClientAbortException e) {
        LOG.debug("a request ended too early");
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.BAD_REQUEST, "the request ended before all of it was here");
        problem.setType(URI.create("/problems/malformed-request"));
        return problem;
    }

    /// The framework's own words would quote what was sent.
    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var detail = "the parameter " + e.getPropertyName() + " is not in its form";
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        return handleExceptionInternal(e, problem, headers, status, request);
    }

    /// What the framework refuses gets a type as everything else has.
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem && isUntyped(problem)) {
            problem.setType(URI.create("/problems/" + ErrorPages.slug(status)));
        }
        return super.createResponseEntity(body, headers, status, request);
    }

    private static boolean isUntyped(ProblemDetail problem) {
        return problem.getType() == null || problem.getType().equals(URI.create("about:blank"));
    }

    @ExceptionHandler
    ProblemDetail unforeseen(Exception e) {
        // The message may quote what was sent: log the kind and the place, never the text.
        LOG.error("unforeseen {}", Failure.of(e));
        var problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, UNFORESEEN);
        problem.setType(URI.create("/problems/failed"));
        return problem;
    }
}
