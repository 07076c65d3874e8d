package io.xinglin.governance;

import io.xinglin.ledger.TransactionOutcome;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// What was asked of the members' votes did not come about.
public final class GovernanceProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private GovernanceProblem(HttpStatus status, ProblemDetail problem) {
        super(status, problem, null);
    }

    static GovernanceProblem onlyForOperations() {
        return of(
                HttpStatus.FORBIDDEN,
                "only-for-operations",
                "only staff who work for the organisation's operations (HOPERAT) propose and vote in its name");
    }

    static GovernanceProblem unreadable(String what) {
        return of(HttpStatus.BAD_REQUEST, "unreadable-request", what);
    }

    static GovernanceProblem badChange(String why) {
        return of(HttpStatus.UNPROCESSABLE_CONTENT, "bad-change", why);
    }

    static GovernanceProblem unknownProposal() {
        return of(HttpStatus.NOT_FOUND, "unknown-proposal", "there is no proposal of this id");
    }

    static GovernanceProblem refusedByLedger(TransactionOutcome.Refused refused) {
        var problem =
                of(
                        HttpStatus.CONFLICT,
                        "refused-by-ledger",
                        "the ledger did not agree: " + refused.message());
        problem.getBody().setProperty("code", refused.code());
        return problem;
    }

    private static GovernanceProblem of(HttpStatus status, String slug, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        return new GovernanceProblem(status, problem);
    }
}
