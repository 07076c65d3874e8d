package io.xinglin.log;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// What was asked for is not part of a log here.
class NotInLog extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    NotInLog(String detail) {
        super(HttpStatus.NOT_FOUND, problem(detail), null);
    }

    private static ProblemDetail problem(String detail) {
        var problem = ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, detail);
        problem.setType(URI.create("/problems/not-in-log"));
        problem.setTitle("Not in the log");
        return problem;
    }
}
