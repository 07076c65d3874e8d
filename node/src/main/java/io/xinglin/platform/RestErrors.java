package io.xinglin.platform;

import java.net.URI;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
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
