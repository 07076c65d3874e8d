package io.xinglin.consent;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// Only patients themselves grant, withdraw and list their consents.
final class OnlyForPatients extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    OnlyForPatients() {
        super(HttpStatus.FORBIDDEN, problem(), null);
    }

    private static ProblemDetail problem() {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.FORBIDDEN,
                        "only a patient may see and change their consents, with their own token");
        problem.setType(URI.create("/problems/only-for-patients"));
        problem.setTitle("Only for patients");
        return problem;
    }
}
