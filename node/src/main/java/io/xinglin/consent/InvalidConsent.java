package io.xinglin.consent;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// A consent cannot be granted as it was asked for.
public final class InvalidConsent extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private InvalidConsent(HttpStatus status, ProblemDetail problem) {
        super(status, problem, null);
    }

    /// A part of the request is wrong.
    ///
    /// @param slug the stable name of the problem
    /// @param field which part
    /// @param detail what is wrong with it, without repeating it
    static InvalidConsent because(String slug, String field, String detail) {
        var problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, slug, detail);
        problem.setProperty("field", field);
        return new InvalidConsent(HttpStatus.UNPROCESSABLE_CONTENT, problem);
    }

    /// The request cannot be read.
    static InvalidConsent unreadable() {
        return new InvalidConsent(
                HttpStatus.BAD_REQUEST,
                problem(
                        HttpStatus.BAD_REQUEST,
                        "unreadable-consent",
                        "send a JSON object with grantee, categories, purposes, until and, if need be, classes: nothing else"));
    }

    /// The ledger does not agree.
    static InvalidConsent refusedByLedger(String code, String message) {
        var problem =
                problem(
                        HttpStatus.CONFLICT,
                        "refused-by-ledger",
                        "the ledger did not agree: " + message);
        problem.setProperty("code", code);
        return new InvalidConsent(HttpStatus.CONFLICT, problem);
    }

    private static ProblemDetail problem(HttpStatus status, String slug, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        problem.setTitle("This consent cannot be granted");
        return problem;
    }
}
