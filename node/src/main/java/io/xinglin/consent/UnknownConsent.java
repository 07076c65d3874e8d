package io.xinglin.consent;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// The patient has no consent of this id; whether someone else has is not told.
public final class UnknownConsent extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    UnknownConsent() {
        super(HttpStatus.NOT_FOUND, problem(), null);
    }

    private static ProblemDetail problem() {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.NOT_FOUND, "you have no consent of this id here");
        problem.setType(URI.create("/problems/unknown-consent"));
        problem.setTitle("Unknown consent");
        return problem;
    }
}
