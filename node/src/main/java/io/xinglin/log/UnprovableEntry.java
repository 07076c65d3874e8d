package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// The files of a log do not prove an entry that its signed checkpoint contains, so there is no receipt that would verify.
public final class UnprovableEntry extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    UnprovableEntry(MemberId organisation, Throwable why) {
        super(HttpStatus.CONFLICT, problem(organisation), why);
    }

    private static ProblemDetail problem(MemberId organisation) {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.CONFLICT,
                        "The files of the log of "
                                + organisation
                                + " contradict its signed checkpoint: they do not prove this entry. A tile was changed or lost"
                                + " on this node. Tell whoever runs it: fsck says which one, and the log writes its tiles again"
                                + " from its entries. Nothing needs to be sent again.");
        problem.setType(URI.create("/problems/log-contradicts-itself"));
        problem.setTitle("The log contradicts its checkpoint");
        return problem;
    }
}
