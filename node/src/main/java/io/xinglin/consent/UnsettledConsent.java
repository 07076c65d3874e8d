package io.xinglin.consent;

import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// The ledger has not said whether it agreed. The consent permits nothing until it has; it comes into force by itself, or is forgotten.
public final class UnsettledConsent extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    UnsettledConsent(ConsentId id, Throwable cause) {
        super(HttpStatus.SERVICE_UNAVAILABLE, problem(id), cause);
        getHeaders().set(HttpHeaders.RETRY_AFTER, "15");
    }

    private static ProblemDetail problem(ConsentId id) {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the ledger does not answer; the consent comes into force once it agrees: look at your list before you try again");
        problem.setType(URI.create("/problems/unsettled-consent"));
        problem.setTitle("The ledger does not answer");
        problem.setProperty("consent", id.toString());
        return problem;
    }
}
