package io.xinglin.ledger;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// An answer that is not what was asked for.
final class LedgerProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private LedgerProblem(HttpStatus status, ProblemDetail problem) {
        super(status, problem, null);
    }

    static LedgerProblem unknownBlock(long number) {
        return of(
                HttpStatus.NOT_FOUND,
                "unknown-block",
                "There is no such block",
                "The ledger has no block " + number + ".");
    }

    static LedgerProblem unknownTransaction() {
        return of(
                HttpStatus.NOT_FOUND,
                "unknown-transaction",
                "There is no such transaction",
                "No transaction of this id is on the ledger; an id is 64 hexadecimal digits.");
    }

    static LedgerProblem unknownProposal() {
        return of(
                HttpStatus.NOT_FOUND,
                "unknown-proposal",
                "There is no such proposal",
                "No proposal of this id is on the ledger; /ledger/proposals lists them all.");
    }

    static LedgerProblem badRange(String why) {
        return of(HttpStatus.BAD_REQUEST, "bad-range", "There is no such range", why);
    }

    static LedgerProblem badBatch() {
        return of(
                HttpStatus.BAD_REQUEST,
                "bad-batch",
                "The batch is not in its form",
                "A batch is a JSON array of 1 to 100 transactions, each a string.");
    }

    static LedgerProblem unavailable() {
        return of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "ledger-unavailable",
                "The ledger cannot answer now",
                "What became of the transaction is not known. Submit the very same one again.");
    }

    /// A transaction was refused.
    ///
    /// @param code the stable word, which is also the end of the type
    static LedgerProblem refused(String code, String message) {
        return of(status(code), code, "The transaction was refused", message);
    }

    /// 400 for what can never be right, 409 for what came too late, 422 for what the rules forbid.
    private static HttpStatus status(String code) {
        return switch (code) {
            case "malformed", "bad-header", "unknown-function", "bad-arguments" ->
                    HttpStatus.BAD_REQUEST;
            case "too-large" -> HttpStatus.CONTENT_TOO_LARGE;
            case "already-founded",
                    "already-exists",
                    "verifier-key-taken",
                    "consent-withdrawn",
                    "conflicting-root",
                    "proposal-closed",
                    "undecided",
                    TransactionOutcome.Refused.CONFLICT ->
                    HttpStatus.CONFLICT;
            default -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    }

    private static LedgerProblem of(HttpStatus status, String slug, String title, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        problem.setTitle(title);
        return new LedgerProblem(status, problem);
    }
}
