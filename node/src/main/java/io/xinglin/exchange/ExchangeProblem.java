package io.xinglin.exchange;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// A read at another member did not come about; what that member itself refuses is an answer, not a problem.
public final class ExchangeProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private ExchangeProblem(
            HttpStatus status, String slug, String detail, @Nullable Throwable cause) {
        super(status, problem(status, slug, detail), cause);
    }

    static ExchangeProblem unknownMember() {
        return new ExchangeProblem(
                HttpStatus.NOT_FOUND,
                "unknown-member",
                "no member of the consortium has this id",
                null);
    }

    static ExchangeProblem onlyForStaff() {
        return new ExchangeProblem(
                HttpStatus.FORBIDDEN,
                "only-for-staff",
                "only a practitioner of this organisation asks others in its name",
                null);
    }

    static ExchangeProblem badQuery() {
        return new ExchangeProblem(
                HttpStatus.BAD_REQUEST,
                "bad-query",
                "ask for Type?parameters or Type/id, or post the parameters as a form, and none in the address, to Type/_search",
                null);
    }

    static ExchangeProblem personalAddress() {
        return new ExchangeProblem(
                HttpStatus.BAD_REQUEST,
                "bad-query",
                "what says who a patient is does not belong in an address: post the parameters as a form to Type/_search;"
                        + " for the next page post the query of its link",
                null);
    }

    static ExchangeProblem badAddress() {
        return new ExchangeProblem(
                HttpStatus.BAD_GATEWAY,
                "bad-address",
                "the other member's address on the ledger is not https, nor http on a network where this node allows it",
                null);
    }

    static ExchangeProblem busy() {
        var problem =
                new ExchangeProblem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "too-many-reads",
                        "as many reads at this member are under way as it is given at once",
                        null);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return problem;
    }

    static ExchangeProblem notTrusted(String error) {
        return new ExchangeProblem(
                HttpStatus.BAD_GATEWAY,
                "not-trusted",
                "the other member gives us no token: " + error,
                null);
    }

    static ExchangeProblem badAnswer(String why) {
        return new ExchangeProblem(
                HttpStatus.BAD_GATEWAY, "bad-answer", "the other member's answer " + why, null);
    }

    static ExchangeProblem noAnswer(Throwable cause) {
        return new ExchangeProblem(
                HttpStatus.GATEWAY_TIMEOUT,
                "no-answer",
                "the other member's node cannot be reached, or takes too long",
                cause);
    }

    private static ProblemDetail problem(HttpStatus status, String slug, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        return problem;
    }
}
