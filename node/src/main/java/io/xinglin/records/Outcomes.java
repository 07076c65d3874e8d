package io.xinglin.records;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.InternalErrorException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException;
import ca.uhn.fhir.rest.server.exceptions.UnclassifiedServerFailureException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// Everything that this API answers instead of what was asked, each with its status and `issue.code`.
///
/// What a reader may not see and what is not there are the same to them: [#refused].
final class Outcomes {
    private Outcomes() {}

    static BaseServerResponseException malformed(String what) {
        return new InvalidRequestException(what, outcome(IssueType.STRUCTURE, what));
    }

    static BaseServerResponseException invalid(String what) {
        return new InvalidRequestException(what, outcome(IssueType.INVALID, what));
    }

    static BaseServerResponseException unsupported(String what) {
        return new InvalidRequestException(what, outcome(IssueType.NOTSUPPORTED, what));
    }

    static BaseServerResponseException tooCostly(String what) {
        return new InvalidRequestException(what, outcome(IssueType.TOOCOSTLY, what));
    }

    static BaseServerResponseException unprocessable(String what) {
        return new UnprocessableEntityException(what, outcome(IssueType.BUSINESSRULE, what));
    }

    static BaseServerResponseException notFound(String what) {
        return new ResourceNotFoundException(what, outcome(IssueType.NOTFOUND, what));
    }

    static BaseServerResponseException gone(String what) {
        return new ResourceGoneException(what, outcome(IssueType.DELETED, what));
    }

    static BaseServerResponseException forbidden(String what) {
        return new ForbiddenOperationException(what, outcome(IssueType.FORBIDDEN, what));
    }

    static BaseServerResponseException refused() {
        return forbidden(
                "Not permitted: the patient's consent does not cover this, or there is no such"
                        + " record.");
    }

    static BaseServerResponseException conflict(String what) {
        return new ResourceVersionConflictException(what, outcome(IssueType.CONFLICT, what));
    }

    static BaseServerResponseException precondition(String what) {
        return new PreconditionFailedException(what, outcome(IssueType.CONFLICT, what));
    }

    static BaseServerResponseException notAllowed(String what) {
        return new MethodNotAllowedException(what, outcome(IssueType.NOTSUPPORTED, what));
    }

    static BaseServerResponseException unknownForm() {
        return unknownForm("The body must be application/fhir+json or application/fhir+xml.");
    }

    static BaseServerResponseException unknownForm(String what) {
        var unknown =
                new UnclassifiedServerFailureException(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE.value(), what);
        unknown.setOperationOutcome(outcome(IssueType.NOTSUPPORTED, what));
        return unknown;
    }

    /// What is told of a write that was done, if the client wants to be told.
    static OperationOutcome done(Written written) {
        var version = written.id().map(VersionId::reference).orElse("");
        var what =
                switch (written.how()) {
                    case CREATED -> version + " was created.";
                    case UPDATED -> version + " was stored.";
                    case DELETED ->
                            written.id().orElseThrow().resource().reference() + " was deleted.";
                    case FOUND -> "Nothing was stored: there is " + version + ".";
                    case ABSENT -> "There was nothing to delete.";
                };
        var outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .setDiagnostics(what);
        return outcome;
    }

    static BaseServerResponseException failed() {
        var what =
                "Something went wrong here. The operator finds it in the log; whether it was stored, a read tells.";
        return new InternalErrorException(what, outcome(IssueType.EXCEPTION, what));
    }

    static BaseServerResponseException tooLarge(String what) {
        var large =
                new UnclassifiedServerFailureException(HttpStatus.CONTENT_TOO_LARGE.value(), what);
        large.setOperationOutcome(outcome(IssueType.TOOLONG, what));
        return large;
    }

    /// Who asks has had enough for now.
    static BaseServerResponseException tooMany(String what) {
        var many =
                new UnclassifiedServerFailureException(HttpStatus.TOO_MANY_REQUESTS.value(), what);
        many.setOperationOutcome(outcome(IssueType.THROTTLED, what));
        many.addResponseHeader(HttpHeaders.RETRY_AFTER, "60");
        return many;
    }

    /// The node has more to do than it can.
    static BaseServerResponseException busy() {
        var what = "The node is busy; nothing was done. Try again in a moment.";
        var busy =
                new UnclassifiedServerFailureException(
                        HttpStatus.SERVICE_UNAVAILABLE.value(), what);
        busy.setOperationOutcome(outcome(IssueType.THROTTLED, what));
        busy.addResponseHeader(HttpHeaders.RETRY_AFTER, "1");
        return busy;
    }

    static OperationOutcome outcome(IssueType code, String what) {
        var outcome = new OperationOutcome();
        outcome.addIssue().setSeverity(IssueSeverity.ERROR).setCode(code).setDiagnostics(what);
        return outcome;
    }
}
