package io.xinglin.ledger;

import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// More transactions wait than the ledger takes in; this one was not, and nothing of it is stored. Submit it again in a second.
///
/// Where no one catches it, it is the answer 429 with `Retry-After`.
public final class LedgerBusy extends ErrorResponseException {
    static final String SLUG = "busy";
    private static final long serialVersionUID = 1;

    LedgerBusy() {
        super(HttpStatus.TOO_MANY_REQUESTS, problem(), null);
        getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
    }

    private static ProblemDetail problem() {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "As many transactions wait as the ledger takes in. Nothing of this one is"
                                + " stored: submit it again in a second.");
        problem.setType(URI.create("/problems/" + SLUG));
        problem.setTitle("The ledger is busy");
        return problem;
    }
}
