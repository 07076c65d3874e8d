package io.xinglin.erasure;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// What was asked of an erasure did not come about.
final class ErasureProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private ErasureProblem(
            HttpStatus status, String slug, String detail, @Nullable Throwable cause) {
        super(status, problem(status, slug, detail), cause);
    }

    private ErasureProblem(HttpStatus status, String slug, String detail) {
        this(status, slug, detail, null);
    }

    /// The name of the problem: `/problems/{slug}`.
    String slug() {
        return String.valueOf(getBody().getType()).replaceFirst("^/problems/", "");
    }

    private static ProblemDetail problem(HttpStatus status, String slug, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        return problem;
    }

    static ErasureProblem notForYou() {
        return new ErasureProblem(
                HttpStatus.FORBIDDEN,
                "not-for-erasure",
                "patients ask for the erasure of their record, and staff who work for the organisation's operations (HOPERAT) decide");
    }

    static ErasureProblem unknown() {
        return new ErasureProblem(
                HttpStatus.NOT_FOUND, "unknown-erasure", "there is no such request here");
    }

    static ErasureProblem nothingStored() {
        return new ErasureProblem(
                HttpStatus.NOT_FOUND, "unknown-erasure", "nothing of yours is stored here");
    }

    static ErasureProblem underWay(Throwable cause) {
        return new ErasureProblem(
                HttpStatus.CONFLICT,
                "erasure-under-way",
                "you have asked for this already; see what became of it",
                cause);
    }

    static ErasureProblem decided() {
        return new ErasureProblem(
                HttpStatus.CONFLICT, "erasure-decided", "this has been decided, or taken back");
    }

    static ErasureProblem noCertificate() {
        return new ErasureProblem(
                HttpStatus.CONFLICT,
                "no-certificate",
                "there is a certificate once the record is erased, and not before");
    }

    static ErasureProblem unreadable() {
        return new ErasureProblem(
                HttpStatus.BAD_REQUEST,
                "unreadable-request",
                "send {\"decision\": \"erase\"}, or {\"decision\": \"refuse\", \"reason\": …} with LEGAL_CLAIMS, PUBLIC_HEALTH or IDENTITY_NOT_PROVED");
    }

    static ErasureProblem notYet() {
        var problem =
                new ErasureProblem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "not-yet-in-the-log",
                        "it is recorded; its place in the log is signed within a second");
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
        return problem;
    }
}
