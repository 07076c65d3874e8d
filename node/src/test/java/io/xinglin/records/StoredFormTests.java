package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import io.xinglin.TestNode;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.ErrorResponseException;

@TestNode
class StoredFormTests {
    @Autowired private FhirApi api;

    @Test
    void a_ledger_that_lets_nobody_in_makes_the_node_busy_not_broken() {
        var full = new ErrorResponseException(HttpStatus.TOO_MANY_REQUESTS);

        var answer = refused(new IllegalStateException("a patient was not enrolled", full));

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(issue(answer)).isEqualTo(IssueType.THROTTLED);
    }

    @Test
    void what_nobody_foresaw_is_told_without_its_words() {
        var answer = refused(new IllegalStateException("the name of a patient"));

        assertThat(answer.getStatusCode()).isEqualTo(500);
        assertThat(answer.getMessage()).doesNotContain("name of a patient");
    }

    private BaseServerResponseException refused(Throwable e) {
        return new StoredForm(api).refuse(e, new MockHttpServletRequest("POST", "/fhir"));
    }

    private static IssueType issue(BaseServerResponseException answer) {
        return ((OperationOutcome) answer.getOperationOutcome()).getIssueFirstRep().getCode();
    }
}
