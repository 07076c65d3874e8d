package io.xinglin.log;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// Why a witness did not cosign.
class WitnessProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private WitnessProblem(HttpStatus status, String slug, String title, String detail) {
        super(status, problem(status, slug, title, detail), null);
    }

    static WitnessProblem tooLarge(int bytesMax) {
        return new WitnessProblem(
                HttpStatus.CONTENT_TOO_LARGE,
                "body-too-large",
                "Content Too Large",
                "a request to a witness is at most " + bytesMax + " bytes");
    }

    static WitnessProblem malformed(String why) {
        return new WitnessProblem(
                HttpStatus.BAD_REQUEST, "malformed-checkpoint", "Malformed request", why);
    }

    static WitnessProblem unsigned(String why) {
        return new WitnessProblem(
                HttpStatus.FORBIDDEN, "unsigned-checkpoint", "Not signed by the log", why);
    }

    static WitnessProblem unknownLog() {
        return new WitnessProblem(
                HttpStatus.NOT_FOUND,
                "unknown-log",
                "Unknown log",
                "this organisation witnesses the logs of the other members on the ledger");
    }

    static WitnessProblem inconsistent(String why) {
        return new WitnessProblem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "inconsistent-checkpoint",
                "Not shown to continue what was cosigned",
                why);
    }

    private static ProblemDetail problem(
            HttpStatus status, String slug, String title, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        problem.setTitle(title);
        return problem;
    }
}
