package io.xinglin.paper;

import io.xinglin.ledger.Blocks.Anchored;
import io.xinglin.tlog.Checkpoint;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// There is no page for a receipt, since it does not prove what it says or the ledger says otherwise.
///
/// The receipt itself is handed out all the same: it is the evidence.
public final class ReceiptProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1;

    private ReceiptProblem(ProblemDetail problem) {
        super(HttpStatus.valueOf(problem.getStatus()), problem, null);
    }

    /// The log shows two histories, or the ledger was changed here.
    static ReceiptProblem contradictedByLedger(Checkpoint head, Anchored by) {
        var problem =
                of(
                        HttpStatus.CONFLICT,
                        "ledger-contradicts-log",
                        "The ledger contradicts the log",
                        "The receipt speaks of the log "
                                + head.origin()
                                + " when it had "
                                + head.size().value()
                                + " entries. Block "
                                + by.block()
                                + " of the ledger anchored this log at "
                                + by.anchor().size()
                                + " entries, and that log does not begin with the one of the receipt: one of the two was"
                                + " changed. Keep the receipt itself (ask for text/plain): it is the evidence. Show it at the"
                                + " explorer of another member, /explorer/receipt, and tell whoever runs this node, who finds"
                                + " with fsck which of the two was changed.");
        problem.setProperty("log", head.origin());
        problem.setProperty("size", head.size().value());
        problem.setProperty("root", head.root().toString());
        problem.setProperty("anchoredSize", by.anchor().size());
        problem.setProperty("anchoredRoot", by.anchor().root());
        problem.setProperty("block", by.block());
        return new ReceiptProblem(problem);
    }

    /// The keys that the ledger has do not make it valid.
    ///
    /// @param where what does not fit
    static ReceiptProblem doesNotVerify(String origin, String where) {
        return new ReceiptProblem(
                of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "receipt-does-not-verify",
                        "The receipt does not verify",
                        "With the key that the ledger has for the log "
                                + origin
                                + ", the receipt is not valid: "
                                + where
                                + ". Keep the receipt itself (ask for text/plain) and tell whoever runs this node."));
    }

    private static ProblemDetail of(HttpStatus status, String slug, String title, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        problem.setTitle(title);
        return problem;
    }
}
