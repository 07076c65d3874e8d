package io.xinglin.consent;

import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// The ledger has not said whether it agreed, or it has and this node could not note it. The consent permits nothing until both are done, which
/// happens by itself, or it is forgotten. The patient sees it as proposed and may withdraw it.
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
                        "the consent is proposed and comes into force once the ledger has agreed and this node has"
                                + " noted it: look at your list before you try again; you may withdraw it there");
        problem.setType(URI.create("/problems/unsettled-consent"));
        problem.setTitle("The consent is not settled yet");
        problem.setProperty("consent", id.toString());
        return problem;
    }
}
